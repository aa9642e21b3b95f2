import type { RowIds } from './cut-row-ids.ts';
import { quoteName } from './dialect.ts';

type Database = import('node:sqlite').DatabaseSync;

/** A name that means the number of a row, or why there is none. */
export type RowIdName = { name: string } | { none: string };

/** What SQLite calls the number of a row, unless a column has that name: https://www.sqlite.org/rowidtable.html */
const NAMES = ['rowid', '_rowid_', 'oid'];

export function findRowId(database: Database, table: string): RowIdName {
  const found = database.prepare("SELECT type, wr FROM pragma_table_list(?) WHERE schema = 'main'").get(table) as
    | { type: string; wr: number }
    | undefined;
  if (found?.type === 'view') return { none: 'rows of a view have no numbers' };
  if (found?.type === 'virtual') return { none: 'rows of a virtual table need not be numbered' };
  if (found?.wr === 1) return { none: 'rows of a table WITHOUT ROWID have no numbers' };
  const columns = database.prepare('SELECT lower(name) AS name FROM pragma_table_xinfo(?)').all(table);
  const taken = new Set(columns.map(({ name }) => name));
  const name = NAMES.find((one) => !taken.has(one));
  return name === undefined ? { none: 'columns have all the names that mean the number of a row' } : { name };
}

/** Values are of 64 bits: beyond what a double holds. */
export function rowIdsOf(database: Database, table: string, name: string): RowIds {
  const prepare = (sql: string) => {
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    return statement;
  };
  const from = `FROM ${quoteName(table)}`;
  const next = prepare(`SELECT min(${name}) AS id ${from} WHERE ${name} >= ?`);
  const last = prepare(`SELECT max(${name}) AS id ${from} WHERE ${name} < ?`);
  const count = prepare(
    `SELECT count(*) AS rows, max(id) AS last FROM (SELECT ${name} AS id ${from} WHERE ${name} BETWEEN ? AND ? ORDER BY ${name} LIMIT ?)`,
  );
  return {
    from: (id) => (next.get(id) as { id: bigint | null }).id ?? undefined,
    below: (id) => (last.get(id) as { id: bigint | null }).id ?? undefined,
    count: (id, to, most) => {
      const { rows, last: end } = count.get(id, to, most) as { rows: bigint; last: bigint | null };
      return { rows: Number(rows), last: end ?? to };
    },
  };
}

/** The ends of the ids; undefined for a table without rows. */
export function endsOf(database: Database, table: string, name: string): { low: bigint; high: bigint } | undefined {
  const ids = rowIdsOf(database, table, name);
  const low = ids.from(-(2n ** 63n));
  if (low === undefined) return undefined;
  const high = ids.from(2n ** 63n - 1n) ?? ids.below(2n ** 63n - 1n);
  return { low, high: high ?? low };
}
