import type { EntityType } from '../../model/entity.ts';
import type {
  ConnectContext,
  Connection,
  GroupAsk,
  IngestUnit,
  IntrospectRequest,
  ListingEvent,
  ObjectPath,
  Partition,
  PushDownRequest,
  PushedScan,
  PushedTable,
  ReadRequest,
  ReadResult,
  SourceInfo,
} from '../connector.ts';
import { eitherSignal, SessionPool } from '../session-pool.ts';
import { describeAddress, type PostgresAddress } from './address.ts';
import { USER_SCHEMAS } from './catalog.ts';
import { openSession, type Session } from './connect.ts';
import { introspectSchema } from './introspect.ts';
import { measureTable } from './measure.ts';
import { planPages, readTable } from './read.ts';

export class PostgresConnection implements Connection {
  #address: PostgresAddress;
  #context: ConnectContext;
  #pool: SessionPool<Session>;

  constructor(address: PostgresAddress, context: ConnectContext, first: Session) {
    this.#address = address;
    this.#context = context;
    this.#pool = new SessionPool(first, () => openSession(address, context));
  }

  async info(): Promise<SourceInfo> {
    return this.#pool.with(async (session) => {
      const [row] = await session.query<{ version: string }>(
        "SELECT current_setting('server_version') AS version",
        [],
        this.#context.signal,
      );
      return { product: 'PostgreSQL', version: row?.version ?? '', url: describeAddress(this.#address) };
    });
  }

  async listUnits(): Promise<IngestUnit[]> {
    return this.#pool.with(async (session) => {
      const rows = await session.query<{ name: string }>(USER_SCHEMAS, [], this.#context.signal);
      return rows.map((row) => ({ path: [row.name], type: 'SCHEMA' as const }));
    });
  }

  async *introspect(request: IntrospectRequest): AsyncIterable<ListingEvent> {
    const session = await this.#pool.acquire();
    try {
      yield* introspectSchema(session, { ...request, signal: eitherSignal(request.signal, this.#context.signal) });
    } finally {
      // Left in the middle: the transaction is still open.
      if (!session.dead && inTransaction(session)) await session.query('ROLLBACK').catch(() => session.end());
      this.#pool.release(session);
    }
  }

  async read(request: ReadRequest): Promise<ReadResult> {
    const session = await this.#pool.acquire();
    return readTable(
      session,
      this.#address,
      { ...request, signal: eitherSignal(request.signal, this.#context.signal) },
      () => this.#pool.release(session),
    );
  }

  async pushDown(request: PushDownRequest, decide: (scan: PushedScan) => readonly GroupAsk[]): Promise<PushedTable> {
    const signal = eitherSignal(request.signal, this.#context.signal);
    return this.#pool.with((session) => measureTable(session, this.#address, { ...request, signal }, decide));
  }

  async planPartitions(_type: EntityType, path: ObjectPath, targetRows: number): Promise<Partition[]> {
    return this.#pool.with((session) => planPages(session, path, targetRows, this.#context.signal));
  }

  async close(): Promise<void> {
    // Told to stop first: before PostgreSQL 14 a server does not notice that nobody waits for a statement any more.
    await this.#pool.close((busy) => Promise.all(busy.map((session) => session.stop().then(() => session.end()))));
  }
}

function inTransaction(session: Session): boolean {
  return session.client.getTransactionStatus() !== 'I';
}
