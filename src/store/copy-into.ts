import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CompiledQuery } from 'kysely';
import { from } from 'pg-copy-streams';
import type { Trx } from './database.ts';

/**
 * COPY has to run on the connection of the transaction, which Kysely keeps to itself. Its one opening is the cursor class of
 * the dialect, made for each streamed query with that connection's `query`: this one streams towards the server.
 */
export const CopyCursor = class {
  constructor(text: string, parameters: unknown[]) {
    const [source] = parameters as [Readable];
    const copy = from(text);
    // A constructor that returns an object gives that object: `pg` wants to see the copy stream itself.
    // biome-ignore lint/correctness/noConstructorReturn: see above
    return Object.assign(copy, {
      async read(): Promise<never[]> {
        await pipeline(source, copy);
        return [];
      },
      async close(): Promise<void> {},
    });
  }
} as unknown as new <T>(
  text: string,
  parameters: unknown[],
) => { read(rows: number): Promise<T[]>; close(): Promise<void> };

/**
 * Streams rows into a table by COPY, inside the transaction.
 *
 * @param table and columns are put into the statement as they are: never from outside
 * @param rows for `text` lines ended by `\n`, see `copyLine`
 */
export async function copyInto(
  trx: Trx,
  table: string,
  columns: readonly string[],
  rows: Readable,
  format: 'text' | 'binary' = 'text',
): Promise<void> {
  const query = CompiledQuery.raw(`COPY ${table} (${columns.join(', ')}) FROM STDIN (FORMAT ${format})`, [rows]);
  for await (const _ of trx.getExecutor().stream(query, 1)) {
    // It ends when the server has taken everything.
  }
}

const SPECIAL = /[\\\n\r\t]/g;
const ESCAPED: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** One line of COPY's text format; `null` becomes `\N`. */
export function copyLine(values: readonly (string | number | boolean | null)[]): string {
  let line = '';
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (index > 0) line += '\t';
    if (typeof value === 'string')
      line += SPECIAL.test(value) ? value.replace(SPECIAL, (c) => ESCAPED[c] as string) : value;
    else if (value === null || value === undefined) line += '\\N';
    else line += value === true ? 't' : value === false ? 'f' : value;
    SPECIAL.lastIndex = 0;
  }
  return `${line}\n`;
}

const UNESCAPED: Record<string, string> = { n: '\n', r: '\r', t: '\t' };

/** The text of a field that `copyLine` wrote. */
export const readField = (field: string): string =>
  field.includes('\\') ? field.replace(/\\(.)/g, (_, c: string) => UNESCAPED[c] ?? c) : field;
