/** A CSV of one column with the header `Term`, as RFC 4180 has it; what needs quotes or could be taken for columns has them. */
export async function* toCsv(terms: AsyncIterable<readonly string[]>): AsyncGenerator<Buffer> {
  yield Buffer.from('Term\r\n');
  for await (const some of terms)
    yield Buffer.from(some.map((term) => `${NEEDS_QUOTES.test(term) ? quoted(term) : term}\r\n`).join(''));
}

const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;
const quoted = (term: string): string => `"${term.replaceAll('"', '""')}"`;
