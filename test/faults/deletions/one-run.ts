import type { Connector } from '../../../src/connectors/connector.ts';
import { sourceSecretPlace } from '../../../src/model/secret-places.ts';
import { insertDataSource } from '../../../src/store/data-sources.ts';
import type { Db, JobRow } from '../../../src/store/database.ts';
import { JobBench } from '../../support/run-job.ts';
import { seededRandom } from '../random.ts';
import type { Stage } from './stage.ts';

const SOURCE = '65f000000000000000000001';

/** What one run showed. Lists hold keys of entities. */
export interface RunResult {
  fault: string;
  struck: number;
  status: string;
  /** Gone from the source, and from the catalog by the run that was disturbed. */
  removed: number;
  /** Gone from the source, and from the catalog only by the clean run that followed. */
  removedLater: number;
  /** In the source throughout, and deleted or made anew. */
  wrong: string[];
  /** Not in the source, and in the catalog still after the clean run. */
  left: string[];
  /** Other things that must not be, in sentences. */
  problems: string[];
}

/**
 * Ingests a source, changes it, ingests it again while it fails, and once more when it is well. Jobs go through acceptance, claims
 * and ends of the engine, like those of users. `mistake` stands between the source and the catalog
 * during the disturbed run; `fault` names the one to use.
 */
export async function oneRun(
  db: Db,
  stage: Stage,
  seed: number,
  options: { mistake?(connector: Connector): Connector; fault?: string } = {},
): Promise<RunResult> {
  const random = seededRandom(seed);
  // What the first ticks of a generator give for neighbouring seeds is alike.
  for (let i = 0; i < 8; i++) random.next();
  for (const table of ['job', 'entity', 'scan', 'data_source'] as const) await db.deleteFrom(table).execute();
  let connector = await stage.connector();
  const bench = new JobBench(db, () => connector, stage.fileRoots);
  const { password, ...config } = stage.config;
  const encrypt = (text: string): string => bench.secrets.encrypt(text, sourceSecretPlace(SOURCE, 'password'));
  await insertDataSource(db, {
    id: SOURCE,
    resourceName: 's',
    fqdnId: 's',
    databaseType: stage.databaseType,
    config,
    secrets: typeof password === 'string' ? { password: encrypt(password) } : {},
    createdBy: null,
  });
  const ingest = (): Promise<JobRow> => bench.run('METADATA_INGEST', { resourceId: SOURCE });
  const problems: string[] = [];
  const ingestCleanly = async (when: string): Promise<void> => {
    const job = await ingest();
    if (job.status !== 'COMPLETED') problems.push(`${when}: the clean run ended ${job.status}: ${job.message}`);
  };

  await stage.fill(random);
  await ingestCleanly('first');
  const first = await stored(db);
  requireSame(await stage.truth(), first, 'after the first run', problems);

  await stage.change(random);
  const before = await stage.truth();
  const maker = random.pick(stage.faults.filter(({ kind }) => options.fault === undefined || kind === options.fault));
  const fault = await maker.arm(connector, random);
  connector = options.mistake?.(fault.connector) ?? fault.connector;
  const job = await ingest();
  const disturbed = await stored(db);
  await fault.heal();
  const after = await stage.truth();
  if (fault.mustFail && fault.struck() > 0 && job.status === 'COMPLETED')
    problems.push(`it struck at every attempt, and the job says COMPLETED: ${job.message}`);

  const result: RunResult = {
    fault: maker.kind,
    struck: fault.struck(),
    status: job.status,
    removed: 0,
    removedLater: 0,
    wrong: [],
    left: [],
    problems,
  };
  for (const [key, id] of first) {
    const stays = before.has(key) && after.has(key);
    if (stays && disturbed.get(key) !== id) result.wrong.push(key);
    else if (!after.has(key)) result[disturbed.has(key) ? 'removedLater' : 'removed']++;
  }

  connector = await stage.connector();
  await ingestCleanly('last');
  const last = await stored(db);
  for (const [key, id] of disturbed)
    if (after.has(key) && last.get(key) !== id) result.wrong.push(`${key} (clean run)`);
  result.left = [...last.keys()].filter((key) => !after.has(key));
  requireSame(after, last, 'after the clean run', problems);
  return result;
}

function requireSame(
  truth: ReadonlySet<string>,
  seen: ReadonlyMap<string, string>,
  when: string,
  problems: string[],
): void {
  const missing = [...truth].filter((key) => !seen.has(key));
  if (missing.length > 0)
    problems.push(`${when} the catalog lacks ${missing.length}: ${missing.slice(0, 3).join(', ')}`);
}

/** Key of each entity below the source → its id. */
async function stored(db: Db): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('entity')
    .select(['id', 'type', 'fqdn'])
    .where('source_id', '=', SOURCE)
    .where('type', '<>', 'RESOURCE')
    .execute();
  return new Map(rows.map((row) => [`${row.type} ${row.fqdn.slice('s'.length)}`, row.id]));
}
