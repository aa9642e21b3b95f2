import type { Socket } from 'node:net';
import type { Connection as Driver, Query } from 'mysql2';
import { AssayError } from '../../errors/assay-error.ts';
import type { MysqlAddress } from './address.ts';
import { tagged } from './dialect.ts';
import { toSourceError } from './source-error.ts';

/** Values of the catalog as text, so that no number is rounded and no date shifted. */
export type TextRow = Record<string, string | null>;

/** One read-only connection to the server, used by one thing at a time. */
export interface Session {
  readonly product: 'MySQL' | 'MariaDB';
  readonly version: string;
  readonly encrypted: boolean;
  /** Runs one statement; when `signal` aborts, stops it in the server and rejects with CANCELLED. */
  query<Row extends TextRow = TextRow>(sql: string, signal?: AbortSignal): Promise<Row[]>;
  /** Rows of a statement as they come, in arrays of texts. Walking away ends the session. */
  rows(sql: string, signal: AbortSignal): AsyncGenerator<(string | null)[]>;
  /** Starts a statement whose rows are arrays of raw bytes; the caller pauses and resumes. */
  start(sql: string): Query;
  /** Parses a statement and resolves its names, without running it; how many placeholders it has. */
  parse(sql: string): Promise<number>;
  pause(): void;
  resume(): void;
  /** Called once when the connection breaks while a statement of `start` runs. */
  onLost: ((error: AssayError) => void) | undefined;
  /** Asks the server to stop the running statement; cuts the connection when that does not help in time. */
  stop(): Promise<void>;
  cut(): void;
  /** True once the connection can't be used any more. */
  readonly dead: boolean;
  end(): Promise<void>;
}

/** A statement gets this long to stop after it was told to, then its connection is cut. */
const CANCEL_GRACE_MS = 700;
/** As with PostgreSQL: longer than the server takes for its largest answers about itself. Reading rows has no limit. */
const CATALOG_TIMEOUT_MS = 120_000;
const OLDEST = { MySQL: 507, MariaDB: 1003 };

interface Limit {
  isOver: boolean;
  pause(): void;
  resume(): void;
  end(): void;
}

type Cast = (field: { string(encoding?: string): string | null }) => string | null;
const asText: Cast = (field) => field.string('utf8');

export class MysqlSession implements Session {
  product: 'MySQL' | 'MariaDB' = 'MySQL';
  version = '';
  readonly encrypted: boolean;
  onLost: ((error: AssayError) => void) | undefined;
  #driver: Driver;
  #socket: Socket;
  #address: MysqlAddress;
  #tag: string;
  #kill: (id: string) => Promise<void>;
  #id = '';
  #dead = false;
  #running = 0;

  constructor(
    driver: Driver,
    socket: Socket,
    address: MysqlAddress,
    tag: string,
    encrypted: boolean,
    kill: (id: string) => Promise<void>,
  ) {
    this.#driver = driver;
    this.#socket = socket;
    this.#address = address;
    this.#tag = tag;
    this.encrypted = encrypted;
    this.#kill = kill;
    // Without a listener a connection that breaks while idle would end the process. Statements of `start` learn of it here only.
    driver.on('error', (error) => this.#lost(error));
    driver.on('end', () => this.#lost(new Error('Connection lost')));
  }

  get dead(): boolean {
    return this.#dead;
  }

  /**
   * What reading relies on. The server would give up on a reader that pauses for a minute (net_write_timeout), and wait a year
   * for a table that somebody alters (lock_wait_timeout).
   */
  async prepare(): Promise<void> {
    await this.query('SET NAMES utf8mb4');
    const [row] = await this.query('SELECT CONNECTION_ID() AS id, VERSION() AS version');
    this.#id = row?.id ?? '';
    const version = row?.version ?? '';
    this.product = /mariadb/i.test(version) ? 'MariaDB' : 'MySQL';
    this.version = version.replace(/^5\.5\.5-/, '');
    const [major = 0, minor = 0] = this.version.split('.').map(Number);
    const oldest = OLDEST[this.product];
    if (major * 100 + minor < oldest)
      throw new AssayError(
        'NOT_SUPPORTED',
        `the server is ${this.product} ${this.version}; expected ${Math.floor(oldest / 100)}.${oldest % 100} or later`,
      );
    await this.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    const unlimited = this.product === 'MariaDB' ? 'max_statement_time = 0' : 'max_execution_time = 0';
    await this.query(
      `SET SESSION sql_mode = '', time_zone = '+00:00', autocommit = 1, net_write_timeout = 3600, net_read_timeout = 3600,
       wait_timeout = 28800, lock_wait_timeout = 30, sql_select_limit = 18446744073709551615, sql_big_selects = 1, ${unlimited}`,
    );
  }

  query<Row extends TextRow = TextRow>(sql: string, signal?: AbortSignal): Promise<Row[]> {
    return this.#run<Row[]>(signal, (done) => {
      const options = { sql: tagged(this.#tag, sql), typeCast: asText };
      this.#driver.query(options as never, (error, rows) => done(error, rows as unknown as Row[]));
    });
  }

  async *rows(sql: string, signal: AbortSignal): AsyncGenerator<(string | null)[]> {
    this.#assertUsable(signal);
    const options = { sql: tagged(this.#tag, sql), typeCast: asText, rowsAsArray: true };
    const stream = this.#driver.query(options as never).stream({ highWaterMark: 500 });
    const abort = (): void => void this.stop();
    signal.addEventListener('abort', abort, { once: true });
    this.onLost = (error) => stream.destroy(error);
    this.#running++;
    let isWhole = false;
    const limit = this.#limit();
    try {
      for await (const row of stream) {
        limit.pause();
        yield row as (string | null)[];
        limit.resume();
      }
      isWhole = !stream.errored;
      signal.throwIfAborted();
    } catch (error) {
      throw this.#explain(error, signal, limit.isOver);
    } finally {
      this.#running--;
      limit.end();
      signal.removeEventListener('abort', abort);
      this.onLost = undefined;
      if (!isWhole) this.cut();
    }
  }

  start(sql: string): Query {
    this.#assertUsable();
    this.#running++;
    const options = { sql: tagged(this.#tag, sql), typeCast: false, rowsAsArray: true };
    const query = this.#driver.query(options as never) as unknown as Query;
    (query as unknown as NodeJS.EventEmitter).once('end', () => this.#running--);
    return query;
  }

  parse(sql: string): Promise<number> {
    return this.#run<number>(
      undefined,
      (done) => {
        this.#driver.prepare(tagged(this.#tag, sql), (error, statement) => {
          const { parameters = [] } = (statement ?? {}) as { parameters?: unknown[] };
          statement?.close();
          done(error, parameters.length);
        });
      },
      true,
    );
  }

  pause(): void {
    this.#driver.pause();
  }

  resume(): void {
    this.#driver.resume();
  }

  async stop(): Promise<void> {
    if (this.#dead || this.#id === '') return this.cut();
    const timer = setTimeout(() => {
      if (this.#running > 0) this.cut();
    }, CANCEL_GRACE_MS);
    timer.unref();
    await this.#kill(this.#id).catch(() => this.cut());
  }

  cut(): void {
    this.#dead = true;
    // Not the driver's own destroy(): that one leaves waiting statements without an answer.
    (this.#driver as unknown as { stream: Socket }).stream.destroy();
    this.#socket.destroy();
  }

  /** Ends when the server has hung up, by when it no longer counts the session as one of the user's. */
  async end(): Promise<void> {
    if (this.#dead) return;
    this.#dead = true;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.cut(), 1_000);
      this.#socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#driver.end();
    });
  }

  #assertUsable(signal?: AbortSignal): void {
    if (signal?.aborted) throw new AssayError('CANCELLED', 'the work was cancelled');
    if (this.#dead) throw new AssayError('SOURCE_LOST', 'the connection to the source is closed');
  }

  async #run<T>(
    signal: AbortSignal | undefined,
    work: (done: (error: unknown, value: T) => void) => void,
    raw = false,
  ): Promise<T> {
    this.#assertUsable(signal);
    const abort = (): void => void this.stop();
    signal?.addEventListener('abort', abort, { once: true });
    this.#running++;
    const limit = this.#limit();
    try {
      return await new Promise<T>((resolve, reject) =>
        work((error, value) => (error ? reject(error as Error) : resolve(value))),
      );
    } catch (error) {
      throw raw && !signal?.aborted && !limit.isOver ? error : this.#explain(error, signal, limit.isOver);
    } finally {
      this.#running--;
      limit.end();
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Stops a statement for which the server was waited too long; the time in which we ourselves are busy does not count. */
  #limit(): Limit {
    let isPaused = false;
    const limit: Limit = {
      isOver: false,
      pause: () => {
        isPaused = true;
      },
      resume: () => {
        isPaused = false;
        timer.refresh();
      },
      end: () => clearTimeout(timer),
    };
    const timer = setTimeout(() => {
      if (isPaused) return;
      limit.isOver = true;
      void this.stop();
    }, CATALOG_TIMEOUT_MS);
    return limit;
  }

  #explain(error: unknown, signal: AbortSignal | undefined, isOver: boolean): AssayError {
    if (signal?.aborted)
      return new AssayError('CANCELLED', 'the statement was stopped in the source', { cause: error });
    if (!isOver) return toSourceError(error, this.#address);
    return new AssayError(
      'SOURCE_TIMEOUT',
      `the server did not say within ${CATALOG_TIMEOUT_MS / 1000} s what it was asked about its catalog, so the statement was stopped; try again when the server is less busy, and see whether somebody alters a table`,
      { cause: error },
    );
  }

  #lost(error: unknown): void {
    this.#dead = true;
    const { onLost } = this;
    this.onLost = undefined;
    onLost?.(toSourceError(error, this.#address));
  }
}
