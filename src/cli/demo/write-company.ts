import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { SampleDatabase } from '../../store/sample-database.ts';
import { createStatements, finishStatements } from './company/ddl.ts';
import { delimitedLine, SAMPLE_FILES, SQLITE_TABLES } from './company/files.ts';
import type { SampleTable } from './company/sample-table.ts';
import { SAMPLE_TABLES } from './company/tables/all-tables.ts';
import type { World } from './company/world.ts';

/** The bank as a database to be made. */
export function bankDatabase(world: World, reader: { name: string; password: string }): SampleDatabase {
  return {
    name: 'bank',
    before: createStatements(SAMPLE_TABLES),
    tables: SAMPLE_TABLES.map((table) => ({
      table: `${table.schema}.${table.name}`,
      columns: table.columns.map((column) => column.name),
      rows: table.rows(world),
    })),
    after: finishStatements(SAMPLE_TABLES),
    reader,
  };
}

/** Path of the SQLite file below the folder of files. */
export const ATM_FILE = 'partners/atm-network/atm.sqlite';

/** Writes the files beside the database, replacing the folder. Gives the number of rows written. */
export async function writeFiles(folder: string, world: World): Promise<number> {
  await rm(folder, { recursive: true, force: true });
  let rows = 0;
  for (const file of SAMPLE_FILES) {
    const path = join(folder, file.path);
    await mkdir(dirname(path), { recursive: true });
    const lines = function* (): Iterable<string> {
      yield delimitedLine(file.header, file.delimiter);
      for (const row of file.rows(world)) {
        rows++;
        yield delimitedLine(row, file.delimiter);
      }
    };
    await pipeline(Readable.from(lines()), createWriteStream(path));
  }
  return rows + (await writeSqlite(join(folder, ATM_FILE), world));
}

async function writeSqlite(path: string, world: World): Promise<number> {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(path);
  let rows = 0;
  try {
    database.exec('PRAGMA journal_mode = DELETE; BEGIN');
    for (const table of SQLITE_TABLES) {
      database.exec(sqliteTable(table));
      const marks = table.columns.map(() => '?').join(', ');
      const insert = database.prepare(`INSERT INTO ${table.name} VALUES (${marks})`);
      for (const row of table.rows(world)) {
        insert.run(...row.map((cell) => (typeof cell === 'boolean' ? Number(cell) : cell)));
        rows++;
      }
    }
    database.exec('CREATE VIEW open_incident AS SELECT * FROM incident WHERE solved = 0; COMMIT');
  } finally {
    database.close();
  }
  return rows;
}

function sqliteTable(table: SampleTable): string {
  const parts = [
    ...table.columns.map((column) => `${column.name} ${column.type}`),
    `PRIMARY KEY (${table.primaryKey.join(', ')})`,
    ...Object.entries(table.foreignKeys).map(([column, target]) => `FOREIGN KEY (${column}) REFERENCES ${target}`),
  ];
  return `CREATE TABLE ${table.name} (${parts.join(', ')})`;
}
