/** Text in an encoding that Node only decodes: the inverse is found by decoding every sequence of one and two bytes. */
export function encodeAs(text: string, encoding: string): Buffer {
  if (encoding === 'UTF-8') return Buffer.from(text, 'utf8');
  if (encoding === 'UTF-16LE') return Buffer.from(text, 'utf16le');
  if (encoding === 'UTF-16BE') return Buffer.from(text, 'utf16le').swap16();
  if (encoding.startsWith('UTF-32')) {
    const codes = [...text].map((char) => char.codePointAt(0) ?? 0);
    const bytes = Buffer.alloc(codes.length * 4);
    for (const [i, code] of codes.entries())
      if (encoding === 'UTF-32LE') bytes.writeUInt32LE(code, i * 4);
      else bytes.writeUInt32BE(code, i * 4);
    return bytes;
  }
  if (encoding === 'ISO-2022-JP') return encodeJapaneseMail(text);
  const table = tableOf(encoding === 'ISO-8859-1' ? 'windows-1252' : encoding.toLowerCase());
  return Buffer.concat(
    [...text].map((char) => {
      const bytes = table.get(char);
      if (!bytes) throw new Error(`"${char}" cannot be written in ${encoding}`);
      return bytes;
    }),
  );
}

const tables = new Map<string, Map<string, Buffer>>();

function tableOf(label: string): Map<string, Buffer> {
  const known = tables.get(label);
  if (known) return known;
  const table = new Map<string, Buffer>();
  const decoder = new TextDecoder(label, { fatal: true });
  const add = (...bytes: number[]): void => {
    try {
      const char = decoder.decode(Uint8Array.from(bytes));
      if ([...char].length === 1 && !table.has(char)) table.set(char, Buffer.from(bytes));
    } catch {
      // No character is written so.
    }
  };
  for (let one = 0; one < 256; one++) add(one);
  if (/jis|euc|gb|big5/.test(label))
    for (let lead = 0x81; lead < 0xff; lead++) for (let trail = 0x40; trail < 0xff; trail++) add(lead, trail);
  tables.set(label, table);
  return table;
}

/** Two bytes of EUC-JP without their high bits, between escapes (RFC 1468). */
function encodeJapaneseMail(text: string): Buffer {
  const table = tableOf('euc-jp');
  return Buffer.concat(
    (text.match(/\p{ASCII}+|\P{ASCII}+/gu) ?? []).flatMap((run) =>
      run <= '\x7f'
        ? [Buffer.from(run)]
        : [
            Buffer.from('\x1b$B'),
            ...[...run].map((char) => Buffer.from((table.get(char) ?? Buffer.alloc(2)).map((byte) => byte & 0x7f))),
            Buffer.from('\x1b(B'),
          ],
    ),
  );
}
