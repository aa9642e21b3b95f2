import { lookup } from 'node:dns/promises';
import { isIP, type Socket } from 'node:net';
import { AssayError, toAssayError } from '../../errors/assay-error.ts';
import type { ConnectContext, SourceConfig, TestStep } from '../connector.ts';
import { isSocket } from '../server-address.ts';
import { counted, type Finding, runLoginSteps, some, toFailedStep } from '../test-steps.ts';
import { type PostgresAddress, readAddress } from './address.ts';
import { USER_SCHEMAS } from './catalog.ts';
import { openSession, type Session } from './connect.ts';
import { quoteName, quotePath } from './dialect.ts';
import { toSourceError } from './source-error.ts';
import { askForTls, dial } from './wire.ts';

/** The steps of a connection test, one after the other. The first that fails is the last. */
export async function* testPostgres(config: SourceConfig, context: ConnectContext): AsyncGenerator<TestStep> {
  const { address, problems } = readAddress(config);
  if (problems.length > 0) {
    const error = new AssayError('BAD_REQUEST', problems.join('; '), { problems });
    yield toFailedStep('read settings', 0, error);
    return;
  }
  const run = new Steps(address, context);
  try {
    yield* run.all();
  } finally {
    await run.close();
  }
}

class Steps {
  #address: PostgresAddress;
  #context: ConnectContext;
  #socket: Socket | undefined;
  #session: Session | undefined;
  #loginError: AssayError | undefined;
  #schemas: string[] = [];

  constructor(address: PostgresAddress, context: ConnectContext) {
    this.#address = address;
    this.#context = context;
  }

  async *all(): AsyncGenerator<TestStep> {
    const steps: [string, () => Promise<Finding>][] = [
      ['resolve name', () => this.#resolve()],
      ['reach', () => this.#reach()],
      ['encrypt', () => this.#encrypt()],
      ['authenticate', () => this.#authenticate()],
      ['open database', () => this.#openDatabase()],
      ['list schemas', () => this.#listSchemas()],
      ['read catalog', () => this.#readCatalog()],
      ['read a row', () => this.#readRow()],
      ['right: ingest', () => this.#rightOfIngest()],
      ['right: profiling', () => this.#rightOfProfiling()],
    ];
    yield* runLoginSteps(steps, this.#address.user, (error) => toSourceError(error, this.#address));
  }

  async close(): Promise<void> {
    this.#socket?.destroy();
    await this.#session?.end();
  }

  async #resolve(): Promise<Finding> {
    const { host } = this.#address;
    if (isSocket(host)) return { outcome: 'skipped', reason: `${host} is a folder with a socket, not a name` };
    if (isIP(host))
      return { outcome: 'skipped', reason: `${host} is an address, not a name`, found: { address: host } };
    const { address } = await lookup(host);
    return { reason: `${host} is ${address}`, found: { address } };
  }

  async #reach(): Promise<Finding> {
    this.#socket = await dial(this.#address, this.#context.connectTimeoutMs, this.#context.signal);
    return { reason: 'the server accepts connections' };
  }

  async #encrypt(): Promise<Finding> {
    const { host, sslMode } = this.#address;
    const answer = await askForTls(this.#socket as Socket, this.#address, this.#context.connectTimeoutMs);
    this.#socket?.destroy();
    if (isSocket(host)) return { outcome: 'skipped', reason: 'a socket on the same machine needs no encryption' };
    if (sslMode === 'disable') return { outcome: 'skipped', reason: 'sslType is disable', found: { tls: false } };
    if (answer === 'refused' && sslMode !== 'prefer') throw new Error('The server does not support SSL connections');
    if (answer === 'refused')
      return {
        outcome: 'warning',
        reason: 'the server offers no encrypted connections, so passwords and data travel in the clear',
        remedy: 'Enable ssl on the server, or set sslType disable to say that this is wanted.',
        found: { tls: false },
      };
    // Only a session shows whether the certificate holds.
    this.#session = await openSession(this.#address, this.#context).catch((error: unknown) => {
      const assay = toAssayError(error);
      if (assay.code === 'SOURCE_TLS') throw assay;
      // Told in the next step. A second try could lock the account.
      this.#loginError = assay;
      return undefined;
    });
    return { reason: `the connection is encrypted (sslType ${sslMode})`, found: { tls: true, sslMode } };
  }

  async #authenticate(): Promise<Finding> {
    if (this.#loginError) throw this.#loginError;
    this.#session ??= await openSession(this.#address, this.#context);
    return { reason: `logged in as ${this.#address.user}` };
  }

  async #openDatabase(): Promise<Finding> {
    const [row] = await this.#query<{ database: string; version: string }>(
      "SELECT current_database() AS database, current_setting('server_version') AS version",
    );
    return {
      reason: `database ${row?.database} on PostgreSQL ${row?.version}`,
      found: { database: row?.database, version: row?.version, product: 'PostgreSQL' },
    };
  }

  async #listSchemas(): Promise<Finding> {
    this.#schemas = (await this.#query<{ name: string }>(USER_SCHEMAS)).map((row) => row.name);
    const found = { schemas: this.#schemas };
    if (this.#schemas.length > 0) return { reason: counted(this.#schemas.length, 'schema'), found };
    return { outcome: 'warning', reason: 'the database has no schemas', remedy: 'Check databaseName.', found };
  }

  async #readCatalog(): Promise<Finding> {
    const [row] = await this.#query<{ tables: number; views: number }>(`
      SELECT count(*) FILTER (WHERE c.relkind IN ('r', 'p', 'f'))::int AS tables, count(*) FILTER (WHERE c.relkind IN ('v', 'm'))::int AS views
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY($1)`);
    const found = { tables: row?.tables ?? 0, views: row?.views ?? 0 };
    return { reason: `${counted(found.tables, 'table')} and ${counted(found.views, 'view')}`, found };
  }

  async #readRow(): Promise<Finding> {
    const [table] = await this.#query<{ schema: string; name: string }>(`
      SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY($1) AND c.relkind IN ('r', 'm') AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
      ORDER BY c.reltuples <= 0, n.nspname COLLATE "C", c.relname COLLATE "C" LIMIT 1`);
    if (!table) return { outcome: 'skipped', reason: 'there is no table that this user may read' };
    const rows = await this.#query(`SELECT 1 FROM ${quotePath([table.schema, table.name])} LIMIT 1`, []);
    return { reason: `read ${rows.length} row of ${table.schema}.${table.name}` };
  }

  async #rightOfIngest(): Promise<Finding> {
    const rows = await this.#query<{ name: string }>(
      "SELECT n.nspname AS name FROM pg_catalog.pg_namespace n WHERE n.nspname = ANY($1) AND NOT has_schema_privilege(n.oid, 'USAGE') ORDER BY 1",
    );
    if (rows.length === 0) return { reason: 'USAGE on every schema' };
    const names = rows.map((row) => quoteName(row.name));
    return {
      outcome: 'warning',
      reason: `no USAGE on ${rows.length} of ${this.#schemas.length} schemas: ${some(names)}; their tables are listed but cannot be read`,
      remedy: `Run: GRANT USAGE ON SCHEMA ${some(names)} TO ${quoteName(this.#address.user)};`,
      found: { schemas: rows.map((row) => row.name) },
    };
  }

  async #rightOfProfiling(): Promise<Finding> {
    const rows = await this.#query<{ schema: string; missing: number; total: number; example: string }>(`
      SELECT n.nspname AS schema, count(*)::int AS total, count(*) FILTER (WHERE NOT has_table_privilege(c.oid, 'SELECT'))::int AS missing,
        min(c.relname) FILTER (WHERE NOT has_table_privilege(c.oid, 'SELECT')) AS example
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY($1) AND c.relkind IN ('r', 'p', 'f', 'v', 'm') GROUP BY n.nspname ORDER BY n.nspname COLLATE "C"`);
    const total = rows.reduce((sum, row) => sum + row.total, 0);
    const lacking = rows.filter((row) => row.missing > 0);
    const missing = lacking.reduce((sum, row) => sum + row.missing, 0);
    if (missing === 0) return { reason: `SELECT on all ${total} tables and views` };
    const names = lacking.map((row) => quoteName(row.schema));
    return {
      outcome: 'warning',
      reason: `no SELECT on ${missing} of ${total} tables and views, e.g. ${lacking[0]?.schema}.${lacking[0]?.example}`,
      remedy: `Run: GRANT SELECT ON ALL TABLES IN SCHEMA ${some(names)} TO ${quoteName(this.#address.user)};`,
      found: { missing, total, schemas: lacking.map((row) => row.schema) },
    };
  }

  #query<Row extends Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]> {
    const session = this.#session as Session;
    return session.query<Row>(text, values ?? (text.includes('$1') ? [this.#schemas] : []), this.#context.signal);
  }
}
