import { z } from 'zod';
import { coerceValue, type FieldType, hasType, kindOf, TYPE_WORDS } from './coerce.ts';
import { stripUriSecrets } from './source-uri.ts';

/** One field of a data source, as the contract spells it. This list is the only place where they are written down. */
export interface SourceField {
  type: FieldType;
  says: string;
  /** Write-only: encrypted at rest, never returned. */
  secret?: true;
  /** Says where the connection goes: with another value no stored secret is used. */
  target?: true;
  /** Kept in a column of its own, not in `config`. */
  column?: true;
  /** Set by the engine; in a body it is ignored with a warning. */
  ignored?: true;
}

const text = (says: string): SourceField => ({ type: 'string', says });
const target = (says: string): SourceField => ({ type: 'string', says, target: true });
const secret = (says: string): SourceField => ({ type: 'string', says, secret: true });
const column = (says: string): SourceField => ({ type: 'string', says, column: true });
const ignored = (says: string): SourceField => ({ type: 'string', says, ignored: true });
const flag = (says: string): SourceField => ({ type: 'boolean', says });

export const SOURCE_FIELDS: Readonly<Record<string, SourceField>> = {
  resourceName: column('Name of the data source, unique'),
  resourceId: column('Id of a saved data source, 24 hex digits'),
  fqdnId: column('Permanent, unique id of the data source; made when left out; cannot be changed'),
  databaseType: {
    type: 'string',
    says: 'Kind of source, e.g. POSTGRES; upper or lower case',
    column: true,
    target: true,
  },
  affinityId: column('Which workers reach the source; DEFAULT when left out'),
  configMethod: text('How the connection is given: credentials or uri'),
  host: target('Host name or address'),
  port: target('Port'),
  uri: target(
    'Connection URI, in JDBC form (jdbc:postgresql://…) or native form; a password in it is kept as a secret',
  ),
  databaseName: target('Database name'),
  path: target('File or folder'),
  userName: text('User name'),
  password: secret('Password'),
  schemaNames: { type: 'strings', says: 'Schemas to ingest, exact names; empty means all' },
  includePatterns: {
    type: 'strings',
    says: 'Globs of what to ingest, matched against schema/table or the path below path',
  },
  excludePatterns: { type: 'strings', says: 'Globs of what to leave out; they win over includePatterns' },
  description: text('Description'),
  note: text('Note'),
  owners: { type: 'objects', says: 'Owners' },
  users: { type: 'strings', says: 'Users' },
  location: { type: 'object', says: 'Where the source stands: {country}' },
  costPerTb: { type: 'object', says: 'Cost per terabyte: {price, frequency}' },
  totalCapacity: { type: 'number', says: 'Total capacity in terabytes' },
  jobClasspath: target('Job classpath'),
  driverClassName: target('Driver class name'),
  spiVersion: text('SPI version'),
  serviceType: text('Service type'),
  oauthClientId: text('OAuth client id'),
  oauthClientSecret: secret('OAuth client secret'),
  oAuthType: { type: 'number', says: 'OAuth type' },
  hdfsCredType: text('HDFS credential type'),
  endpoint: target('Endpoint of an object store'),
  container: target('Bucket or container'),
  accessId: text('Access id'),
  accessKey: secret('Access key'),
  secretKey: secret('Secret key'),
  secretManagerKey: secret('Secret manager key'),
  project: target('Project'),
  keyPath: text('Path of a key file on the worker'),
  clientEmail: text('Client e-mail of a service account'),
  warehouse: text('Warehouse'),
  region: target('Cloud region'),
  accountNumber: text('Cloud account number'),
  iamUsername: text('IAM user name'),
  accessKeyID: text('AWS access key id'),
  secretAccessKey: secret('AWS secret access key'),
  assumeRole: text('Role to assume'),
  role: text('Role'),
  externalID: text('External id'),
  sslType: text('How the connection is encrypted'),
  skipSslValidation: flag('Do not check the certificate of the server'),
  trustStoreType: text('Trust store type'),
  trustStoreLocation: text(
    'PEM file of the authorities to trust, below a file root of the worker, or the PEM text itself',
  ),
  trustStorePassword: secret('Trust store password'),
  keyStoreType: text('Key store type'),
  keyStoreLocation: text('Key store location'),
  keyStorePassword: secret('Key store password'),
  cipherSuite: text('Cipher suite'),
  serverDistinguishedName: text('Distinguished name that the server must show'),
  connectionType: text('Connection type of Microsoft SQL Server'),
  fileSystemType: target('File system type'),
  followSymLinks: text('Whether symbolic links are followed: "true" or "false"'),
  domain: target('Domain'),
  shareName: target('Share name'),
  accountName: target('Storage account name'),
  azureCredType: text('Azure credential type'),
  azureSharedKey: secret('Azure shared key'),
  azureTenantId: target('Azure tenant id'),
  availableForMigration: flag('Available for migration'),
  enabledForMigration: flag('Enabled for migration'),
  availableForWriting: flag('Available for writing'),
  availableForDataMastering: flag('Available for data mastering'),
  encryptedPassword: ignored('Ignored: a password encrypted elsewhere cannot be used'),
  status: ignored('Ignored: set by the engine, ONLINE or OFFLINE'),
  lastIngestId: ignored('Ignored: set by the engine, id of the last ingest job'),
  lastTestConnectionId: ignored('Ignored: set by the engine, id of the last connection test'),
};

export const SECRET_FIELDS: readonly string[] = Object.keys(SOURCE_FIELDS).filter(
  (name) => SOURCE_FIELDS[name]?.secret,
);
export const TARGET_FIELDS: readonly string[] = Object.keys(SOURCE_FIELDS).filter(
  (name) => SOURCE_FIELDS[name]?.target,
);

export interface SplitConfig {
  /** Fields with a value, in the contract's types, secrets left out; also resourceName, resourceId, fqdnId, databaseType, affinityId. */
  config: Record<string, unknown>;
  /** Wire name → secret in the clear. Encrypt before it goes anywhere. */
  secrets: Record<string, string>;
  /** Names that were sent as `null` or `""`: absent in a create or a job, emptied by a PATCH. */
  emptied: string[];
  /** Sentences about what was ignored: unknown keys, fields that the engine sets. */
  warnings: string[];
  /** Sentences about what is wrong; `[]` when all is well. Never contain a value. */
  problems: string[];
}

/** Sorts the keys of a data-source body (also of test-connection and ingest) into configuration and secrets. Pure. */
export function splitConfig(body: Readonly<Record<string, unknown>>): SplitConfig {
  const split: SplitConfig = { config: {}, secrets: {}, emptied: [], warnings: [], problems: [] };
  for (const [name, received] of Object.entries(body)) {
    const field = Object.hasOwn(SOURCE_FIELDS, name) ? SOURCE_FIELDS[name] : undefined;
    if (received === undefined) continue;
    if (!field) split.warnings.push(`${name}: not a field of a data source; ignored`);
    else if (field.ignored) split.warnings.push(`${name}: set by the engine; ignored`);
    else take(split, name, field, received);
  }
  takeUri(split);
  return split;
}

/** Names of the fields by which `next` sends the connection elsewhere than `stored`. Fields absent from `next` stay as stored. */
export function changesTarget(
  stored: Readonly<Record<string, unknown>>,
  next: Readonly<Record<string, unknown>>,
): string[] {
  return TARGET_FIELDS.filter((name) => {
    if (!Object.hasOwn(next, name)) return false;
    const [was, is] = [stored[name] ?? '', next[name] ?? ''].map(String);
    return name === 'databaseType' ? was?.toUpperCase() !== is?.toUpperCase() : was !== is;
  });
}

/** Zod shape of a data-source body: every field optional, lenient about types as `coerceValue` is, unknown keys kept. */
export const sourceBodyShape: Record<string, z.ZodType<unknown>> = Object.fromEntries(
  Object.entries(SOURCE_FIELDS).map(([name, field]) => [
    name,
    z
      .preprocess((value) => coerceValue(field.type, value), zodType(field.type).optional())
      .optional()
      .describe(field.says),
  ]),
);

function zodType(type: FieldType): z.ZodType<unknown> {
  if (type === 'string') return z.string();
  if (type === 'number') return z.number();
  if (type === 'integer') return z.int();
  if (type === 'boolean') return z.boolean();
  if (type === 'strings') return z.array(z.string());
  return type === 'objects' ? z.array(z.looseObject({})) : z.looseObject({});
}

function take(split: SplitConfig, name: string, field: SourceField, received: unknown): void {
  const value = coerceValue(field.type, received);
  if (value === undefined) split.emptied.push(name);
  else if (!hasType(field.type, value))
    split.problems.push(`${name}: received ${kindOf(received)}, expected ${TYPE_WORDS[field.type]}`);
  else if (name === 'port' && !isPort(value as string))
    split.problems.push(`port: received ${portWords(value as string)}, expected a whole number from 1 to 65535`);
  else if (field.secret) split.secrets[name] = value as string;
  else split.config[name] = value;
}

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
/** A number is shown; a text may be a secret that was sent in the wrong field. */
const portWords = (text: string): string => (/^-?\d{1,10}(\.\d{1,5})?$/.test(text) ? text : 'a text that is no port');

function takeUri(split: SplitConfig): void {
  if (typeof split.config.uri !== 'string') return;
  const { uri, secrets, problems } = stripUriSecrets(split.config.uri);
  split.config.uri = uri;
  split.problems.push(...problems);
  for (const [name, value] of Object.entries(secrets)) {
    if (split.secrets[name] === undefined) split.secrets[name] = value;
    else if (split.secrets[name] !== value)
      split.warnings.push(`uri: its ${name} was left out; the field ${name} is used`);
  }
}
