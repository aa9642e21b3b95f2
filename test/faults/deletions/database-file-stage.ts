import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Connector } from '../../../src/connectors/connector.ts';
import { duckdbConnector } from '../../../src/connectors/duckdb/index.ts';
import { sqliteConnector } from '../../../src/connectors/sqlite/index.ts';
import { writeDuckDb } from '../../support/duckdb-files.ts';
import type { Random } from '../random.ts';
import { interfere, strikeAt } from './interfere.ts';
import { type FaultMaker, keyOf, type Stage } from './stage.ts';

const TABLES = ['a', 'b', 'c/d', 'e%', 'é', 'f g'];
const COLUMNS = ['id', 'name', 'at', 'note'];

interface Kind {
  name: string;
  databaseType: string;
  connector: Connector;
  write(path: string, statements: readonly string[]): Promise<void>;
}

export const SQLITE: Kind = {
  name: 'SQLite file',
  databaseType: 'SQLITE',
  connector: sqliteConnector,
  async write(path, statements) {
    const file = new DatabaseSync(path);
    for (const sql of ['PRAGMA synchronous = OFF', 'BEGIN', ...statements, 'COMMIT']) file.exec(sql);
    file.close();
  },
};

export const DUCKDB: Kind = {
  name: 'DuckDB file',
  databaseType: 'DUCKDB',
  connector: duckdbConnector,
  write: writeDuckDb,
};

/** A database in a file that is replaced, cut off or overwritten, before it is opened or while it is listed. */
export async function databaseFileStage({ name, databaseType, connector, write: writeFileOf }: Kind): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-deletions-'));
  const path = join(folder, 'source.db');
  const tables = new Map<string, string[]>();
  const write = async (): Promise<void> => {
    await rm(path, { force: true });
    await writeFileOf(path, [
      'CREATE TABLE always (id INTEGER)',
      ...[...tables].map(
        ([table, columns]) => `CREATE TABLE "${table}" (${columns.map((column) => `"${column}" TEXT`).join(', ')})`,
      ),
    ]);
  };
  const add = (random: Random): void => {
    tables.set(random.pick(TABLES), COLUMNS.slice(0, random.between(1, COLUMNS.length)));
  };
  /** Takes the file away, puts something in its place, and undoes that. */
  const instead = (kind: string, put: (random: Random) => Promise<void>, mustFail: boolean): FaultMaker => ({
    kind,
    async arm(connector, random) {
      let struck = 0;
      await rename(path, `${path}.kept`);
      await put(random);
      const changed = interfere(connector, {
        async connect() {
          struck++;
        },
      });
      const heal = async (): Promise<void> => {
        await rm(path, { recursive: true, force: true });
        await rename(`${path}.kept`, path);
      };
      return { connector: changed, struck: () => struck, mustFail, heal };
    },
  });
  return {
    name,
    databaseType,
    config: { path },
    fileRoots: [folder],
    async fill(random) {
      tables.clear();
      for (let i = random.between(1, 6); i > 0; i--) add(random);
      await write();
    },
    async change(random) {
      for (let i = random.between(0, 3); i > 0 && tables.size > 0; i--) tables.delete(random.pick([...tables.keys()]));
      for (let i = random.between(0, 2); i > 0; i--) add(random);
      await write();
    },
    async truth() {
      const all = [...tables, ['always', ['id']] as const];
      return new Set([
        keyOf('SCHEMA', ['main']),
        ...all.flatMap(([name, columns]) => [
          keyOf('TABLE', ['main', name]),
          ...columns.map((column) => keyOf('COLUMN', ['main', name, column])),
        ]),
      ]);
    },
    connector: async () => connector,
    faults: [
      instead('database file missing', async () => {}, true),
      instead('database file replaced by a folder', async () => void (await mkdir(path)), true),
      instead('database file replaced by noise', (random) => writeFile(path, noise(random, 8_192)), true),
      // Cut behind what the listing needs it is still whole for us.
      instead(
        'database file cut off',
        async (random) => {
          const bytes = await readFile(`${path}.kept`);
          await writeFile(path, bytes.subarray(0, random.between(1, bytes.length - 1)));
        },
        false,
      ),
      {
        kind: 'database file overwritten while it is listed',
        async arm(connector, random) {
          const bytes = await readFile(path);
          const strike = strikeAt(random.between(0, 6), 1, async () => {
            const from = random.between(0, bytes.length / 2);
            await writeFile(path, Buffer.concat([bytes.subarray(0, from), noise(random, bytes.length - from)]));
          });
          const changed = interfere(connector, strike);
          return { connector: changed, struck: strike.struck, mustFail: false, heal: () => writeFile(path, bytes) };
        },
      },
    ],
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

const noise = (random: Random, length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => random.between(0, 255)));
