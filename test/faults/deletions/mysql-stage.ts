import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { mysqlConnector } from '../../../src/connectors/mysql/index.ts';
import { connectMariadb, mariadb } from '../../services/live-mariadb.ts';
import type { Random } from '../random.ts';
import { type Interference, interfere, strikeAt } from './interfere.ts';
import { type FaultMaker, keyOf, type Stage } from './stage.ts';

/** Started by scripts/services.sh, or not there. */
export const HAS_MARIADB = process.env.TEST_MARIADB_SOCKETS !== undefined;

const SCHEMAS = ['sales', 'Sales', 'odd/name'];
const TABLES = ['a', 'b', 'c%'];
const COLUMNS = ['id', 'name', 'note'];
/** A stage waits so long until the others have done their run on this server; seconds. */
const TURN_SECONDS = 600;

const quote = (name: string): string => `\`${name}\``;

/**
 * A real MariaDB, one of those that scripts/services.sh starts: sessions ended, and rights that are taken and given at the worst
 * moments, for what a user may not see is left out of every list in silence.
 */
export async function mysqlStage(): Promise<Stage> {
  const name = `deletions_${randomBytes(4).toString('hex')}`;
  // By the socket only: after an account for any machine the server would let them all come as far as the password.
  const user = `${name}@localhost`;
  const password = randomBytes(9).toString('base64url');
  const admin = await connectMariadb('plain');
  const run = async (...statements: string[]): Promise<void> => {
    for (const sql of statements) await admin.query(sql);
  };
  const databases = SCHEMAS.map((schema) => `${name}_${schema}`);
  const give = databases.map((database) => `GRANT SELECT ON ${quote(database.replaceAll('_', '\\_'))}.* TO ${user}`);
  const take = databases.map((database) => `REVOKE SELECT ON ${quote(database.replaceAll('_', '\\_'))}.* FROM ${user}`);
  await run(`CREATE USER ${user} IDENTIFIED BY '${password}'`, ...give);
  /** `[database, table]` as JSON → columns; what is really there. */
  let tables = new Map<string, string[]>();

  const databasesOf = (all: Map<string, string[]>) =>
    new Set([...all.keys()].map((key) => (JSON.parse(key) as string[])[0] ?? ''));
  const become = async (wanted: Map<string, string[]>): Promise<void> => {
    const [before, after] = [databasesOf(tables), databasesOf(wanted)];
    for (const database of before) if (!after.has(database)) await run(`DROP DATABASE ${quote(database)}`);
    for (const database of after) if (!before.has(database)) await run(`CREATE DATABASE ${quote(database)}`);
    const nameOf = (key: string): string => (JSON.parse(key) as string[]).map(quote).join('.');
    for (const key of tables.keys())
      if (after.has((JSON.parse(key) as string[])[0] ?? '') && String(wanted.get(key)) !== String(tables.get(key)))
        await run(`DROP TABLE ${nameOf(key)}`);
    for (const [key, columns] of wanted)
      if (String(tables.get(key)) !== String(columns) || !before.has((JSON.parse(key) as string[])[0] ?? ''))
        await run(`CREATE TABLE ${nameOf(key)} (${columns.map((column) => `${quote(column)} text`).join(', ')})`);
    tables = wanted;
  };
  const add = (all: Map<string, string[]>, random: Random): void => {
    all.set(
      JSON.stringify([random.pick(databases), random.pick(TABLES)]),
      COLUMNS.slice(0, random.between(1, COLUMNS.length)),
    );
  };
  /** A right on some of the tables in place of the rights on all databases. */
  const narrow = async (random: Random): Promise<void> => {
    const some = [...tables.keys()].filter(() => random.next() < 0.5);
    await run(
      ...some.map((key) => `GRANT SELECT ON ${(JSON.parse(key) as string[]).map(quote).join('.')} TO ${user}`),
      ...take,
    );
  };
  const giveBack = (): Promise<void> => run(`REVOKE ALL, GRANT OPTION FROM ${user}`, ...give);

  /** Rights change while the source is listed; what that hides must stay, and a job that deletes nothing for it may say COMPLETED. */
  const rights = (
    kind: string,
    arm: (random: Random) => Promise<{ interference: Interference; struck(): number }>,
  ): FaultMaker => ({
    kind,
    async arm(connector, random) {
      const { interference, struck } = await arm(random);
      return { connector: interfere(connector, interference), struck, mustFail: false, heal: giveBack };
    },
  });
  const strikes = (random: Random, strike: () => Promise<void>, times = 1) => {
    const hit = strikeAt(random.between(0, 6), times, strike);
    return { interference: hit, struck: hit.struck };
  };
  return {
    name: 'MariaDB',
    databaseType: 'MARIADB',
    config: { host: join(mariadb().sockets, 'plain', 'mysql.sock'), userName: name, password },
    fileRoots: [],
    async alone() {
      await run(`SELECT GET_LOCK('assay_deletions', ${TURN_SECONDS})`);
      return () => run("SELECT RELEASE_LOCK('assay_deletions')");
    },
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
    connector: async () => mysqlConnector,
    faults: [
      {
        kind: 'session ended by the server',
        async arm(connector, random) {
          const times = random.next() < 0.4 ? 1 : Number.POSITIVE_INFINITY;
          const { interference, struck } = strikes(random, () => run(`KILL HARD CONNECTION USER '${name}'`), times);
          // One that ends behind the last statement of a listing harms nothing.
          return { connector: interfere(connector, interference), struck, mustFail: false, heal: async () => {} };
        },
      },
      {
        kind: 'login refused',
        async arm(connector) {
          let struck = 0;
          const changed = interfere(connector, {
            async connect() {
              if (struck++ === 0) await run(`ALTER USER ${user} ACCOUNT LOCK`);
            },
          });
          const heal = (): Promise<void> => run(`ALTER USER ${user} ACCOUNT UNLOCK`);
          return { connector: changed, struck: () => struck, mustFail: true, heal };
        },
      },
      rights('right taken while it is listed', async (random) => strikes(random, () => narrow(random))),
      rights('right given while it is listed', async (random) => {
        await narrow(random);
        return strikes(random, () => run(`GRANT SELECT ON *.* TO ${user}`));
      }),
      rights('right taken and given back while it is listed', async (random) => {
        let taken = false;
        return strikes(
          random,
          async () => {
            taken = !taken;
            await (taken ? narrow(random) : giveBack());
          },
          2,
        );
      }),
      rights('right missing while databases are listed', async (random) => {
        let struck = 0;
        const interference: Interference = {
          async listUnits(units) {
            struck++;
            await narrow(random);
            const shown = await units();
            await giveBack();
            return shown;
          },
        };
        return { interference, struck: () => struck };
      }),
    ],
    async close() {
      await run(...databases.map((database) => `DROP DATABASE IF EXISTS ${quote(database)}`), `DROP USER ${user}`);
      await admin.end();
    },
  };
}
