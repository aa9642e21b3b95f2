import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { SourceConfig } from '../../src/connectors/connector.ts';

/** The servers that scripts/services.sh started. A missing variable is a failure: a suite without its server shows nothing. */
export const live = {
  host: need('TEST_POSTGRES_HOST'),
  port: need('TEST_POSTGRES_PORT'),
  expiredPort: need('TEST_POSTGRES_EXPIRED_PORT'),
  plainPort: need('TEST_POSTGRES_PLAIN_PORT'),
  user: need('TEST_POSTGRES_USER'),
  password: need('TEST_POSTGRES_PASSWORD'),
  database: need('TEST_POSTGRES_DATABASE'),
  ca: need('TEST_POSTGRES_CA'),
  otherCa: need('TEST_POSTGRES_OTHER_CA'),
};

function need(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run these tests with npm run test:services`);
  return value;
}

/** A connection that works: encrypted, the certificate checked down to the name. */
export function liveSource(changes: Partial<Record<string, unknown>> = {}): SourceConfig {
  return {
    databaseType: 'POSTGRES',
    host: live.host,
    port: live.port,
    databaseName: live.database,
    userName: live.user,
    password: live.password,
    sslType: 'verify-full',
    trustStoreLocation: live.ca,
    trustStoreType: 'PEM',
    ...changes,
  };
}

/** A superuser beside the connector, to build fixtures and to disturb. */
export async function connectAdmin(port = live.port): Promise<pg.Client> {
  const ssl = port === live.port ? { ca: readFileSync(live.ca, 'utf8') } : false;
  const client = new pg.Client({
    ...live,
    port: Number(port),
    ssl: port === live.expiredPort ? { rejectUnauthorized: false } : ssl,
  });
  await client.connect();
  return client;
}
