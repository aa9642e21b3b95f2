import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { postgresConnector } from '../../../src/connectors/postgres/index.ts';
import { onDatabase } from '../../support/on-database.ts';
import type { Random } from '../random.ts';
import { interfere, strikeAt } from './interfere.ts';
import { type FaultMaker, keyOf, type Stage } from './stage.ts';

const SCHEMAS = ['sales', 'Sales', 'odd/name'];
const TABLES = ['a', 'b', 'c%'];
const COLUMNS = ['id', 'name', 'note'];
/** Longer than any statement of a listing waits for the lock below. */
const BLOCKED_WITHIN_MS = 5_000;

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A real PostgreSQL: sessions ended and statements cancelled from the outside, logins and rights taken away. */
export async function postgresStage(adminUrl: string): Promise<Stage> {
  const name = `assay_deletions_${randomBytes(4).toString('hex')}`;
  const password = randomBytes(9).toString('base64url');
  await onServer(adminUrl, [`CREATE DATABASE ${name}`, `CREATE ROLE ${name} LOGIN PASSWORD '${password}'`]);
  const admin = new pg.Pool({ connectionString: onDatabase(adminUrl, name), max: 2 });
  await admin.query('DROP SCHEMA public');
  const { host, port } = new pg.Client({ connectionString: adminUrl });
  /** `schema/table` → columns; what is really there. */
  let tables = new Map<string, string[]>();

  /** Brings the database from what is there to what is wanted, in one transaction. */
  const become = async (wanted: Map<string, string[]>): Promise<void> => {
    const statements: string[] = [];
    const schemasOf = (all: Map<string, string[]>) =>
      new Set([...all.keys()].map((key) => (JSON.parse(key) as string[])[0] ?? ''));
    const [before, after] = [schemasOf(tables), schemasOf(wanted)];
    for (const schema of before) if (!after.has(schema)) statements.push(`DROP SCHEMA ${quote(schema)} CASCADE`);
    for (const schema of after)
      if (!before.has(schema))
        statements.push(`CREATE SCHEMA ${quote(schema)}`, `GRANT USAGE ON SCHEMA ${quote(schema)} TO ${name}`);
    const nameOf = (key: string): string => (JSON.parse(key) as string[]).map(quote).join('.');
    for (const key of tables.keys())
      if (after.has((JSON.parse(key) as string[])[0] ?? '') && String(wanted.get(key)) !== String(tables.get(key)))
        statements.push(`DROP TABLE ${nameOf(key)}`);
    for (const [key, columns] of wanted)
      if (String(tables.get(key)) !== String(columns))
        statements.push(`CREATE TABLE ${nameOf(key)} (${columns.map((column) => `${quote(column)} text`).join(', ')})`);
    if (statements.length > 0) await admin.query(statements.join(';'));
    tables = wanted;
  };
  const add = (all: Map<string, string[]>, random: Random): void => {
    const key = JSON.stringify([random.pick(SCHEMAS), random.pick(TABLES)]);
    all.set(key, COLUMNS.slice(0, random.between(1, COLUMNS.length)));
  };
  /** Sessions of jobs in the source; the pool of this stage has no such name. */
  const SESSIONS = `FROM pg_stat_activity WHERE datname = '${name}' AND usename = '${name}'`;

  /** A statement of the listing is made to wait for a lock, and is then cancelled: what a statement_timeout does (57014). */
  const cancelled: FaultMaker = {
    kind: 'statement cancelled',
    async arm(connector, random) {
      let struck = 0;
      const times = random.next() < 0.4 ? 1 : Number.POSITIVE_INFINITY;
      const changed = interfere(connector, {
        async *introspect(events) {
          const iterator = events[Symbol.asyncIterator]();
          if (struck >= times) return yield* events;
          const locker = await admin.connect();
          try {
            // Every listing asks for remarks, which stand there.
            await locker.query('BEGIN; LOCK TABLE pg_catalog.pg_description IN ACCESS EXCLUSIVE MODE');
            const first = iterator.next();
            first.catch(() => {});
            if (await cancelWaiting()) struck++;
            await locker.query('ROLLBACK');
            const next = await first;
            if (!next.done) yield next.value;
          } finally {
            await locker.query('ROLLBACK').catch(() => {});
            locker.release();
          }
          yield* { [Symbol.asyncIterator]: () => iterator };
        },
      });
      return { connector: changed, struck: () => struck, mustFail: times !== 1, heal: async () => {} };
    },
  };
  const cancelWaiting = async (): Promise<boolean> => {
    const until = performance.now() + BLOCKED_WITHIN_MS;
    while (performance.now() < until) {
      const { rowCount } = await admin.query(`SELECT pg_cancel_backend(pid) ${SESSIONS} AND wait_event_type = 'Lock'`);
      if (rowCount) return true;
    }
    return false;
  };
  /** Something that is taken away by a statement while the source is listed, and given back. */
  const taken = (kind: string, take: string, give: string, mustFail: boolean): FaultMaker => ({
    kind,
    async arm(connector) {
      let struck = 0;
      const changed = interfere(connector, {
        async connect() {
          if (struck++ === 0) await admin.query(take);
        },
      });
      const heal = async (): Promise<void> => void (await admin.query(give));
      return { connector: changed, struck: () => struck, mustFail, heal };
    },
  });
  return {
    name: 'PostgreSQL',
    databaseType: 'POSTGRES',
    config: { host, port: String(port), databaseName: name, userName: name, password },
    fileRoots: [],
    async fill(random) {
      const wanted = new Map<string, string[]>();
      for (let i = random.between(2, 6); i > 0; i--) add(wanted, random);
      await become(wanted);
    },
    async change(random) {
      const wanted = new Map(tables);
      for (let i = random.between(0, 3); i > 0 && wanted.size > 0; i--) wanted.delete(random.pick([...wanted.keys()]));
      for (let i = random.between(0, 2); i > 0; i--) add(wanted, random);
      await become(wanted);
    },
    async truth() {
      return new Set(
        [...tables].flatMap(([key, columns]) => {
          const path = JSON.parse(key) as [string, string];
          return [
            keyOf('SCHEMA', [path[0]]),
            keyOf('TABLE', path),
            ...columns.map((column) => keyOf('COLUMN', [...path, column])),
          ];
        }),
      );
    },
    connector: async () => postgresConnector,
    faults: [
      {
        kind: 'session ended by the server',
        async arm(connector, random) {
          const times = random.next() < 0.4 ? 1 : Number.POSITIVE_INFINITY;
          const strike = strikeAt(random.between(0, 4), times, async () => {
            await admin.query(`SELECT pg_terminate_backend(pid, 1000) ${SESSIONS}`);
          });
          const changed = interfere(connector, strike);
          // One that ends behind the last statement of a listing harms nothing.
          return { connector: changed, struck: strike.struck, mustFail: false, heal: async () => {} };
        },
      },
      cancelled,
      taken('login refused', `ALTER ROLE ${name} NOLOGIN`, `ALTER ROLE ${name} LOGIN`, true),
      taken(
        'right on the catalog lost',
        'REVOKE SELECT ON pg_catalog.pg_class, pg_catalog.pg_attribute FROM PUBLIC',
        'GRANT SELECT ON pg_catalog.pg_class, pg_catalog.pg_attribute TO PUBLIC',
        false,
      ),
      {
        kind: 'right on a schema lost',
        async arm(connector) {
          let struck = 0;
          const change = (verb: string) =>
            Promise.all(
              [...new Set([...tables.keys()].map((key) => (JSON.parse(key) as string[])[0] ?? ''))].map((schema) =>
                admin.query(`${verb} ${name}`.replace('%', quote(schema))),
              ),
            );
          await change('REVOKE USAGE ON SCHEMA % FROM');
          const changed = interfere(connector, {
            async connect() {
              struck++;
            },
          });
          // The catalog of PostgreSQL may be read without it.
          return {
            connector: changed,
            struck: () => struck,
            mustFail: false,
            heal: async () => void (await change('GRANT USAGE ON SCHEMA % TO')),
          };
        },
      },
    ],
    async close() {
      await admin.end();
      await onServer(adminUrl, [`DROP DATABASE ${name} WITH (FORCE)`, `DROP ROLE ${name}`]);
    },
  };
}

async function onServer(adminUrl: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
