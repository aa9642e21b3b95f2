import { availableParallelism, hostname } from 'node:os';
import type { z } from 'zod';
import * as kinds from './kinds.ts';
import { OIDC_SETTINGS } from './oidc-settings.ts';
import { type Setting, setting } from './setting.ts';

export type { Setting } from './setting.ts';

const days = kinds.wholeNumber(1, 36_500);

/**
 * Every setting there is. The documentation is generated from this table, the flags of the command line are made from it,
 * and `loadConfig` reads nothing else.
 */
export const SETTINGS = {
  dataDir: setting({
    group: 'store',
    env: 'ASSAY_DATA',
    flag: '--data <folder>',
    kind: kinds.path,
    fallback: () => kinds.absolute('./assay-data'),
    fallbackText: './assay-data',
    meaning: 'Folder of the embedded database and of the key file.',
  }),
  databaseUrl: setting({
    group: 'store',
    env: 'DATABASE_URL',
    kind: kinds.postgresUrl.optional(),
    secret: true,
    meaning:
      'PostgreSQL (14 or later) to use in place of the embedded one: `postgresql://user:password@host:5432/assay`.',
  }),
  secretKey: setting({
    group: 'security',
    env: 'ASSAY_SECRET_KEY',
    kind: kinds.key.optional(),
    secret: true,
    meaning:
      'Key that encrypts stored secrets: 32 bytes as hex or base64. Without it a key file is made in the data folder.',
  }),
  adminPassword: setting({
    group: 'security',
    env: 'ASSAY_ADMIN_PASSWORD',
    kind: kinds.password.optional(),
    secret: true,
    meaning:
      'Password of the user `admin`, used when the first start makes it. Without it a random one is printed once.',
  }),
  accessTokenSeconds: setting({
    group: 'security',
    env: 'ASSAY_ACCESS_TOKEN_SECONDS',
    kind: kinds.wholeNumber(30, 86_400),
    fallback: () => 900,
    meaning: 'How long an access token is valid.',
  }),
  refreshTokenSeconds: setting({
    group: 'security',
    env: 'ASSAY_REFRESH_TOKEN_SECONDS',
    kind: kinds.wholeNumber(60, 31_536_000),
    fallback: () => 86_400,
    meaning: 'How long a refresh token is valid.',
  }),
  apiKeyDays: setting({
    group: 'security',
    env: 'ASSAY_API_KEY_DAYS',
    kind: kinds.wholeNumber(1, 3_650),
    fallback: () => 365,
    meaning: 'Longest life of an API key, in days; keys made without an end get it.',
  }),
  apiKeyAwayDays: setting({
    group: 'security',
    env: 'ASSAY_API_KEY_AWAY_DAYS',
    kind: kinds.wholeNumber(1, 3_650),
    fallback: () => 90,
    meaning:
      'API keys of a user who comes from an issuer pause when that user has not signed in for so many days: who left there does not go on here.',
  }),
  keepValues: setting({
    group: 'security',
    env: 'ASSAY_KEEP_VALUES',
    kind: kinds.yesOrNo,
    fallback: () => true,
    meaning:
      'Whether profiling without samples still keeps up to 1,024 values per column, encrypted, for patterns and regular ' +
      'expressions. Without them identification says "no values kept".',
  }),
  ...OIDC_SETTINGS,
  host: setting({
    group: 'server',
    env: 'ASSAY_HOST',
    flag: '--host <address>',
    kind: kinds.text,
    fallback: () => '127.0.0.1',
    meaning: 'Address to listen on; `0.0.0.0` for every one of the machine.',
  }),
  port: setting({
    group: 'server',
    env: 'ASSAY_PORT',
    flag: '--port <number>',
    kind: kinds.wholeNumber(0, 65_535),
    fallback: () => 8080,
    meaning: 'Port to listen on; 0 takes a free one.',
  }),
  tlsCert: setting({
    group: 'server',
    env: 'ASSAY_TLS_CERT',
    flag: '--tls-cert <file>',
    kind: kinds.path.optional(),
    meaning: 'Certificate chain (PEM) for HTTPS; wants --tls-key too.',
  }),
  tlsKey: setting({
    group: 'server',
    env: 'ASSAY_TLS_KEY',
    flag: '--tls-key <file>',
    kind: kinds.path.optional(),
    meaning: 'Private key (PEM) of the certificate.',
  }),
  importMb: setting({
    group: 'server',
    env: 'ASSAY_IMPORT_MB',
    kind: kinds.wholeNumber(1, 65_536),
    fallback: () => 1024,
    meaning:
      'Largest zip or CSV of identification methods that may be uploaded, in megabytes; what comes out of a zip may be four times as large. It ' +
      'waits in the temporary folder of the system until it is imported.',
  }),
  logLevel: setting({
    group: 'server',
    env: 'ASSAY_LOG_LEVEL',
    flag: '--log-level <level>',
    kind: kinds.oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    fallback: (): 'info' => 'info',
    meaning: 'Least level of the lines in the log.',
  }),
  worker: setting({
    group: 'worker',
    env: 'ASSAY_WORKER',
    flag: '--no-worker',
    kind: kinds.yesOrNo,
    fallback: () => true,
    meaning: 'Whether `assay serve` does tasks itself.',
  }),
  workerName: setting({
    group: 'worker',
    env: 'ASSAY_WORKER_NAME',
    flag: '--name <name>',
    kind: kinds.text,
    fallback: () => hostname(),
    fallbackText: 'the host name',
    meaning: 'Name of the worker, shown with the jobs it worked on.',
  }),
  affinities: setting({
    group: 'worker',
    env: 'ASSAY_AFFINITY',
    flag: '--affinity <label...>',
    kind: kinds.list(','),
    fallback: () => ['DEFAULT'],
    fallbackText: 'DEFAULT',
    meaning: 'Affinities that the worker serves, separated by commas.',
  }),
  slots: setting({
    group: 'worker',
    env: 'ASSAY_SLOTS',
    flag: '--slots <number>',
    kind: kinds.wholeNumber(1, 256),
    fallback: () => availableParallelism(),
    fallbackText: 'the number of cores',
    meaning: 'Tasks that the worker does at once.',
  }),
  taskMemoryMb: setting({
    group: 'worker',
    env: 'ASSAY_TASK_MEMORY',
    flag: '--task-memory <MB>',
    kind: kinds.wholeNumber(128, 1_048_576),
    fallback: () => 1024,
    meaning: 'Memory that one task may use, in MB.',
  }),
  conditionSeconds: setting({
    group: 'worker',
    env: 'ASSAY_CONDITION_SECONDS',
    kind: kinds.wholeNumber(1, 604_800),
    fallback: () => 3_600,
    meaning:
      'How long reading a table by a condition of a user (`whereClause`) may take, in seconds. Then it is stopped in the source.',
  }),
  wholeTableRows: setting({
    group: 'worker',
    env: 'ASSAY_WHOLE_TABLE_ROWS',
    kind: kinds.wholeNumber(1, 1_000_000_000_000),
    fallback: () => 200_000_000,
    meaning:
      'Tables with more rows than this, by the estimate of their source, are profiled from 500,000 of their rows unless the request asks for all.',
  }),
  wholeTableGb: setting({
    group: 'worker',
    env: 'ASSAY_WHOLE_TABLE_GB',
    kind: kinds.wholeNumber(1, 1_000_000),
    fallback: () => 100,
    meaning: 'The same for tables and files of more GB than this.',
  }),
  membershipMb: setting({
    group: 'worker',
    env: 'ASSAY_MEMBERSHIP_MB',
    kind: kinds.wholeNumber(0, 100),
    fallback: () => 1,
    meaning:
      'Size in MB up to which the membership filter of a column that may be a key is kept, 9 bits for each of its values: 1 MB holds 890,000. Building one takes about 1.4 µs of processor time a value, and 20 times its size in memory. 0: none is kept.',
  }),
  fileRoots: setting({
    group: 'worker',
    env: 'ASSAY_FILE_ROOTS',
    flag: '--file-root <folder...>',
    kind: kinds.paths,
    fallback: () => [],
    fallbackText: 'none',
    meaning: 'Folders whose files data sources on this machine may read; separated by `:` (`;` on Windows).',
  }),
  retainEventDays: setting({
    group: 'retention',
    env: 'ASSAY_RETAIN_EVENT_DAYS',
    kind: days,
    fallback: () => 30,
    meaning: 'Days that the events of finished jobs are kept.',
  }),
  retainJobDays: setting({
    group: 'retention',
    env: 'ASSAY_RETAIN_JOB_DAYS',
    kind: days,
    fallback: () => 365,
    meaning: 'Days that finished jobs are kept.',
  }),
  retainProfiles: setting({
    group: 'retention',
    env: 'ASSAY_RETAIN_PROFILES',
    kind: kinds.wholeNumber(1, 10_000),
    fallback: () => 10,
    meaning: 'Profiles kept per table, file and column, the current one included.',
  }),
  serverUrl: setting({
    group: 'client',
    env: 'ASSAY_URL',
    flag: '--url <address>',
    kind: kinds.httpUrl.optional(),
    meaning: 'Server that the client commands talk to; without it the one of the last `assay login`.',
  }),
  token: setting({
    group: 'client',
    env: 'ASSAY_TOKEN',
    kind: kinds.token.optional(),
    secret: true,
    meaning: 'Access token for the client commands in place of `assay login`.',
  }),
  apiKey: setting({
    group: 'client',
    env: 'ASSAY_API_KEY',
    kind: kinds.apiKey.optional(),
    secret: true,
    meaning: 'API key for the client commands in place of `assay login`; give this or ASSAY_TOKEN.',
  }),
} satisfies Record<string, Setting<never> | Setting>;

export type SettingName = keyof typeof SETTINGS;
export type Config = Readonly<{ [K in SettingName]: z.output<(typeof SETTINGS)[K]['kind']> }>;
