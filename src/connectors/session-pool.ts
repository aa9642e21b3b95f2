/** A session of a driver. */
export interface PooledSession {
  /** Closed, or no longer to be used. */
  readonly dead: boolean;
  end(): Promise<void>;
}

/** Sessions are reused when free and opened when needed, so a table may be read while another one is listed. */
export class SessionPool<S extends PooledSession> {
  readonly #open: () => Promise<S>;
  #idle: S[];
  #busy = new Set<S>();
  #closed = false;

  constructor(first: S, open: () => Promise<S>) {
    this.#idle = [first];
    this.#open = open;
  }

  async with<T>(work: (session: S) => Promise<T>): Promise<T> {
    const session = await this.acquire();
    try {
      return await work(session);
    } finally {
      this.release(session);
    }
  }

  async acquire(): Promise<S> {
    let session = this.#idle.pop();
    while (session?.dead) session = this.#idle.pop();
    session ??= await this.#open();
    this.#busy.add(session);
    return session;
  }

  /** A session that is younger than the call, in the place of an idle one: a server may count and limit them. */
  async acquireNew(): Promise<S> {
    await this.#idle.pop()?.end();
    const session = await this.#open();
    this.#busy.add(session);
    return session;
  }

  release(session: S): void {
    this.#busy.delete(session);
    if (session.dead) return;
    if (this.#closed) void session.end();
    else this.#idle.push(session);
  }

  /** @param stop ends the sessions that are still at work */
  async close(stop: (busy: readonly S[]) => Promise<unknown>): Promise<void> {
    this.#closed = true;
    await stop([...this.#busy]);
    await Promise.all(this.#idle.map((session) => session.end()));
    this.#idle = [];
    this.#busy.clear();
  }
}

export const eitherSignal = (one: AbortSignal, other: AbortSignal): AbortSignal =>
  one === other ? one : AbortSignal.any([one, other]);
