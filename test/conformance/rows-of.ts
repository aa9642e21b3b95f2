import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import type { ReadResult } from '../../src/connectors/connector.ts';

export interface Rows {
  /** Column names, where the source tells them. */
  names: string[];
  /** Values as text, null where the source says null. */
  rows: (string | null)[][];
}

/** Everything a read gives, in one form, whatever way the connector has chosen. */
export async function rowsOf(result: ReadResult): Promise<Rows> {
  if (result.kind === 'bytes') {
    const { nullText, header: _, ...format } = result.csv;
    const rows = parse(await text(result.stream), {
      ...format,
      cast: (value, context) => (!context.quoting && value === nullText ? null : value),
      relax_column_count: false,
    }) as unknown as (string | null)[][];
    return { names: result.columns.map((column) => column.name), rows };
  }
  if (result.kind === 'batches') {
    const rows: (string | null)[][] = [];
    for await (const batch of result.batches) {
      const count = batch[0]?.length ?? 0;
      for (let at = 0; at < count; at++)
        rows.push(batch.map((column) => (column[at] === null || column[at] === undefined ? null : String(column[at]))));
    }
    return { names: result.columns.map((column) => column.name), rows };
  }
  if (result.spec.kind !== 'csv') throw new Error(`no rows can be had from a relation of kind ${result.spec.kind}`);
  const all: string[][] = [];
  for (const path of result.spec.paths)
    all.push(...(parse(await readFile(path, 'utf8'), { delimiter: result.spec.delimiter ?? ',' }) as string[][]));
  const [names = [], ...rows] = all;
  return { names, rows };
}
