import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import type { ReadResult } from '../../src/connectors/connector.ts';
import { toRelation } from '../../src/profile/duckdb/relation.ts';
import { openSession } from '../../src/profile/duckdb/session.ts';

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
  return rowsInPlace(result);
}

/** As they are measured: read by DuckDB. An empty field of CSV is null there, and a text here, for that is what the file says. */
async function rowsInPlace(result: Extract<ReadResult, { kind: 'relation' }>): Promise<Rows> {
  const options = { memoryMb: 256, threads: 2, tempFolder: tmpdir(), signal: new AbortController().signal };
  await using session = await openSession(options);
  const relation = await toRelation(session, result);
  const list = relation.columns.map(({ ref }) => `${ref}::VARCHAR`).join(', ');
  const rows = await session.query(`SELECT ${list} FROM ${relation.name}`, 'reading rows');
  const isCsv = result.spec.kind === 'csv';
  return {
    names: relation.columns.map(({ name }) => name),
    rows: rows.map((row) => row.map((value) => (value === null && isCsv ? '' : value))),
  };
}
