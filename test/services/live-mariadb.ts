import { join } from 'node:path';
import mysql from 'mysql2';
import type { SourceConfig } from '../../src/connectors/connector.ts';

export interface LiveMariadb {
  host: string;
  port: string;
  expiredPort: string;
  plainPort: string;
  sockets: string;
  user: string;
  password: string;
  ca: string;
  otherCa: string;
}

/** The servers that scripts/services.sh started. A missing variable is a failure: a suite without its server shows nothing. */
export function mariadb(): LiveMariadb {
  return {
    host: need('TEST_MARIADB_HOST'),
    port: need('TEST_MARIADB_PORT'),
    expiredPort: need('TEST_MARIADB_EXPIRED_PORT'),
    plainPort: need('TEST_MARIADB_PLAIN_PORT'),
    sockets: need('TEST_MARIADB_SOCKETS'),
    user: need('TEST_MARIADB_USER'),
    password: need('TEST_MARIADB_PASSWORD'),
    ca: need('TEST_MARIADB_CA'),
    otherCa: need('TEST_MARIADB_OTHER_CA'),
  };
}

function need(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run these tests with npm run test:services`);
  return value;
}

/** A connection that works: encrypted, the certificate checked down to the name. */
export function mariadbSource(changes: Partial<Record<string, unknown>> = {}): SourceConfig {
  const live = mariadb();
  return {
    databaseType: 'MARIADB',
    host: live.host,
    port: live.port,
    databaseName: '',
    userName: live.user,
    password: live.password,
    sslType: 'verify-full',
    trustStoreLocation: live.ca,
    ...changes,
  };
}

export interface Admin {
  query(sql: string): Promise<Record<string, string | null>[]>;
  end(): Promise<void>;
}

/** Root beside the connector, by the socket of a server: to build fixtures and to disturb. */
export async function connectMariadb(server: 'tls' | 'expired' | 'plain' = 'tls'): Promise<Admin> {
  const driver = mysql.createConnection({
    socketPath: join(mariadb().sockets, server, 'mysql.sock'),
    user: 'root',
    typeCast: (field: { string(): string | null }) => field.string(),
  });
  driver.on('error', () => {});
  const query = (sql: string): Promise<Record<string, string | null>[]> =>
    new Promise((resolve, reject) => {
      driver.query(sql, (error, rows) => (error ? reject(error) : resolve(rows as never)));
    });
  await query('SET NAMES utf8mb4');
  return { query, end: () => new Promise((resolve) => driver.end(() => resolve())) };
}
