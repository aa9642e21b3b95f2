import type { Connection } from '../connectors/connector.ts';
import { AssayError } from '../errors/assay-error.ts';
import type { OpenedSource } from '../jobs/job.ts';

/**
 * Connections to sources that a process keeps from one task of a lane to the next. One that a task was stopped on, or that broke, is
 * given up, and the next task opens its own.
 */
export class SharedConnections {
  #open = new Map<string, { connection: Connection; abort: AbortController }>();

  /**
   * @param key whose connection: the job and the source
   * @param open the source with its configuration; asked only when there is no connection yet
   */
  async with<T>(
    key: string,
    signal: AbortSignal,
    open: (signal: AbortSignal) => Promise<OpenedSource>,
    work: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    const abort = this.#open.get(key)?.abort ?? new AbortController();
    const stop = (): void => abort.abort(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      const connection = this.#open.get(key)?.connection ?? (await this.#connect(key, abort, open));
      return await work(connection);
    } catch (error) {
      if (isBroken(error)) await this.#giveUp(key);
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
      if (abort.signal.aborted) await this.#giveUp(key);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((key) => this.#giveUp(key)));
  }

  async #connect(
    key: string,
    abort: AbortController,
    open: (signal: AbortSignal) => Promise<OpenedSource>,
  ): Promise<Connection> {
    const source = await open(abort.signal);
    const connection = await source.connector.connect(source.config, source.context);
    this.#open.set(key, { connection, abort });
    return connection;
  }

  async #giveUp(key: string): Promise<void> {
    const found = this.#open.get(key);
    this.#open.delete(key);
    await found?.connection.close().catch(() => {});
  }
}

/** After these the session may be of no more use; opening another one costs little. */
const isBroken = (error: unknown): boolean =>
  !(error instanceof AssayError) || error.row.retry || error.code === 'CANCELLED';
