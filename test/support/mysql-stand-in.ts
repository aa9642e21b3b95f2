import { once } from 'node:events';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import mysql, { type Connection } from 'mysql2';

/** Rows, `ok`, an error, silence, or whatever is written by hand. */
export type Answer =
  | Record<string, string | null>[]
  | 'ok'
  | 'silence'
  | { code: number; message: string }
  | ((peer: Peer) => void);

/** One client as the server sees it. */
export type Peer = Connection & {
  stream: Socket;
  writeColumns(columns: unknown[]): void;
  writeTextRow(row: (string | null)[]): void;
};

export interface Play {
  /** What VERSION() says. */
  version?: string;
  /** In place of the greeting. */
  greet?(peer: Peer): void;
  /** Why a login is refused. */
  refuse?(user: string, database: string): { code: number; message: string } | undefined;
  /** After the greeting, in place of an answer to the login. */
  login?(peer: Peer): void;
  /** Undefined leaves the statement to the stand-in's own answers. */
  answer?(sql: string, peer: Peer): Answer | undefined;
}

/** Capabilities of MySQL 5.7, without those this server does not have: compression, TLS, plugins. */
const CAPABILITIES = 0x0003_f7df & ~0x0820;
const VAR_STRING = 0xfd;
const UTF8MB4 = 45;

/** One table of one database, enough for a test of the connection and for a listing. */
const OWN: readonly [RegExp, Answer][] = [
  [/^(SET|START TRANSACTION|COMMIT|ROLLBACK|KILL)\b/, 'ok'],
  [/^SHOW GRANTS/, [{ Grants: 'GRANT ALL PRIVILEGES ON *.* TO `ann`@`%`' }]],
  [/^SHOW GLOBAL STATUS/, [{ Variable_name: 'Com_grant', Value: '3' }]],
  [/CURRENT_USER\(\)/, [{ account: 'ann@%' }]],
  [/DATABASE\(\)/, [{ name: 'shop' }]],
  [/^SELECT SCHEMA_NAME AS name/, [{ name: 'shop' }]],
  [
    /^SELECT \* FROM information_schema\.SCHEMATA/,
    [{ SCHEMA_NAME: 'shop', DEFAULT_CHARACTER_SET_NAME: 'utf8mb4', DEFAULT_COLLATION_NAME: 'utf8mb4_bin' }],
  ],
  [
    /^SELECT TABLE_NAME AS name, TABLE_TYPE/,
    [{ name: 'item', type: 'BASE TABLE', engine: 'InnoDB', remarks: '', table_rows: '3' }],
  ],
  [/^SELECT COUNT\(\*\) AS tables/, [{ tables: '1' }]],
  [/^SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name/, [{ schema: 'shop', name: 'item' }]],
  [
    /FROM information_schema\.COLUMNS/,
    [
      {
        table: 'item',
        name: 'id',
        ordinal: '1',
        default: null,
        nullable: 'NO',
        data: 'int',
        type: 'int(11)',
        length: null,
        precision: '10',
        scale: '0',
        time: null,
        charset: null,
        collation: null,
        extra: '',
        remarks: '',
        generated: '',
      },
    ],
  ],
];

/**
 * A server that speaks the protocol and knows a few statements: for what a real one cannot be made to do on demand. It shows how
 * the connector and its driver behave, nothing of MySQL.
 */
export class MysqlStandIn {
  /** As they came, without the tag in front. */
  readonly statements: string[] = [];
  readonly peers: Peer[] = [];
  readonly #play: Play;
  readonly #server = mysql.createServer((peer) => this.#welcome(peer as Peer));

  private constructor(play: Play) {
    this.#play = play;
  }

  static async start(play: Play = {}): Promise<MysqlStandIn> {
    const standIn = new MysqlStandIn(play);
    standIn.#server.listen(0);
    await once(standIn.#net, 'listening');
    return standIn;
  }

  get port(): number {
    return (this.#net.address() as AddressInfo).port;
  }

  get #net(): NetServer {
    return (this.#server as unknown as { _server: NetServer })._server;
  }

  /** Ends when a statement came that matches, also before it was asked for. */
  async awaitStatement(pattern: RegExp): Promise<void> {
    while (!this.statements.some((sql) => pattern.test(sql))) await once(this.#server, 'statement');
  }

  async close(): Promise<void> {
    for (const { stream } of this.peers) stream.destroy();
    await new Promise((resolve) => this.#net.close(resolve));
  }

  #welcome(peer: Peer): void {
    const id = this.peers.push(peer);
    // A client that is cut off in the middle is what many of the tests are about.
    peer.on('error', () => {});
    peer.stream.setNoDelay(true).on('error', () => {});
    peer.on('query', (text: string) => this.#reply(text.replace(/^\/\*.*?\*\/\s*/, '').trim(), peer, id));
    countAnew(peer);
    if (this.#play.greet) this.#play.greet(peer);
    else this.#greet(peer, id);
  }

  #greet(peer: Peer, id: number): void {
    peer.serverHandshake({
      protocolVersion: 10,
      serverVersion: this.#play.version ?? '8.0.36',
      connectionId: id,
      statusFlags: 2,
      characterSet: UTF8MB4,
      capabilityFlags: CAPABILITIES,
      authCallback: (who: { user: string; database: string }, done: (none: null, error?: unknown) => void) => {
        if (this.#play.login) this.#play.login(peer);
        else done(null, this.#play.refuse?.(who.user, who.database));
      },
    });
  }

  #reply(sql: string, peer: Peer, id: number): void {
    this.statements.push(sql);
    const answer = this.#play.answer?.(sql, peer) ?? this.#ownAnswer(sql, id);
    if (answer === 'ok') peer.writeOk();
    else if (Array.isArray(answer)) writeRows(peer, answer);
    else if (typeof answer === 'function') answer(peer);
    else if (answer !== 'silence') peer.writeError(answer);
    this.#server.emit('statement');
  }

  #ownAnswer(sql: string, id: number): Answer {
    if (sql.includes('CONNECTION_ID()')) return [{ id: String(id), version: this.#play.version ?? '8.0.36' }];
    return OWN.find(([pattern]) => pattern.test(sql))?.[1] ?? [];
  }
}

/** Packets are numbered within a statement; the driver, made for the other side, would go on counting. */
function countAnew(peer: Peer): void {
  const driver = peer as unknown as { handlePacket(packet?: { sequenceId: number }): void; _resetSequenceId(): void };
  const handle = driver.handlePacket.bind(peer);
  driver.handlePacket = (packet) => {
    if (packet?.sequenceId === 0) driver._resetSequenceId();
    handle(packet);
  };
}

function writeRows(peer: Peer, rows: Record<string, string | null>[]): void {
  startRows(peer, Object.keys(rows[0] ?? { none: null }));
  for (const row of rows) peer.writeTextRow(Object.values(row));
  peer.writeEof();
}

/** The head of a result; the rows and their end are left to the caller. */
export function startRows(peer: Peer, names: readonly string[]): void {
  peer.writeColumns(
    names.map((name) => ({
      catalog: 'def',
      schema: '',
      table: '',
      orgTable: '',
      name,
      orgName: name,
      characterSet: UTF8MB4,
      columnLength: 1_000,
      columnType: VAR_STRING,
      flags: 0,
      decimals: 0,
    })),
  );
}
