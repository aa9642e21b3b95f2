import { isByUri } from '../../model/overruled-fields.ts';
import type { SourceConfig } from '../connector.ts';
import { readSslFields, type SslSettings } from '../ssl-fields.ts';

/** Where and as whom a server is to be reached. Holds the password: memory only. */
export interface MysqlAddress extends SslSettings {
  /** A name, an IP address, or the absolute path of the server's Unix socket. */
  host: string;
  port: number;
  /** '' for none: then all databases are listed. */
  database: string;
  user: string;
  password: string;
}

export interface ReadAddress {
  address: MysqlAddress;
  /** Sentences; `[]` when a connection may be tried. */
  problems: string[];
}

/** Reads the connection fields, `uri` in JDBC or native form included. Pure; no problem quotes a secret. */
export function readAddress(config: SourceConfig): ReadAddress {
  const problems: string[] = [];
  const text = (name: string): string => String(config[name] ?? '').trim();
  const useUri = isByUri(config);
  const fromUri = useUri ? readUri(text('uri'), problems) : {};
  const host = fromUri.host || text('host');
  const user = text('userName') || fromUri.user || '';
  const database = fromUri.database || text('databaseName');
  const portText = fromUri.port || (useUri ? '' : text('port')) || '3306';
  const port = Number(portText);
  if (host === '' && (!useUri || problems.length === 0))
    problems.push('host: missing; give a host name, an address, or uri');
  if (/[\s?#\0]|^\w+:\/\//.test(host))
    problems.push('host: expected a bare host name, an address, or the path of a socket; put a URL into uri');
  if (user === '') problems.push('userName: missing');
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    problems.push(`port: received "${portText}", expected 1 to 65535`);
  const ssl = readSslFields(config, fromUri, problems);
  if (isSocketPath(host)) ssl.sslMode = 'disable';
  const password = String(config.password ?? '') || fromUri.password || '';
  return { address: { host, port, database, user, password, ...ssl }, problems };
}

export const isSocketPath = (host: string): boolean => host.startsWith('/');

/** The place of the server for people. */
export const at = ({ host, port }: MysqlAddress): string =>
  isSocketPath(host) ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** The address for people: no password. */
export function describeAddress(address: MysqlAddress): string {
  const isSocket = isSocketPath(address.host);
  const query = isSocket ? `?socket=${encodeURIComponent(address.host)}` : '';
  const place = isSocket ? 'localhost' : at(address);
  return `mysql://${encodeURIComponent(address.user)}@${place}/${encodeURIComponent(address.database)}${query}`;
}

interface UriParts {
  host?: string;
  port?: string;
  database?: string;
  user?: string;
  password?: string;
  ssl?: string;
  caFile?: string;
}

/** `jdbc:mysql://h:p/db?…`, `jdbc:mariadb://h/db`, `mysql://u:p@h:p/db?…`, `mysql://u@localhost/db?socket=/run/mysqld.sock`. */
function readUri(uri: string, problems: string[]): UriParts {
  const match = /^(?:jdbc:)?(?:mysql|mariadb):\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/i.exec(uri);
  if (!match || match[1]?.includes('(')) {
    problems.push('uri: expected jdbc:mysql://host:port/database, jdbc:mariadb://… or mysql://user@host:port/database');
    return {};
  }
  const [, authority = '', database = '', query = ''] = match;
  const parts: UriParts = {};
  const mark = authority.lastIndexOf('@');
  const [user = '', ...password] = mark < 0 ? [] : authority.slice(0, mark).split(':');
  const place = mark < 0 ? authority : authority.slice(mark + 1);
  if (place.includes(',')) problems.push('uri: several hosts were given, expected one');
  const hostPort = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(place);
  parts.host = decode((hostPort?.[1] ?? '').replace(/^\[|\]$/g, '')) || 'localhost';
  if (hostPort?.[2]) parts.port = hostPort[2];
  if (user) parts.user = decode(user);
  if (password.length > 0) parts.password = decode(password.join(':'));
  if (database) parts.database = decode(database);
  takeParameters(parts, query, problems);
  return parts;
}

/** Parameters of Connector/J, the driver of MariaDB, and the command-line clients. */
function takeParameters(parts: UriParts, query: string, problems: string[]): void {
  const given = new Map([...new URLSearchParams(query)].map(([name, value]) => [name.toLowerCase(), value]));
  const first = (...names: string[]): string | undefined => names.map((name) => given.get(name)).find(Boolean);
  parts.user ??= first('user');
  parts.password ??= first('password');
  parts.host = first('socket', 'unixsocket', 'localsocket') ?? parts.host;
  const useSsl = first('usessl', 'ssl');
  const verify = first('verifyservercertificate') === 'true';
  const mode = first('sslmode', 'ssl-mode') ?? (useSsl === 'true' && verify ? 'verify-ca' : useSsl);
  if (mode !== undefined) parts.ssl = mode;
  const ca = first('serversslcert', 'ssl-ca', 'sslca', 'sslrootcert');
  if (ca !== undefined) parts.caFile = ca;
  if (first('trustcertificatekeystoreurl', 'truststore') !== undefined)
    problems.push(
      'uri: a Java key store was given; export its certificates as PEM and name them in trustStoreLocation',
    );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
