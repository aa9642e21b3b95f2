import { dirname } from 'node:path';
import type { ConnectContext, SourceConfig } from '../../src/connectors/connector.ts';
import { connectMariadb, mariadb } from '../services/live-mariadb.ts';
import { type ConformanceSource, insertPeople, MANY_ROWS, PEOPLE, SECRET } from './connector-sources.ts';

/** The sample in a MariaDB that scripts/services.sh started, over TLS with the certificate checked down to the name. */
export async function openMariadb(): Promise<ConformanceSource> {
  const live = mariadb();
  const admin = await connectMariadb();
  const schema = `crm_${process.pid}`;
  const user = `reader_${process.pid}`;
  for (const sql of [
    `DROP DATABASE IF EXISTS ${schema}`,
    `CREATE DATABASE ${schema} CHARACTER SET utf8mb4`,
    `USE ${schema}`,
    'CREATE TABLE people (id int PRIMARY KEY, name text, note varchar(200))',
    'CREATE TABLE aside (id int)',
    'CREATE TABLE many (id int PRIMARY KEY, pad varchar(200))',
    `INSERT INTO many SELECT seq, repeat('x', 200) FROM seq_1_to_${MANY_ROWS}`,
    'CREATE VIEW named AS SELECT id, name FROM people WHERE name IS NOT NULL',
    'CREATE TABLE gone (id int)',
    'CREATE VIEW torn AS SELECT id FROM gone',
    'DROP TABLE gone',
    insertPeople('people').replaceAll('\\', '\\\\'),
    'ANALYZE TABLE many',
    `CREATE OR REPLACE USER ${user}@'%' IDENTIFIED BY '${SECRET}'`,
    `GRANT SELECT, INSERT, UPDATE, DELETE, SHOW VIEW, EXECUTE ON ${schema}.* TO ${user}@'%'`,
    `CREATE FUNCTION spoil() RETURNS int BEGIN DELETE FROM people; RETURN 1; END`,
  ])
    await admin.query(sql);
  const config: SourceConfig = {
    databaseType: 'MARIADB',
    host: live.host,
    port: live.port,
    databaseName: schema,
    userName: user,
    password: SECRET,
    sslType: 'verify-full',
    trustStoreLocation: live.ca,
  };
  return {
    config,
    // Whoever may not see all databases is told that this one is not for him, whether there is one or not.
    broken: { ...config, databaseName: 'no_such_database', userName: 'assay_reader', password: live.password },
    fileRoots: [dirname(live.ca)],
    people: { type: 'TABLE', path: [schema, 'people'] },
    many: { type: 'TABLE', path: [schema, 'many'] },
    missing: { type: 'TABLE', path: [schema, 'no such table'] },
    hidden: [schema, 'aside'],
    brokenView: [schema, 'torn'],
    async countConnections() {
      const rows = await admin.query(`SELECT count(*) AS n FROM information_schema.PROCESSLIST WHERE USER = '${user}'`);
      return Number(rows[0]?.n);
    },
    proveReadOnly: (context) => proveReadOnly(config, schema, context),
    async drop() {
      await admin.query(`DROP DATABASE ${schema}`);
      await admin.query(`DROP USER ${user}@'%'`);
      await admin.end();
    },
  };

  async function proveReadOnly(source: SourceConfig, name: string, context: ConnectContext): Promise<void> {
    const { loadConnector } = await import('../../src/connectors/openers.ts');
    const { rowsOf } = await import('./rows-of.ts');
    const connection = await (await loadConnector('MARIADB')).connect(source, context);
    try {
      const read = connection.read({
        type: 'TABLE',
        path: [name, 'many'],
        where: `${name}.spoil() = 1`,
        signal: context.signal,
      });
      await read.then(rowsOf).then(
        () => Promise.reject(new Error('a write was not refused')),
        (error: Error) => {
          if (!/READ ONLY/.test(error.message)) throw error;
        },
      );
      const [row] = await admin.query(`SELECT count(*) AS n FROM ${name}.people`);
      if (Number(row?.n) !== PEOPLE.length) throw new Error('rows are gone');
    } finally {
      await connection.close();
    }
  }
}
