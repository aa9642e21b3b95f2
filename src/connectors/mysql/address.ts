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

/** `host` may be the path of the server's socket; no `database` means that all are listed. */
export type MysqlAddress = ServerAddress;

/** Reads the connection fields, `uri` in JDBC or native form included. Pure; no problem quotes a secret. */
export const readAddress = (config: SourceConfig): ReadAddress =>
  readServerAddress(config, { defaultPort: 3306, socket: 'the path of a socket', readUri });

/** The place of the server for people. */
export const at = ({ host, port }: MysqlAddress): string => (isSocket(host) ? host : hostAndPort({ host, port }));

/** The address for people: no password. */
export function describeAddress(address: MysqlAddress): string {
  const byPath = isSocket(address.host);
  const query = byPath ? `?socket=${encodeURIComponent(address.host)}` : '';
  const place = byPath ? 'localhost' : at(address);
  return `mysql://${encodeURIComponent(address.user)}@${place}/${encodeURIComponent(address.database)}${query}`;
}

/** `jdbc:mysql://h:p/db?…`, `jdbc:mariadb://h/db`, `mysql://u:p@h:p/db?…`, `mysql://u@localhost/db?socket=/run/mysqld.sock`. */
function readUri(uri: string, problems: string[]): UriParts {
  const match = /^(?:jdbc:)?(?:mysql|mariadb):\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/i.exec(uri);
  if (!match || match[1]?.includes('(')) {
    problems.push('uri: expected jdbc:mysql://host:port/database, jdbc:mariadb://… or mysql://user@host:port/database');
    return {};
  }
  const [, authority = '', database = '', query = ''] = match;
  requireWholeHost(database, query, problems);
  const parts = readAuthority(authority, problems);
  parts.host ||= 'localhost';
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
