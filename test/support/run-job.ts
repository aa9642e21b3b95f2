import { tmpdir } from 'node:os';
import type { Connector } from '../../src/connectors/connector.ts';
import { acceptJob, type JobUser } from '../../src/engine/accept-job.ts';
import { cancelJob } from '../../src/engine/cancel-job.ts';
import { type ClaimedTask, claimTasks, handBack } from '../../src/engine/claim.ts';
import { failTask } from '../../src/engine/end-task.ts';
import { sweepExpired } from '../../src/engine/sweep.ts';
import type { AssayError } from '../../src/errors/assay-error.ts';
import { concludeJob } from '../../src/jobs/conclude.ts';
import { findJobSpec } from '../../src/jobs/specs.ts';
import { insertDataSource, type NewDataSource } from '../../src/store/data-sources.ts';
import type { Db, JobRow } from '../../src/store/database.ts';
import { openSecrets, type Secrets } from '../../src/store/secrets/secrets.ts';
import type { TaskHost } from '../../src/worker/do-task.ts';
import { TaskRunner } from '../../src/worker/task-runner.ts';
import { FakeSource } from './fake-connector.ts';
import type { TestDatabase } from './test-database.ts';

export const testUser: JobUser = {
  id: '0190a000-0000-7000-8000-000000000001',
  username: 'ada',
  snapshot: { name: 'Ada', email: '', firstName: 'Ada', lastName: '' },
};

const WORKER = { workerId: '0190a000-0000-7000-8000-0000000000aa', workerName: 'here', host: 'test' };

/** An empty catalog, a source in memory without objects, and a bench for the jobs that read it. */
export async function startAnew({ db, pool }: TestDatabase): Promise<{ source: FakeSource; bench: JobBench }> {
  await pool.query('TRUNCATE job, task, entity, scan, entity_attributes, assertion, profile, data_source CASCADE');
  const source = new FakeSource();
  return { source, bench: new JobBench(db, () => source.connector()) };
}

/** Accepts jobs and does their tasks in this process, with the acceptance, claims and ends of the real engine. */
export class JobBench {
  readonly db: Db;
  readonly secrets: Secrets;
  readonly #host: TaskHost;
  mayCreateSources = true;

  constructor(
    db: Db,
    connectorOf?: (databaseType: string) => Connector,
    fileRoots: string[] = [],
    secrets = openSecrets(Buffer.alloc(32, 7)),
    memoryMb = 512,
  ) {
    this.db = db;
    this.secrets = secrets;
    this.#host = {
      db,
      secrets: this.secrets,
      limits: { fileRoots, protectedPaths: [], memoryMb, threads: 1, tempFolder: tmpdir() },
      ...(connectorOf ? { loadConnector: async (type: string) => connectorOf(type) } : {}),
    };
  }

  /** A saved source; whatever it is reached by, this bench's connector answers for it. */
  async addSource(id: string, name: string, more: Partial<NewDataSource> = {}): Promise<void> {
    await insertDataSource(this.db, {
      id,
      resourceName: name,
      fqdnId: name,
      databaseType: 'POSTGRES',
      config: { host: 'db', port: '5432', databaseName: name, userName: 'ada' },
      secrets: {},
      createdBy: null,
      ...more,
    });
  }

  /** Parses and accepts a request, as the API does. */
  async accept(name: string, body: Record<string, unknown>): Promise<JobRow> {
    const spec = findJobSpec(name);
    if (!spec) throw new Error(`there is no job ${name}`);
    const { db, mayCreateSources } = this;
    const encrypt = (plain: string, place: string) => this.secrets.encrypt(plain, place);
    const context = { db, userId: testUser.id, mayCreateSources, encrypt };
    const acceptance = await spec.accept(spec.request.parse(body), context);
    return (await acceptJob(db, { name, ...acceptance }, testUser)).job;
  }

  /** Does every task that may run, and those that this makes possible, without waiting for back-off. */
  async work(signal = new AbortController().signal): Promise<void> {
    for (;;) {
      const tasks = await claimTasks(this.db, { ...WORKER, affinities: ['DEFAULT', 'EU'] }, 1);
      if (tasks.length === 0) return;
      const ended: { task: ClaimedTask; error: AssayError }[] = [];
      const uncommitted: ClaimedTask[] = [];
      const runner = new TaskRunner(this.#host, {
        onProgress() {},
        onLimit() {},
        onRan() {},
        onEnd: (tasks, error) => error && ended.push(...tasks.map((task) => ({ task, error }))),
        onUncommitted: (tasks) => uncommitted.push(...tasks),
      });
      for (const [i, task] of tasks.entries()) await this.#doOne(runner, task, signal, i < tasks.length - 1);
      await handBack(this.db, uncommitted, 'alone');
      for (const { task, error } of ended) await this.#report(task, error);
    }
  }

  /** Accepts, does everything, and gives the ended job. */
  async run(name: string, body: Record<string, unknown>): Promise<JobRow> {
    const { id } = await this.accept(name, body);
    await this.work();
    return this.get(id);
  }

  /** What the engine does now and then: ends the waiting tasks of cancelled jobs. */
  async sweep(): Promise<void> {
    await sweepExpired(this.db, concludeJob);
  }

  async cancel(id: string): Promise<void> {
    await cancelJob(this.db, id, 'cancelled by the test', concludeJob);
  }

  get(id: string): Promise<JobRow> {
    return this.db.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  }

  async #doOne(runner: TaskRunner, task: ClaimedTask, signal: AbortSignal, more: boolean): Promise<void> {
    const abort = (): void => runner.abort(task.id, 'stopped by the test');
    signal.addEventListener('abort', abort, { once: true });
    const running = runner.run(task, more);
    if (signal.aborted) abort();
    await running.finally(() => signal.removeEventListener('abort', abort));
  }

  async #report(task: ClaimedTask, error: AssayError): Promise<void> {
    if (error.code === 'LEASE_LOST') return;
    await this.db.transaction().execute((trx) => failTask(trx, task, error, concludeJob, 0));
    await this.db
      .updateTable('task')
      .set({ run_at: new Date(0) })
      .where('id', '=', task.id)
      .execute();
  }
}
