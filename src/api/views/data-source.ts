import { z } from 'zod';
import { SOURCE_FIELDS } from '../../model/source-fields.ts';
import type { DataSourceRow } from '../../store/database.ts';

type JsonSchema = Record<string, unknown>;

const JSON_TYPES: Record<string, JsonSchema> = {
  string: { type: 'string' },
  number: { type: 'number' },
  integer: { type: 'integer' },
  boolean: { type: 'boolean' },
  strings: { type: 'array', items: { type: 'string' } },
  objects: { type: 'array', items: { type: 'object', additionalProperties: true } },
  object: { type: 'object', additionalProperties: true },
};

/** A request body with the contract's fields, as JSON Schema. `splitConfig` reads such bodies. */
export const SOURCE_REQUEST: JsonSchema = {
  title: 'DataSourceChange',
  type: 'object',
  additionalProperties: true,
  properties: Object.fromEntries(
    Object.entries(SOURCE_FIELDS).map(([name, field]) => [
      name,
      { ...JSON_TYPES[field.type], description: field.says, ...(field.secret ? { writeOnly: true } : {}) },
    ]),
  ),
};

/** The same for a new data source, which needs a name and a kind. */
export const NEW_SOURCE_REQUEST: JsonSchema = {
  ...SOURCE_REQUEST,
  title: 'NewDataSource',
  required: ['resourceName', 'databaseType'],
};

export const SOURCE_EXAMPLE = {
  resourceName: 'Sales',
  databaseType: 'POSTGRES',
  host: 'db.example.org',
  port: '5432',
  databaseName: 'sales',
  userName: 'reader',
  password: '…',
};

const own = {
  _id: z.string().describe('Id, 24 hex digits'),
  pId: z.int(),
  __v: z.int().describe('Version; the ETag'),
  resourceName: z.string(),
  fqdnId: z.string(),
  databaseType: z.string(),
  affinityId: z.string(),
  status: z.string().describe('ONLINE after a connection test that passed, else OFFLINE'),
  lastIngestId: z.string(),
  lastTestConnectionId: z.string(),
  savedSecrets: z.array(z.string()).describe('Names of the secrets that are stored; their values are never returned'),
  removalJobId: z.string().describe('The job that is removing it; "" otherwise'),
  createdAt: z.string(),
  updatedAt: z.string(),
};

export const dataSourceBody = z
  .looseObject(own)
  .meta({ title: 'DataSource', description: 'A data source with every field that was given, secrets left out' });

export function toDataSourceBody(row: DataSourceRow): z.output<typeof dataSourceBody> {
  return {
    ...row.config,
    _id: row.id,
    pId: row.seq,
    __v: row.version,
    resourceName: row.resource_name,
    fqdnId: row.fqdn_id,
    databaseType: row.database_type,
    affinityId: row.affinity_id,
    status: row.status,
    lastIngestId: row.last_ingest_id,
    lastTestConnectionId: row.last_test_connection_id,
    savedSecrets: Object.keys(row.secrets).sort(),
    removalJobId: row.removal_job_id ?? '',
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
