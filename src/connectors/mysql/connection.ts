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
import { describeAddress, type MysqlAddress } from './address.ts';
import { userSchemas } from './catalog.ts';
import { openSession } from './connect.ts';
import { grantsOf, introspectSchema } from './introspect.ts';
import { planKeyRanges } from './partitions.ts';
import { readTable } from './read.ts';
import type { Session } from './session.ts';

/** Sessions are reused when free and opened when needed, so a table may be read while another one is listed. */
export class MysqlConnection implements Connection {
  #address: MysqlAddress;
  #context: ConnectContext;
  #idle: Session[] = [];
  #busy = new Set<Session>();
  #closed = false;

  constructor(address: MysqlAddress, context: ConnectContext, first: Session) {
    this.#address = address;
    this.#context = context;
    this.#idle.push(first);
  }

  async info(): Promise<SourceInfo> {
    return this.#with(async ({ product, version }) => ({ product, version, url: describeAddress(this.#address) }));
  }

  async listUnits(): Promise<IngestUnit[]> {
    return this.#with(async (session) => {
      const rows = await session.query(userSchemas(await this.#only(session)), this.#context.signal);
      return rows.map((row) => ({ path: [row.name ?? ''], type: 'SCHEMA' as const }));
    });
  }

  async doubtGone(path: ObjectPath): Promise<string> {
    const [name = ''] = path;
    return this.#with(async (session) => {
      const only = await this.#only(session);
      if (only !== '' && only !== name)
        return `databaseName is "${only}", so nothing is known of database "${name}"; empty databaseName, or limit schemaNames to what is wanted`;
      const grants = await grantsOf(session, this.#context.signal);
      if (grants.wouldSee(name)) return '';
      return `the server does not show database "${name}" to user "${this.#address.user}", and the rights of the user do not tell whether it still exists; run GRANT SELECT, SHOW VIEW ON \`${name}\`.* TO the user, or limit schemaNames to what is wanted`;
    });
  }

  async *introspect(request: IntrospectRequest): AsyncIterable<ListingEvent> {
    const session = await this.#acquire();
    try {
      yield* introspectSchema(session, { ...request, signal: this.#both(request.signal) });
    } finally {
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
    return this.#with((session) => planKeyRanges(session, path, targetRows, this.#context.signal));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#busy].map((session) => session.stop().catch(() => {})));
    for (const session of this.#busy) session.cut();
    await Promise.all(this.#idle.map((session) => session.end()));
    this.#idle = [];
    this.#busy.clear();
  }

  /** The database that the session is in, as the server spells it; '' for none. */
  async #only(session: Session): Promise<string> {
    if (this.#address.database === '') return '';
    const [row] = await session.query('SELECT DATABASE() AS name', this.#context.signal);
    return row?.name ?? '';
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
