import type pg from 'pg';

export interface TableShape {
  name: string;
  columns: string[];
}

/**
 * Who runs where just now, what is told by the `migration` table itself, and the index of search, which builds itself as rows
 * come in: none belongs in a backup.
 */
const LEFT_OUT = new Set([
  'migration',
  'worker',
  'search_change',
  'search_dirty',
  'search_doc',
  'search_name',
  'search_total',
  'search_word',
]);

/** Every table of the schema with its stored columns, referenced tables before those that refer to them. */
export async function listTables(client: pg.ClientBase): Promise<TableShape[]> {
  const tables = await client.query<TableShape>(`
    SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
      AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    GROUP BY c.relname ORDER BY c.relname`);
  const references = await client.query<{ from: string; to: string }>(`
    SELECT f.relname AS "from", t.relname AS "to"
    FROM pg_constraint k JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
    WHERE k.contype = 'f' AND f.relnamespace = current_schema()::regnamespace AND f.oid <> t.oid`);
  const wanted = tables.rows.filter((table) => !LEFT_OUT.has(table.name));
  const ordered: TableShape[] = [];
  const placed = new Set<string>();
  const place = (table: TableShape): void => {
    if (placed.has(table.name)) return;
    placed.add(table.name);
    for (const reference of references.rows.filter((row) => row.from === table.name)) {
      const target = wanted.find((other) => other.name === reference.to);
      if (target) place(target);
    }
    ordered.push(table);
  };
  for (const table of wanted) place(table);
  return ordered;
}

export interface SequenceState {
  table: string;
  column: string;
  value: string;
  called: boolean;
}

/** Where the identity columns stand. Read after the rows: sequences are outside of every snapshot and only grow. */
export async function readSequences(client: pg.ClientBase): Promise<SequenceState[]> {
  const owned = await client.query<{ table: string; column: string; sequence: string }>(`
    SELECT c.relname AS table, a.attname AS column, pg_get_serial_sequence(quote_ident(c.relname), a.attname) AS sequence
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
      AND pg_get_serial_sequence(quote_ident(c.relname), a.attname) IS NOT NULL
    ORDER BY 1, 2`);
  const states: SequenceState[] = [];
  for (const { table, column, sequence } of owned.rows) {
    const state = await client.query<{ value: string; called: boolean }>(
      `SELECT last_value::text AS value, is_called AS called FROM ${sequence}`,
    );
    states.push({ table, column, ...state.rows[0]! });
  }
  return states;
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const columnList = (columns: readonly string[]): string => columns.map(quoted).join(', ');
