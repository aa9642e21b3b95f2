import type { EntityType } from '../../model/entity.ts';
import type {
  ConnectContext,
  Connection,
  IngestUnit,
  IntrospectRequest,
  ListingEvent,
  ObjectPath,
  Partition,
  ReadRequest,
  ReadResult,
  SourceInfo,
} from '../connector.ts';
import { describeAddress, type PostgresAddress } from './address.ts';
import { USER_SCHEMAS } from './catalog.ts';
import { openSession, type Session } from './connect.ts';
import { introspectSchema } from './introspect.ts';
import { planPages, readTable } from './read.ts';

/** Sessions are reused when free and opened when needed, so a table may be read while another one is listed. */
export class PostgresConnection implements Connection {
  #address: PostgresAddress;
  #context: ConnectContext;
  #idle: Session[] = [];
  #busy = new Set<Session>();
  #closed = false;

  constructor(address: PostgresAddress, context: ConnectContext, first: Session) {
    this.#address = address;
    this.#context = context;
    this.#idle.push(first);
  }

  async info(): Promise<SourceInfo> {
    return this.#with(async (session) => {
      const [row] = await session.query<{ version: string }>(
        "SELECT current_setting('server_version') AS version",
        [],
        this.#context.signal,
      );
      return { product: 'PostgreSQL', version: row?.version ?? '', url: describeAddress(this.#address) };
    });
  }

  async listUnits(): Promise<IngestUnit[]> {
    return this.#with(async (session) => {
      const rows = await session.query<{ name: string }>(USER_SCHEMAS, [], this.#context.signal);
      return rows.map((row) => ({ path: [row.name], type: 'SCHEMA' as const }));
    });
  }

  async *introspect(request: IntrospectRequest): AsyncIterable<ListingEvent> {
    const session = await this.#acquire();
    try {
      yield* introspectSchema(session, { ...request, signal: this.#both(request.signal) });
    } finally {
      // Left in the middle: the transaction is still open.
      if (!session.dead && inTransaction(session)) await session.query('ROLLBACK').catch(() => session.end());
      this.#release(session);
    }
  }

  async read(request: ReadRequest): Promise<ReadResult> {
    const session = await this.#acquire();
    return readTable(session, this.#address, { ...request, signal: this.#both(request.signal) }, () =>
      this.#release(session),
    );
  }

  async planPartitions(_type: EntityType, path: ObjectPath, targetRows: number): Promise<Partition[]> {
    return this.#with((session) => planPages(session, path, targetRows, this.#context.signal));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#busy].map((session) => session.stop().catch(() => {})));
    await Promise.all([...this.#idle, ...this.#busy].map((session) => session.end()));
    this.#idle = [];
    this.#busy.clear();
  }

  #both(signal: AbortSignal): AbortSignal {
    return signal === this.#context.signal ? signal : AbortSignal.any([signal, this.#context.signal]);
  }

  async #with<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const session = await this.#acquire();
    try {
      return await work(session);
    } finally {
      this.#release(session);
    }
  }

  async #acquire(): Promise<Session> {
    let session = this.#idle.pop();
    while (session?.dead) session = this.#idle.pop();
    session ??= await openSession(this.#address, this.#context);
    this.#busy.add(session);
    return session;
  }

  #release(session: Session): void {
    this.#busy.delete(session);
    if (session.dead) return;
    if (this.#closed) void session.end();
    else this.#idle.push(session);
  }
}

function inTransaction(session: Session): boolean {
  return session.client.getTransactionStatus() !== 'I';
}
