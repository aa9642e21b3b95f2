import { isByUri } from '../../model/overruled-fields.ts';
import type { SourceConfig } from '../connector.ts';
import { readSslFields, type SslSettings } from '../ssl-fields.ts';

/** Where and as whom a PostgreSQL server is to be reached. Holds the password: memory only. */
export interface PostgresAddress extends SslSettings {
  /** A name, an IP address, or an absolute folder with the server's Unix socket. */
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
}

export interface ReadAddress {
  address: PostgresAddress;
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
  const database = fromUri.database || text('databaseName') || user;
  const portText = fromUri.port || (useUri ? '' : text('port')) || '5432';
  const port = Number(portText);
  if (host === '' && (!useUri || problems.length === 0))
    problems.push('host: missing; give a host name, an address, or uri');
  if (/[\s?#]|^\w+:\/\//.test(host))
    problems.push('host: expected a bare host name, an address, or a socket folder; put a URL into uri');
  if (user === '') problems.push('userName: missing');
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    problems.push(`port: received "${portText}", expected 1 to 65535`);

  const ssl = readSslFields(config, fromUri, problems);
  if (isSocketFolder(host)) ssl.sslMode = 'disable';
  const password = String(config.password ?? '') || fromUri.password || '';
  const address: PostgresAddress = { host, port, database, user, password, ...ssl };
  return { address, problems };
}

export const isSocketFolder = (host: string): boolean => host.startsWith('/');

/** The address for people: no password. */
export function describeAddress(address: PostgresAddress): string {
  const at = isSocketFolder(address.host)
    ? ''
    : `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
  const query = isSocketFolder(address.host) ? `?host=${encodeURIComponent(address.host)}&port=${address.port}` : '';
  return `postgresql://${encodeURIComponent(address.user)}@${at}/${encodeURIComponent(address.database)}${query}`;
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

/** `jdbc:postgresql://h:p/db?…`, `jdbc:postgresql:db`, `postgresql://u:p@h:p/db?…`, `postgres:///db?host=/socket/folder`. */
function readUri(uri: string, problems: string[]): UriParts {
  const match = /^(?:jdbc:)?postgres(?:ql)?:(?:\/\/([^/?]*))?(?:\/?([^?]*))?(?:\?(.*))?$/i.exec(uri);
  if (!match) {
    problems.push('uri: expected jdbc:postgresql://host:port/database or postgresql://user@host:port/database');
    return {};
  }
  const [, authority = '', database = '', query = ''] = match;
  const parts: UriParts = {};
  const at = authority.lastIndexOf('@');
  const [user = '', ...password] = at < 0 ? [] : authority.slice(0, at).split(':');
  const place = at < 0 ? authority : authority.slice(at + 1);
  if (place.includes(',')) problems.push('uri: several hosts were given, expected one');
  const hostPort = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(place);
  parts.host = decode((hostPort?.[1] ?? '').replace(/^\[|\]$/g, ''));
  if (hostPort?.[2]) parts.port = hostPort[2];
  if (user) parts.user = decode(user);
  if (password.length > 0) parts.password = decode(password.join(':'));
  if (database) parts.database = decode(database);
  for (const [name, value] of new URLSearchParams(query)) takeParameter(parts, name.toLowerCase(), value);
  if (!parts.host) parts.host = 'localhost';
  return parts;
}

function takeParameter(parts: UriParts, name: string, value: string): void {
  if (name === 'user') parts.user = value;
  else if (name === 'password') parts.password = value;
  else if (name === 'host' && !parts.host) parts.host = value;
  else if (name === 'port' && !parts.port) parts.port = value;
  else if (name === 'dbname' || name === 'databasename') parts.database = value;
  else if (name === 'sslmode') parts.ssl = value;
  else if (name === 'ssl') parts.ssl ??= value === '' ? 'true' : value;
  else if (name === 'sslrootcert') parts.caFile = value;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
