import pg from 'pg';

const TYPES = ['integer', 'text', 'numeric(12,2)', 'timestamptz', 'varchar(40)'];
/** More in one transaction would need more locks than the server has. */
const TABLES_PER_STATEMENT = 500;
/** Directories and files of a hundred thousand tables: two sessions keep both cores busy. */
const SESSIONS = 2;

/** Makes a database `source` with so many tables `public.t0`, … of so many columns. */
export async function makeSource(connection: pg.ClientConfig, tables: number, columns: number): Promise<void> {
  await withClient({ ...connection }, (client) => client.query('CREATE DATABASE source'));
  const list = Array.from({ length: columns }, (_, i) => `c${i} ${TYPES[i % TYPES.length]}`).join(', ');
  let next = 0;
  const work = (client: pg.Client): Promise<void> => {
    const from = next;
    next += TABLES_PER_STATEMENT;
    if (from >= tables) return Promise.resolve();
    const upTo = Math.min(tables, next) - 1;
    return client
      .query(
        `DO $$ BEGIN FOR i IN ${from}..${upTo} LOOP EXECUTE format('CREATE TABLE t%s (${list})', i); END LOOP; END $$`,
      )
      .then(() => work(client));
  };
  const source = { ...connection, database: 'source' };
  await Promise.all(Array.from({ length: SESSIONS }, () => withClient(source, work)));
  await withClient(source, (client) => client.query('ANALYZE pg_class; ANALYZE pg_attribute; CHECKPOINT'));
}

export async function withClient<T>(config: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
