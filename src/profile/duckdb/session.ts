import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, type DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api';
import { AssayError } from '../../errors/assay-error.ts';
import { quoteText } from '../sql.ts';
import { assertLive, translateDuckDbError } from './errors.ts';
import { keepWholeTexts } from './whole-texts.ts';

keepWholeTexts();

export interface SessionOptions {
  memoryMb: number;
  threads: number;
  /** A folder of its own is made below it, and removed by `close`. */
  tempFolder: string;
  /** Aborting interrupts the running statement at once; later ones are refused. */
  signal: AbortSignal;
  /**
   * Nothing beyond its folder will be opened, so that a DuckDB that was left by an earlier such session will do, and this one is left
   * to the next: opening and closing one takes 15 ms, being left 2.
   */
  again?: boolean;
}

const INTERRUPT_AGAIN_MS = 100;
const SPILL = 'spill';

interface LeftBehind {
  instance: DuckDBInstance;
  folder: string;
  locked: boolean;
}

/** What a session left to the next of its size: one for the process. Nothing of it is on disk. */
let left: (LeftBehind & { of: string }) | undefined;

const sizeOf = ({ memoryMb, threads, tempFolder }: SessionOptions): string =>
  JSON.stringify([memoryMb, threads, tempFolder]);

/** What a connection leaves when it closes, views first. */
const MADE = `SELECT 'VIEW ' || view_name FROM duckdb_views() WHERE NOT internal AND NOT temporary
UNION ALL SELECT 'TABLE ' || table_name FROM duckdb_tables() WHERE NOT internal AND NOT temporary`;

/** One DuckDB in memory that spills to a folder of its own. Used for one relation, then closed. */
export class Session {
  readonly folder: string;
  readonly memoryMb: number;
  readonly threads: number;
  readonly connection: DuckDBConnection;
  readonly #instance: DuckDBInstance;
  readonly #signal: AbortSignal;
  readonly #interrupt: () => void;
  #interrupting: NodeJS.Timeout | undefined;
  #closed = false;
  /** What may be opened beside the folder was said, and can be said no more. */
  #locked: 'not yet' | 'to nothing' | 'to paths';
  readonly #options: SessionOptions;

  constructor({ instance, folder, locked }: LeftBehind, connection: DuckDBConnection, options: SessionOptions) {
    this.#instance = instance;
    this.#locked = locked ? 'to nothing' : 'not yet';
    this.#options = options;
    this.connection = connection;
    this.folder = folder;
    this.memoryMb = options.memoryMb;
    this.threads = options.threads;
    this.#signal = options.signal;
    this.#interrupt = () => {
      this.connection.interrupt();
      // A statement that is just about to start does not hear it.
      this.#interrupting = setInterval(() => this.connection.interrupt(), INTERRUPT_AGAIN_MS);
    };
    options.signal.addEventListener('abort', this.#interrupt);
  }

  /** Rows as texts, nulls and lists as they come. `doing` is for the error message. */
  async query(sql: string, doing: string): Promise<(string | null)[][]> {
    this.assertLive();
    try {
      await this.#expectOne(sql);
      const reader = await this.connection.runAndReadAll(sql);
      return reader.getRowsJson() as (string | null)[][];
    } catch (error) {
      this.assertLive(error);
      throw translateDuckDbError(error, doing);
    }
  }

  async run(sql: string, doing: string): Promise<void> {
    this.assertLive();
    try {
      await this.#expectOne(sql);
      await this.connection.run(sql);
    } catch (error) {
      this.assertLive(error);
      throw translateDuckDbError(error, doing);
    }
  }

  /** The answer piece by piece, for one that is too large to be held. */
  async *chunks(sql: string, doing: string): AsyncGenerator<DuckDBDataChunk> {
    this.assertLive();
    try {
      await this.#expectOne(sql);
      const result = await this.connection.stream(sql);
      for (;;) {
        const chunk = await result.fetchChunk();
        if (!chunk || chunk.rowCount === 0) return;
        yield chunk;
      }
    } catch (error) {
      this.assertLive(error);
      throw translateDuckDbError(error, doing);
    }
  }

  /** DuckDB runs one statement after the other until one fails; a condition that ends ours and begins others must run none. */
  async #expectOne(sql: string): Promise<void> {
    const { count } = await this.connection.extractStatements(sql);
    if (count !== 1) throw new AssayError('INTERNAL', `${count} statements were received, expected one`);
  }

  /** From here on only `paths` and the session's own folder can be opened, and no setting can be changed. */
  async lock(paths: readonly string[]): Promise<void> {
    if (this.#locked === 'to nothing' && paths.length === 0) return;
    const list = paths.map(quoteText).join(', ');
    await this.run(`SET allowed_paths = [${list}]`, 'limiting file access');
    await this.run('SET enable_external_access = false', 'switching file access off');
    await this.run('SET lock_configuration = true', 'locking the configuration');
    this.#locked = paths.length === 0 ? 'to nothing' : 'to paths';
  }

  /** Throws when the work was called off, whatever error that led to. */
  assertLive(cause?: unknown): void {
    assertLive(this.#signal, cause);
  }

  /** Whether it opens nothing beyond its folder and is left to the next such session. */
  get again(): boolean {
    return this.#options.again ?? false;
  }

  get signal(): AbortSignal {
    return this.#signal;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#signal.removeEventListener('abort', this.#interrupt);
    clearInterval(this.#interrupting);
    const leave = await this.#isLikeNew();
    this.connection.closeSync();
    if (!leave) this.#instance.closeSync();
    await rm(this.folder, { recursive: true, force: true });
    if (leave) left = { instance: this.#instance, folder: this.folder, locked: true, of: sizeOf(this.#options) };
  }

  /** Whether another relation may be measured here: it is locked, held all in memory, and what was made is dropped. */
  async #isLikeNew(): Promise<boolean> {
    const { again = false } = this.#options;
    if (!again || left !== undefined || this.#signal.aborted || this.#locked !== 'to nothing') return false;
    if (existsSync(join(this.folder, SPILL))) return false;
    try {
      const made = await this.connection.runAndReadAll(MADE);
      for (const [what] of made.getRowsJson()) await this.connection.run(`DROP ${what}`);
      return true;
    } catch {
      // Of one that cannot even drop a table nothing more is asked.
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * Memory that DuckDB no longer needs goes back to the system soon. 4 million rows × 12 columns of CSV at 864 MB kept up to 370 MB resident
 * beyond that otherwise, of which Node is 110; so it is 200, at the same CPU seconds.
 */
const GIVES_BACK = {
  allocator_background_threads: 'true',
  allocator_flush_threshold: '16MB',
  allocator_bulk_deallocation_flush_threshold: '32MB',
};

/** Extensions are never fetched: what is not linked in does not exist. */
export async function openSession(options: SessionOptions): Promise<Session> {
  await mkdir(options.tempFolder, { recursive: true });
  const taken = left;
  left = undefined;
  if (taken !== undefined) {
    if (options.again && taken.of === sizeOf(options)) {
      await mkdir(taken.folder, { mode: 0o700 });
      return new Session(taken, await taken.instance.connect(), options);
    }
    // Two of them would take twice the memory.
    taken.instance.closeSync();
  }
  await removeAbandoned(options.tempFolder);
  const folder = await mkdtemp(join(options.tempFolder, `${HOST_PREFIX}${process.pid}-`));
  try {
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: `${Math.max(options.memoryMb, 64)}MB`,
      threads: String(Math.max(options.threads, 1)),
      temp_directory: join(folder, SPILL),
      ...GIVES_BACK,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const session = new Session({ instance, folder, locked: false }, await instance.connect(), options);
    await session.run("SET GLOBAL TimeZone = 'UTC'", 'setting the time zone');
    // Ours join nothing that has an order; looking for one took half of what a statement over grouped values took.
    await session.run("SET disabled_optimizers = 'join_order'", 'setting the planner');
    // DuckDB takes ranks that are unnested for a single row, and compares each of 2,000 with each value: 1.6 s for 15,000 values, not 0.01.
    await session.run('SET GLOBAL asof_loop_join_threshold = 0', 'setting the planner');
    await session.run(`SET allowed_directories = [${quoteText(folder)}]`, 'limiting file access');
    return session;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw translateDuckDbError(error, 'opening DuckDB');
  }
}

/** Folders are named for host and process, so that what a killed process left behind is known as such. */
const HOST_PREFIX = `duckdb-${createHash('md5').update(hostname()).digest('hex').slice(0, 8)}-`;

async function removeAbandoned(tempFolder: string): Promise<void> {
  for (const name of await readdir(tempFolder)) {
    const pid = name.startsWith(HOST_PREFIX) ? Number.parseInt(name.slice(HOST_PREFIX.length), 10) : Number.NaN;
    if (Number.isSafeInteger(pid) && !isAlive(pid)) await rm(join(tempFolder, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
