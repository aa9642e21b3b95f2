import { isByUri } from '../model/overruled-fields.ts';
import type { SourceConfig } from './connector.ts';
import { readSslFields, type SslSettings } from './ssl-fields.ts';

/** Where and as whom a server is to be reached. Holds the password: memory only. */
export interface ServerAddress extends SslSettings {
  /** A name, an IP address, or an absolute path with the server's Unix socket. */
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
}

export interface ReadAddress {
  address: ServerAddress;
  /** Sentences; `[]` when a connection may be tried. */
  problems: string[];
}

/** What a `uri` says. */
export interface UriParts {
  host?: string;
  port?: string;
  database?: string;
  user?: string;
  password?: string;
  ssl?: string;
  caFile?: string;
}

/** What differs from one kind of server to the next. */
export interface AddressRules {
  defaultPort: number;
  /** What a path as `host` is, in words. */
  socket: string;
  /** Adds its problems in sentences. */
  readUri(uri: string, problems: string[]): UriParts;
}

/** Reads the connection fields, `uri` included. Pure; no problem quotes a secret. */
export function readServerAddress(config: SourceConfig, rules: AddressRules): ReadAddress {
  const problems: string[] = [];
  const text = (name: string): string => String(config[name] ?? '').trim();
  const useUri = isByUri(config);
  const fromUri = useUri ? rules.readUri(text('uri'), problems) : {};
  const host = fromUri.host || text('host');
  const user = text('userName') || fromUri.user || '';
  const database = fromUri.database || text('databaseName');
  const port = readPort(fromUri.port, useUri ? '' : text('port'), rules.defaultPort, problems);
  if (host === '' && (!useUri || problems.length === 0))
    problems.push('host: missing; give a host name, an address, or uri');
  if (/[\s?#\0]|^\w+:\/\//.test(host))
    problems.push(`host: expected a bare host name, an address, or ${rules.socket}; put a URL into uri`);
  if (user === '') problems.push('userName: missing');
  const ssl = readSslFields(config, fromUri, problems);
  if (isSocket(host)) ssl.sslMode = 'disable';
  const password = String(config.password ?? '') || fromUri.password || '';
  return { address: { host, port, database, user, password, ...ssl }, problems };
}

/** Whether `host` is a path in the file system. */
export const isSocket = (host: string): boolean => host.startsWith('/');

/** `db:5432`, `[::1]:5432` */
export const hostAndPort = ({ host, port }: { host: string; port: number }): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** `user:password@host:port`; each part as it was before it was percent-encoded. Several hosts are a problem. */
export function readAuthority(authority: string, problems: string[]): UriParts {
  const mark = authority.lastIndexOf('@');
  const [user = '', ...password] = mark < 0 ? [] : authority.slice(0, mark).split(':');
  const place = mark < 0 ? authority : authority.slice(mark + 1);
  if (place.includes(',')) problems.push('uri: several hosts were given, expected one');
  const [, host = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(place) ?? [];
  const parts: UriParts = { host: decode(host.replace(/^\[|\]$/g, '')) };
  if (port) parts.port = port;
  if (user) parts.user = decode(user);
  if (password.length > 0) parts.password = decode(password.join(':'));
  return parts;
}

/**
 * What stands in the wrong place of a uri may be the rest of a password: `mysql://ann:s3cret/x@db` has the host `ann` and the port
 * `s3cret`. So no problem quotes any of a uri.
 */
const ENCODE = 'write / ? # @ in a password or a name as %2F %3F %23 %40';

function readPort(fromUri: string | undefined, field: string, fallback: number, problems: string[]): number {
  const text = fromUri || field || String(fallback);
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port <= 65_535) return port;
  if (fromUri) problems.push(`uri: the port is no number from 1 to 65535; ${ENCODE}`);
  else problems.push(`port: received "${text}", expected 1 to 65535`);
  return port;
}

/** A password with a `/` or `?` in it ends the host too early, and the `@` comes behind it. */
export function requireWholeHost(database: string, query: string, problems: string[]): void {
  const words = query.split('&').filter((parameter) => !parameter.includes('='));
  if ([database, ...words].some((text) => text.includes('@')))
    problems.push(`uri: an @ stands behind the host; ${ENCODE}`);
}

/** Percent-decoded, or as it is where it is not encoded. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
