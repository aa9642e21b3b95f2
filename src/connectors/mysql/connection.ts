import type { AssayError } from '../../errors/assay-error.ts';
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
import { introspectSchema } from './introspect.ts';
import { planKeyRanges } from './partitions.ts';
import { readTable } from './read.ts';
import { readRights } from './rights.ts';
import type { Session } from './session.ts';

/** Error numbers of both servers. */
const UNKNOWN_DATABASE = 1049;
const NO_RIGHT_ON_DATABASE = 1044;

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
      // One answer for both, so that no right can come or go in between: "unknown" is told only to those who would see it.
      try {
        await session.query(`SHOW CREATE DATABASE ${quoteName(name)}`, this.#context.signal);
        return `database "${name}" is there, though the server did not list it: rights were given to the user, or it was made anew; ingest it again`;
      } catch (error) {
        const { number } = (error as AssayError).details;
        if (number === UNKNOWN_DATABASE) return '';
        if (number !== NO_RIGHT_ON_DATABASE) throw error;
      }
      return `the server does not show database "${name}" to user "${this.#address.user}", and the rights of the user do not tell whether it still exists; run GRANT SELECT, SHOW VIEW ON ${quoteName(name)}.* TO the user, or limit schemaNames to what is wanted`;
    });
  }

  async *introspect(request: IntrospectRequest): AsyncIterable<ListingEvent> {
    const signal = eitherSignal(request.signal, this.#context.signal);
    const before = await this.#pool.with((session) => readRights(session, signal, 'before'));
    const session = await this.#pool.acquireNew();
    try {
      yield* introspectSchema(session, this.#pool, before, { ...request, signal });
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
