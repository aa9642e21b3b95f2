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
import { eitherSignal, SessionPool } from '../session-pool.ts';
import { describeAddress, type MysqlAddress } from './address.ts';
import { userSchemas } from './catalog.ts';
import { openSession } from './connect.ts';
import { quoteName } from './dialect.ts';
import { grantsOf, introspectSchema } from './introspect.ts';
import { planKeyRanges } from './partitions.ts';
import { readTable } from './read.ts';
import type { Session } from './session.ts';

export class MysqlConnection implements Connection {
  #address: MysqlAddress;
  #context: ConnectContext;
  #pool: SessionPool<Session>;

  constructor(address: MysqlAddress, context: ConnectContext, first: Session) {
    this.#address = address;
    this.#context = context;
    this.#pool = new SessionPool(first, () => openSession(address, context));
  }

  async info(): Promise<SourceInfo> {
    return this.#pool.with(async ({ product, version }) => ({ product, version, url: describeAddress(this.#address) }));
  }

  async listUnits(): Promise<IngestUnit[]> {
    return this.#pool.with(async (session) => {
      const rows = await session.query(userSchemas(await this.#only(session)), this.#context.signal);
      return rows.map((row) => ({ path: [row.name ?? ''], type: 'SCHEMA' as const }));
    });
  }

  async doubtGone(path: ObjectPath): Promise<string> {
    const [name = ''] = path;
    return this.#pool.with(async (session) => {
      const only = await this.#only(session);
      if (only !== '' && only !== name)
        return `databaseName is "${only}", so nothing is known of database "${name}"; empty databaseName, or limit schemaNames to what is wanted`;
      const grants = await grantsOf(session, this.#context.signal);
      if (grants.wouldSee(name)) return '';
      return `the server does not show database "${name}" to user "${this.#address.user}", and the rights of the user do not tell whether it still exists; run GRANT SELECT, SHOW VIEW ON ${quoteName(name)}.* TO the user, or limit schemaNames to what is wanted`;
    });
  }

  async *introspect(request: IntrospectRequest): AsyncIterable<ListingEvent> {
    const session = await this.#pool.acquire();
    try {
      const signal = eitherSignal(request.signal, this.#context.signal);
      yield* introspectSchema(session, this.#pool, { ...request, signal });
    } finally {
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

  async planPartitions(_type: EntityType, path: ObjectPath, targetRows: number): Promise<Partition[]> {
    return this.#pool.with((session) => planKeyRanges(session, path, targetRows, this.#context.signal));
  }

  async close(): Promise<void> {
    await this.#pool.close(async (busy) => {
      await Promise.all(busy.map((session) => session.stop().catch(() => {})));
      for (const session of busy) session.cut();
    });
  }

  /** The database that the session is in, as the server spells it; '' for none. */
  async #only(session: Session): Promise<string> {
    if (this.#address.database === '') return '';
    const [row] = await session.query('SELECT DATABASE() AS name', this.#context.signal);
    return row?.name ?? '';
  }
}
