import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { AssayError } from '../../errors/assay-error.ts';
import type { ConnectContext, SourceConfig, TestStep } from '../connector.ts';
import { isSocket } from '../server-address.ts';
import { counted, type Finding, runLoginSteps, some, toFailedStep } from '../test-steps.ts';
import { type MysqlAddress, readAddress } from './address.ts';
import { userSchemas } from './catalog.ts';
import { dialServer, openSession, type Progress } from './connect.ts';
import { quotePath, quoteText } from './dialect.ts';
import type { Grants } from './grants.ts';
import { grantsOf } from './rights.ts';
import type { Session } from './session.ts';
import { toSourceError } from './source-error.ts';

/** The steps of a connection test, one after the other. The first that fails is the last. */
export async function* testMysql(config: SourceConfig, context: ConnectContext): AsyncGenerator<TestStep> {
  const { address, problems } = readAddress(config);
  if (problems.length > 0) {
    yield toFailedStep('read settings', 0, new AssayError('BAD_REQUEST', problems.join('; '), { problems }));
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
  #address: MysqlAddress;
  #context: ConnectContext;
  #progress: Progress = {};
  #session: Session | undefined;
  #loginError: AssayError | undefined;
  #schemas: string[] = [];
  #grants: Grants | undefined;
  #account = '';

  constructor(address: MysqlAddress, context: ConnectContext) {
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
    this.#progress.socket?.destroy();
    await this.#session?.end();
  }

  async #resolve(): Promise<Finding> {
    const { host } = this.#address;
    if (isSocket(host)) return { outcome: 'skipped', reason: `${host} is a socket, not a name` };
    if (isIP(host))
      return { outcome: 'skipped', reason: `${host} is an address, not a name`, found: { address: host } };
    const { address } = await lookup(host);
    return { reason: `${host} is ${address}`, found: { address } };
  }

  async #reach(): Promise<Finding> {
    this.#progress.socket = await dialServer(this.#address, this.#context, this.#context.signal);
    return { reason: 'the server accepts connections' };
  }

  /** Session and encryption come about in one: servers count connections that end before they signed in. */
  async #encrypt(): Promise<Finding> {
    const { host, sslMode } = this.#address;
    try {
      this.#session = await openSession(this.#address, this.#context, this.#progress);
    } catch (error) {
      const assay = toSourceError(error, this.#address);
      // Before the certificate was accepted nothing else can have failed, unless the server turned us away at the door.
      const isDoor = !this.#progress.encrypted && ['SOURCE_BUSY', 'SOURCE_AUTH'].includes(assay.code);
      const isPlain = sslMode === 'disable' || this.#progress.plain === true;
      if (!isPlain && !this.#progress.encrypted && !isDoor) throw assay;
      this.#loginError = assay;
    }
    if (isSocket(host)) return { outcome: 'skipped', reason: 'a socket on the same machine needs no encryption' };
    if (sslMode === 'disable') return { outcome: 'skipped', reason: 'sslType is disable', found: { tls: false } };
    if (this.#progress.plain)
      return {
        outcome: 'warning',
        reason: 'the server offers no encrypted connections, so data travels in the clear',
        remedy: 'Enable ssl on the server, or set sslType disable to say that this is wanted.',
        found: { tls: false },
      };
    if (!this.#progress.encrypted) return { outcome: 'skipped', reason: 'the server answered before it was asked' };
    return { reason: `the connection is encrypted (sslType ${sslMode})`, found: { tls: true, sslMode } };
  }

  async #authenticate(): Promise<Finding> {
    if (this.#loginError) throw this.#loginError;
    const [row] = await this.#query('SELECT CURRENT_USER() AS account');
    this.#account = (row?.account ?? '').replace(/^(.*)@([^@]*)$/s, "'$1'@'$2'");
    return { reason: `logged in as ${this.#account}` };
  }

  async #openDatabase(): Promise<Finding> {
    const { product, version } = this.#session as Session;
    const { database } = this.#address;
    const found = { product, version, ...(database === '' ? {} : { database }) };
    if (database === '') return { reason: `no databaseName: all databases of ${product} ${version}`, found };
    return { reason: `database ${database} on ${product} ${version}`, found };
  }

  async #listSchemas(): Promise<Finding> {
    const only = this.#address.database === '' ? '' : ((await this.#query('SELECT DATABASE() AS name'))[0]?.name ?? '');
    this.#schemas = (await this.#query(userSchemas(only))).map((row) => row.name ?? '');
    const found = { schemas: this.#schemas };
    if (this.#schemas.length > 0) return { reason: counted(this.#schemas.length, 'database'), found };
    const remedy = `Run: GRANT SELECT, SHOW VIEW ON \`…\`.* TO ${this.#account};`;
    return { outcome: 'warning', reason: 'the server shows this user no databases', remedy, found };
  }

  async #readCatalog(): Promise<Finding> {
    const [row] = await this.#query(
      `SELECT COALESCE(SUM(TABLE_TYPE NOT LIKE '%VIEW'), 0) AS tables, COALESCE(SUM(TABLE_TYPE LIKE '%VIEW'), 0) AS views
       FROM information_schema.TABLES WHERE ${this.#inSchemas()}`,
    );
    const found = { tables: Number(row?.tables ?? 0), views: Number(row?.views ?? 0) };
    return { reason: `${counted(found.tables, 'table')} and ${counted(found.views, 'view')}`, found };
  }

  async #readRow(): Promise<Finding> {
    const grants = await this.#ownGrants();
    const tables = await this.#query(
      `SELECT TABLE_SCHEMA AS \`schema\`, TABLE_NAME AS name FROM information_schema.TABLES
       WHERE ${this.#inSchemas()} AND TABLE_TYPE = 'BASE TABLE' ORDER BY 1, 2 LIMIT 1000`,
    );
    const table = tables.find((row) => grants.seesColumns(row.schema ?? '', row.name ?? ''));
    if (!table) return { outcome: 'skipped', reason: 'there is no table that this user may read' };
    const rows = await this.#query(`SELECT 1 FROM ${quotePath([table.schema ?? '', table.name ?? ''])} LIMIT 1`);
    return { reason: `read ${rows.length} row of ${table.schema}.${table.name}` };
  }

  async #rightOfIngest(): Promise<Finding> {
    const grants = await this.#ownGrants();
    const part = this.#schemas.filter((schema) => !grants.seesAllOf(schema));
    if (part.length === 0) return { reason: 'the rights cover every database that is shown' };
    return {
      outcome: 'warning',
      reason: `the rights cover only a part of ${part.length} of ${this.#schemas.length} databases: ${some(part)}; what is not shown there cannot be told from what was dropped, so it is never deleted from the catalog`,
      remedy: `Run: ${some(part.map((schema) => `GRANT SELECT, SHOW VIEW ON ${quotePath([schema])}.* TO ${this.#account};`))}`,
      found: { schemas: part },
    };
  }

  async #rightOfProfiling(): Promise<Finding> {
    const grants = await this.#ownGrants();
    const part = this.#schemas.filter((schema) => !grants.seesAllOf(schema));
    if (part.length === 0) return { reason: 'SELECT on every table and view' };
    const tables = await this.#query(
      `SELECT TABLE_SCHEMA AS \`schema\`, TABLE_NAME AS name FROM information_schema.TABLES
       WHERE TABLE_SCHEMA IN (${part.map(quoteText).join(', ')}) ORDER BY 1, 2`,
    );
    const missing = tables.filter((row) => !grants.mayRead(row.schema ?? '', row.name ?? ''));
    if (missing.length === 0) return { reason: 'SELECT on every table and view that is shown' };
    const schemas = [...new Set(missing.map((row) => row.schema ?? ''))];
    return {
      outcome: 'warning',
      reason: `no SELECT on ${missing.length} tables and views, e.g. ${missing[0]?.schema}.${missing[0]?.name}`,
      remedy: `Run: ${some(schemas.map((schema) => `GRANT SELECT ON ${quotePath([schema])}.* TO ${this.#account};`))}`,
      found: { missing: missing.length, schemas },
    };
  }

  async #ownGrants(): Promise<Grants> {
    this.#grants ??= await grantsOf(this.#session as Session, this.#context.signal);
    return this.#grants;
  }

  #inSchemas(): string {
    return this.#schemas.length === 0 ? '1 = 0' : `TABLE_SCHEMA IN (${this.#schemas.map(quoteText).join(', ')})`;
  }

  #query(sql: string): ReturnType<Session['query']> {
    return (this.#session as Session).query(sql, this.#context.signal);
  }
}
