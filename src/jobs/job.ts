import type { ControlledTransaction } from 'kysely';
import type { z } from 'zod';
import type { Connection, Connector } from '../connectors/connector.ts';
import type { NewJob, OnAcceptance } from '../engine/accept-job.ts';
import type { Conclusion, FinishedTask, TaskDraft } from '../engine/task.ts';
import type { Effects } from '../model/job-status.ts';
import type { Right } from '../model/rights.ts';
import type { Database, DataSourceRow, Db, Trx } from '../store/database.ts';

/**
 * The job seam. A job folder has
 * - `schema.ts`: the light half (`JobSpec`): path, summary, zod request; feeds route, OpenAPI, CLI verb and form;
 * - `accept.ts`: request → what the job was asked to work on; reads the store, touches no source;
 * - `plan.ts`: input and snapshot → tasks; pure: same input, same tasks, same order;
 * - `run.ts`: one task → one part; the only I/O with the source; stops when `signal` aborts; safe to run twice;
 * - `result.ts`: parts → result; order and grouping do not matter;
 * - `index.ts`: the heavy half (`JobRunner`).
 * Then one line in `specs.ts` and one in `runners.ts`.
 */
export interface JobSpec<Request = never, Input extends JobInput = JobInput> {
  /** Wire name: `METADATA_INGEST`. */
  name: string;
  /** Below `/jobs/execute/`: `metadata/ingest`. */
  path: string;
  /** Human title, the contract's `activity`. */
  activity: string;
  summary: string;
  description: string;
  request: z.ZodType<Request>;
  example: Record<string, unknown>;
  /** What one item of work is called, singular and plural: `['table', 'tables']`. */
  noun: readonly [string, string];
  /** What starting it takes beside `runJobs`, where it does what another route asks another right for. */
  rights?: readonly Right[];
  /** For tests and benches of the engine: it has no route, no CLI verb and no form. */
  internal?: true;
  /** Checks the request against the store. Throws AssayError (400, 404, 409) naming every problem. */
  accept(request: Request, context: AcceptContext): Promise<Acceptance<Input>>;
  /** For a re-run, what `accept` gave beside the input. Absent when that was nothing. */
  onRerun?(input: Input): OnAcceptance;
  /** Folds the parts of the finished tasks; pure. Parts come in the order of their task keys. */
  conclude(parts: FinishedTask[], input: Input): Conclusion;
}

/** What a runner gets to see of the request: stored as JSON, secrets as ciphertext. */
export type JobInput = Record<string, unknown> & { overrides?: Record<string, SourceOverrides> };

/** What a job body changed of a saved source, for that job alone; kept in the input under the source's id. */
export interface SourceOverrides {
  config?: Record<string, unknown>;
  /** Field → ciphertext, at `jobSecretPlace(field)`. */
  secrets?: Record<string, string>;
  /** The body changed where the connection goes: the stored secrets are not used. */
  dropStoredSecrets?: boolean;
}

export interface AcceptContext {
  db: Db;
  userId: string;
  /** Whether the caller may create data sources (ingest with a full body and no saved source). */
  mayCreateSources: boolean;
  encrypt(plain: string, place: string): string;
}

/** What a request means: all of the job but its name, and what only a re-run says. */
export type Acceptance<Input extends JobInput = JobInput> = Omit<NewJob, 'name' | 'priority' | 'rerunOf'> & {
  input: Input;
};

/** The heavy half, loaded only by the process that runs tasks. */
export interface JobRunner<Input extends JobInput = JobInput> {
  name: string;
  /** Cuts the job into tasks. Reads what `plan.ts` needs, then calls it. Absent for jobs that are one task. */
  plan?(input: Input, context: TaskContext): Promise<Plan>;
  /** Does one task. */
  run(payload: Record<string, unknown>, context: TaskContext): Promise<TaskOutcome>;
}

export interface Plan {
  tasks: TaskDraft[];
  /** What planning already knows: items left out and why. They count as skipped. */
  skipped?: { item: string; title: string; reason: string }[];
  effects?: Effects;
  /** Kept as the part of the plan task: `conclude` sees it with kind `plan`. */
  part?: Record<string, unknown>;
  write?(trx: Trx): Promise<void>;
}

export interface TaskOutcome {
  /** `failed` keeps its part and is not tried again; throw an AssayError to be tried again where its code allows it. */
  outcome: 'done' | 'skipped' | 'failed';
  /** For `skipped` and `failed`, in a sentence. */
  reason?: string;
  /** JSON of bounded size that `conclude` folds. */
  part?: Record<string, unknown>;
  /** Bytes for a later stage of the same item, by name. */
  bytes?: Record<string, Uint8Array>;
  effects?: Effects;
  /**
   * A transaction that was begun while the task ran, with results in it: the task ends in this one. Whoever ends the task commits
   * it or rolls it back. Absent: a new one.
   */
  begun?: ControlledTransaction<Database>;
  /**
   * Writes the results. Runs in the transaction that ends the task and rolls back when the fencing token is stale, so it
   * counts once however often the task ran. May read the source while it writes. May return effects it only knows then.
   */
  write?(trx: Trx): Promise<Effects | undefined>;
  /** Instead of `write`, `part` and `effects`: what may be stored together with that of other tasks of the job. */
  stored?: ToStore;
}

/** What a task found, to be stored by one transaction with what other tasks of its job found. */
export interface ToStore<Found = unknown> {
  found: Found;
  /** About how many rows it is, so that a transaction does not grow beyond measure. */
  rows: number;
  /**
   * Writes what several tasks found, of which this one is the first, under the rules of `TaskOutcome.write`. May be called again, alone,
   * after it failed with others.
   *
   * @returns for each, in their order
   */
  write(
    trx: Trx,
    all: readonly Found[],
  ): Promise<{ part: Record<string, unknown>; effects: Effects; warnings: string[] }[]>;
}

export interface ProfilingLimits {
  /** Whether values may be kept for patterns where no samples are asked for. */
  keepValues: boolean;
  /** How long a condition of a user may be evaluated in a source, in seconds. */
  conditionSeconds: number;
  /** Larger tables are profiled from some of their rows. */
  wholeTableRows: number;
  wholeTableBytes: number;
  /** The membership filter of a column that may be a key is kept up to this size. */
  membershipBytes: number;
}

export interface TaskContext {
  job: { id: string; name: string; seq: number; input: JobInput; resourceIds: string[] };
  attempt: number;
  signal: AbortSignal;
  db: Db;
  /** 0 to 1. Cheap: call it often. */
  progress(fraction: number): void;
  event(level: 'info' | 'warning' | 'error', message: string, details?: Record<string, unknown>): void;
  /** Bytes that the earlier stages of this item left, in the order of their task keys. */
  earlierBytes(name: string): Promise<{ key: string; bytes: Buffer }[]>;
  /** Parts of the earlier stages of this item, in the order of their task keys. */
  earlierParts(): Promise<FinishedTask[]>;
  /** Connector and decrypted configuration of a saved source, with the overrides of this job. */
  openSource(sourceId: string): Promise<OpenedSource>;
  /** The same for a configuration that is not saved (its secrets as ciphertext, as in the job's input). */
  openConfig(config: Record<string, unknown>, secrets: Record<string, string>): Promise<OpenedSource>;
  /** Where files may be read, and how much memory the task may use. */
  limits: {
    fileRoots: readonly string[];
    protectedPaths: readonly string[];
    memoryMb: number;
    threads: number;
    tempFolder: string;
    /** Absent: the defaults of the settings. */
    profiling?: ProfilingLimits;
  };
  /**
   * Connects to a saved source, or goes on with the connection that an earlier task of the same lane left, and gives it back
   * afterwards. Not to be closed by `work`.
   */
  withConnection<T>(sourceId: string, work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Ends the task with TIME_LIMIT and this reason when it is not done after so many seconds from now, whatever it is at. */
  limitTime(seconds: number, reason: string): void;
  decrypt(ciphertext: string, place: string): string;
  /** Bytes that must not be readable at rest; `place` is authenticated with them. */
  seal(bytes: Uint8Array, place: string): Buffer;
  unseal(sealed: Uint8Array, place: string): Buffer;
  /** Gives back what the task holds open, whether it was committed, failed or never got that far. Called together. */
  onEnd(release: () => Promise<void>): void;
  /**
   * A transaction that commits only while this attempt holds the task: for results too large for one transaction. What it
   * writes must be safe to write twice; its effects are added to the task at once.
   */
  fenced(work: (trx: Trx) => Promise<Effects | undefined>): Promise<void>;
}

export interface OpenedSource {
  row: DataSourceRow | null;
  connector: Connector;
  config: import('../connectors/connector.ts').SourceConfig;
  context: import('../connectors/connector.ts').ConnectContext;
}

export type { Conclusion, FinishedTask, OnAcceptance, TaskDraft };
