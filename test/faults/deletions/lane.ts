import { openDatabase } from '../../../src/store/open-database.ts';
import { DUCKDB, databaseFileStage, SQLITE } from './database-file-stage.ts';
import { fakeStage } from './fake-stage.ts';
import { folderStage } from './folder-stage.ts';
import { HAS_MARIADB, mysqlStage } from './mysql-stage.ts';
import { oneRun, type RunResult } from './one-run.ts';
import { MISTAKES } from './planted.ts';
import { postgresStage } from './postgres-stage.ts';
import type { Stage } from './stage.ts';

/** Runs done one after the other in a process and a catalog of their own. */
export interface LaneRequest {
  /** Of this lane's catalog. */
  connectionString: string;
  /** A login that may create databases and roles, for the source. */
  adminUrl: string;
  seed: number;
  runs: number[];
  /** Find the planted mistakes first. */
  plant: boolean;
}

export type LaneAnswer =
  | { type: 'run'; n: number; stage: string; result: RunResult }
  /** `inRun` is undefined when it was not found. */
  | { type: 'mistake'; says: string; inRun?: number }
  | { type: 'end'; kinds: string[] };

/** Of 20 runs so many are of each source, and 2 more of a MariaDB where there is one: the real ones are slower. */
const SHARES = [5, 5, 4, 2, 2, 2, ...(HAS_MARIADB ? [2] : [])];
/** Each mistake has so many runs to be found in; most need two. */
const MISTAKE_RUNS = 60;

if (process.send)
  process.once('message', (request: LaneRequest) => {
    void work(request, (answer) => process.send?.(answer)).then(
      () => process.disconnect(),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });

async function work(request: LaneRequest, say: (answer: LaneAnswer) => void): Promise<void> {
  const { db } = openDatabase({ connectionString: request.connectionString }, { max: 4, applicationName: 'deletions' });
  const memory = [fakeStage('database'), fakeStage('files')] as const;
  const stages: Stage[] = [
    ...memory,
    await folderStage(),
    await databaseFileStage(SQLITE),
    await postgresStage(request.adminUrl),
    await databaseFileStage(DUCKDB),
  ];
  if (HAS_MARIADB) stages.push(await mysqlStage());
  const order = SHARES.flatMap((share, i) => Array<Stage>(share).fill(stages[i] as Stage));
  try {
    for (const { says, fault, make } of request.plant ? MISTAKES : []) {
      let [wrong, n] = [0, 0];
      while (wrong === 0 && n < MISTAKE_RUNS) {
        const options = { fault, mistake: make() };
        wrong += (await oneRun(db, memory[0], seedOf(request.seed, n++), options)).wrong.length;
      }
      say({ type: 'mistake', says, ...(wrong > 0 ? { inRun: n } : {}) });
    }
    for (const n of request.runs) {
      const stage = order[n % order.length] as Stage;
      const release = await stage.alone?.();
      say({ type: 'run', n, stage: stage.name, result: await oneRun(db, stage, seedOf(request.seed, n)) });
      await release?.();
    }
    say({ type: 'end', kinds: stages.flatMap(({ name, faults }) => faults.map(({ kind }) => `${name}: ${kind}`)) });
  } finally {
    for (const stage of stages) await stage.close();
    await db.destroy();
  }
}

/** Neighbouring runs, and neighbouring seeds, have nothing in common. */
const seedOf = (seed: number, n: number): number => Math.imul(seed ^ Math.imul(n + 1, 0x9e3779b1), 0x85ebca6b) >>> 0;
