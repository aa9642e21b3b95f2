import { createReadStream } from 'node:fs';

/** A longer line is not looked at: it would have to be held as a whole. */
const LONGEST_LINE = 64 * 2 ** 20;
/** So many lines tell whether the file is written line by line. */
const ENOUGH = 100;

/**
 * The first line of a file that is no JSON, counted from 1; undefined for a file that is not written line by line (its first
 * lines are no JSON by themselves) or when every line is well. Read only when a file was found to be broken.
 */
export async function findBrokenLine(
  path: string,
  signal: AbortSignal,
): Promise<{ line: number; reason: string } | undefined> {
  let line = 0;
  let good = 0;
  let rest: Buffer[] = [];
  let restBytes = 0;
  let broken: { line: number; reason: string } | undefined;
  const end = (): boolean => {
    line++;
    const text = Buffer.concat(rest).toString('utf8').trim();
    rest = [];
    restBytes = 0;
    if (text === '') return false;
    const reason = problemOf(text);
    if (reason !== undefined) broken ??= { line, reason };
    else if (/^[[{]./.test(text)) good++;
    return broken !== undefined && (good > 0 || line >= ENOUGH);
  };
  const look = async (): Promise<void> => {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal }) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        rest.push(chunk.subarray(from, at));
        from = at + 1;
        if (end()) return;
      }
      rest.push(chunk.subarray(from));
      restBytes += chunk.length - from;
      if (restBytes > LONGEST_LINE) return;
    }
    end();
  };
  await look();
  // Where no line holds a whole value, the file is one value over many lines.
  return good > 0 ? broken : undefined;
}

function problemOf(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    // What is too deep for this parser is not broken.
    if (!(error instanceof SyntaxError)) return undefined;
    // The words of the parser quote the data; the place is enough.
    const at = /position (\d+)/.exec(error.message)?.[1];
    return at === undefined
      ? 'it ends too soon, or begins with something else'
      : `something unexpected stands at character ${Number(at) + 1}`;
  }
}
