import type { SourceConfig } from '../connector.ts';
import {
  decode,
  hostAndPort,
  isSocket,
  type ReadAddress,
  readAuthority,
  readServerAddress,
  requireWholeHost,
  type ServerAddress,
  type UriParts,
} from '../server-address.ts';

/** `host` may be the folder of the server's socket. */
export type PostgresAddress = ServerAddress;

/** Reads the connection fields, `uri` in JDBC or native form included. Pure; no problem quotes a secret. */
export function readAddress(config: SourceConfig): ReadAddress {
  const { address, problems } = readServerAddress(config, { defaultPort: 5432, socket: 'a socket folder', readUri });
  return { address: { ...address, database: address.database || address.user }, problems };
}

/** The address for people: no password. */
export function describeAddress(address: PostgresAddress): string {
  const byPath = isSocket(address.host);
  const at = byPath ? '' : hostAndPort(address);
  const query = byPath ? `?host=${encodeURIComponent(address.host)}&port=${address.port}` : '';
  return `postgresql://${encodeURIComponent(address.user)}@${at}/${encodeURIComponent(address.database)}${query}`;
}

/** `jdbc:postgresql://h:p/db?…`, `jdbc:postgresql:db`, `postgresql://u:p@h:p/db?…`, `postgres:///db?host=/socket/folder`. */
function readUri(uri: string, problems: string[]): UriParts {
  const match = /^(?:jdbc:)?postgres(?:ql)?:(?:\/\/([^/?]*))?(?:\/?([^?]*))?(?:\?(.*))?$/i.exec(uri);
  if (!match) {
    problems.push('uri: expected jdbc:postgresql://host:port/database or postgresql://user@host:port/database');
    return {};
  }
  const [, authority = '', database = '', query = ''] = match;
  requireWholeHost(database, query, problems);
  const parts = readAuthority(authority, problems);
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
