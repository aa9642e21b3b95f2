import type { ColumnType, Generated, Insertable, Kysely, Selectable, Transaction } from 'kysely';
import type { SerializedError } from '../errors/assay-error.ts';
import type { EntityType } from '../model/entity.ts';
import type { Effects, JobStatus, Statistics } from '../model/job-status.ts';

/** Row types of every table, as the driver gives them: int8 as number, timestamptz as Date, jsonb parsed. */
type Json<T> = ColumnType<T, string, string>;
type JsonDefault<T> = ColumnType<T, string | undefined, string>;
type Now = ColumnType<Date, Date | string | undefined, Date | string>;
type MaybeTime = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;

export interface Database {
  meta: { key: string; value: Json<unknown> };
  app_user: UserTable;
  refresh_token: {
    hash: string;
    user_id: string;
    expires_at: ColumnType<Date, Date | string, Date | string>;
    created_at: Now;
  };
  signing_key: {
    kid: string;
    public_jwk: Json<Record<string, unknown>>;
    private_ciphertext: string;
    created_at: Now;
    retired_at: MaybeTime;
  };
  seen_token: { hash: Buffer; expires_at: ColumnType<Date, Date | string, Date | string> };
  api_key: ApiKeyTable;
  login_attempt: { subject: string; failures: number; window_ends: ColumnType<Date, Date | string, Date | string> };
  audit_log: {
    seq: Generated<number>;
    at: Now;
    user_id: string | null;
    username: Generated<string>;
    action: string;
    target: Generated<string>;
    details: JsonDefault<Record<string, unknown>>;
  };
  data_source: DataSourceTable;
  entity: EntityTable;
  scan: {
    container_id: string;
    source_id: string;
    scanned_at: ColumnType<Date, Date | string, Date | string>;
    job_id: string;
    /** Everything below the container was listed then, too. */
    below: Generated<boolean>;
  };
  entity_attributes: {
    entity_id: string;
    source_id: string;
    version: Generated<number>;
    attributes: JsonDefault<Record<string, unknown>>;
    updated_at: Now;
    updated_by: string | null;
  };
  assertion: {
    id: Generated<number>;
    entity_id: string;
    source_id: string;
    kind: string;
    value: string;
    body: JsonDefault<Record<string, unknown>>;
    origin: string;
    by_user: string | null;
    by_job: string | null;
    at: Now;
    removed_by: string | null;
    removed_at: MaybeTime;
    evidence: JsonDefault<Record<string, unknown>>;
    /** Of what a method found: the method and the column that it was found in. */
    method_id: Generated<string | null>;
    column_id: Generated<string | null>;
    removed_by_job: Generated<string | null>;
  };
  job: JobTable;
  task: TaskTable;
  task_bytes: { task_id: number; name: string; bytes: Buffer };
  job_event: {
    job_id: string;
    seq: number;
    at: Now;
    level: string;
    kind: string;
    message: string;
    details: JsonDefault<Record<string, unknown>>;
  };
  worker: {
    id: string;
    name: string;
    host: string;
    pid: number;
    software: string;
    affinities: string[];
    slots: number;
    running: Generated<number>;
    started_at: Now;
    heartbeat_at: Now;
    stopped_at: MaybeTime;
  };
  idempotency: { user_id: string; route: string; key: string; body_hash: string; job_id: string; created_at: Now };
  profile: {
    id: Generated<number>;
    entity_id: string;
    table_id: string;
    source_id: string;
    job_id: string;
    job_seq: number;
    current: Generated<boolean>;
    profiled_at: Now;
    basis: Json<Record<string, unknown>>;
    body: Json<Record<string, unknown>>;
  };
  /** Ciphertexts of raw values that belong to a profile; they go when it goes. */
  profile_filter: { profile_id: number; bytes: Buffer };
  profile_values: { profile_id: number; samples: Buffer | null; kept: Buffer | null; part: Buffer | null };
  purge_count: { what: string; rows: Generated<number> };
  method: MethodTable;
  term_set: {
    id: Generated<number>;
    /** Null while it is being made. */
    method_id: string | null;
    terms: Generated<number>;
    cardinality: Generated<number>;
    digest: Generated<string>;
  };
  term_chunk: { term_set: number; place: number; terms: number; bytes: Buffer };
  term_hashes: {
    term_set: number;
    place: number;
    first: number;
    last: number;
    count: number;
    hashes: Buffer;
    chunks: Buffer;
  };
  business_term: BusinessTermTable;
}

interface MethodTable {
  id: string;
  kind: 'dictionary' | 'pattern';
  name: string;
  enabled: Generated<boolean>;
  built_in: Generated<boolean>;
  /** Grows with every edit; the ETag. */
  revision: Generated<number>;
  /** Changes with what could change a verdict. */
  version: string;
  /** How it came: `json`, `csv`, `zip`, `column`, `copy`, `built-in`. */
  origin: string;
  language: Generated<string>;
  categories: Generated<string[]>;
  definition: Json<Record<string, unknown>>;
  /** Names of the files it came in: `zip`, `json`, `csv`. */
  members: JsonDefault<Record<string, string>>;
  warnings: JsonDefault<string[]>;
  created_at: Now;
  created_by: string | null;
  updated_at: Now;
  updated_by: string | null;
}

interface BusinessTermTable {
  id: string;
  glossary: string;
  category: Generated<string>;
  name: string;
  description: Generated<string>;
  revision: Generated<number>;
  created_at: Now;
  created_by: string | null;
  updated_at: Now;
  updated_by: string | null;
}

interface UserTable {
  id: string;
  username: string;
  name: Generated<string>;
  first_name: Generated<string>;
  last_name: Generated<string>;
  email: Generated<string>;
  roles: Generated<string[]>;
  password_hash: string | null;
  disabled: Generated<boolean>;
  token_version: Generated<number>;
  issuer: Generated<string>;
  subject: Generated<string>;
  token_issued_at: MaybeTime;
  last_login_at: MaybeTime;
  created_at: Now;
  updated_at: Now;
}

interface ApiKeyTable {
  id: string;
  user_id: string;
  name: string;
  shown: string;
  hash: Buffer;
  scopes: string[];
  created_at: Now;
  expires_at: ColumnType<Date, Date | string, Date | string>;
  last_used_at: MaybeTime;
  revoked_at: MaybeTime;
}

interface DataSourceTable {
  id: string;
  seq: Generated<number>;
  version: Generated<number>;
  resource_name: string;
  fqdn_id: string;
  database_type: string;
  affinity_id: Generated<string>;
  /** Contract fields that are not secret, by wire name. */
  config: JsonDefault<Record<string, unknown>>;
  /** Wire name → ciphertext. */
  secrets: JsonDefault<Record<string, string>>;
  status: Generated<string>;
  status_at: MaybeTime;
  last_ingest_id: Generated<string>;
  last_test_connection_id: Generated<string>;
  removal_job_id: string | null;
  created_by: string | null;
  created_at: Now;
  updated_at: Now;
}

interface EntityTable {
  id: string;
  source_id: string;
  parent_id: string | null;
  root_id: string;
  type: ColumnType<EntityType, EntityType, EntityType>;
  name: string;
  fqdn: string;
  ordinal: Generated<number>;
  metadata: JsonDefault<Record<string, unknown>>;
  changed_by_job: string | null;
  /** Of a table that was listed whole, with its columns. */
  fingerprint: Generated<string | null>;
  created_at: Now;
  updated_at: Now;
}

export interface JobScope {
  dataSources: { _id: string; title: string }[];
  scope: { type: string; _id: string; title: string }[];
}

export interface UserSnapshot {
  name: string;
  email: string;
  firstName: string;
  lastName: string;
}

interface JobTable {
  id: string;
  seq: Generated<number>;
  version: Generated<number>;
  name: string;
  user_id: string;
  user_snapshot: JsonDefault<UserSnapshot>;
  status: ColumnType<JobStatus, JobStatus | undefined, JobStatus>;
  input: JsonDefault<Record<string, unknown>>;
  scope: JsonDefault<JobScope>;
  resource_ids: Generated<string[]>;
  affinity: Generated<string>;
  priority: Generated<number>;
  lock_keys: Generated<string[]>;
  message: Generated<string>;
  result: ColumnType<Record<string, unknown> | null, string | null | undefined, string | null>;
  effects: ColumnType<Effects | null, string | null | undefined, string | null>;
  statistics: ColumnType<Statistics | null, string | null | undefined, string | null>;
  event_seq: Generated<number>;
  /** Tasks that are blocked, ready or running; the job ends when it reaches 0. */
  open_tasks: Generated<number>;
  rerun_of: string | null;
  cancel_requested_at: MaybeTime;
  created_at: Now;
  updated_at: Now;
  started_at: MaybeTime;
  finished_at: MaybeTime;
}

export type TaskState = 'blocked' | 'ready' | 'running' | 'done' | 'failed' | 'skipped' | 'cancelled';

interface TaskTable {
  id: Generated<number>;
  job_id: string;
  key: string;
  item: string;
  title: Generated<string>;
  kind: 'plan' | 'work';
  stage: Generated<number>;
  affinity: string;
  priority: Generated<number>;
  state: ColumnType<TaskState, TaskState | undefined, TaskState>;
  payload: JsonDefault<Record<string, unknown>>;
  /** Tasks of a lane run one after the other. */
  lane: string | null;
  /** So many of its lane are claimed at once. */
  together: Generated<number>;
  weight: Generated<number>;
  progress: Generated<number>;
  /** How often it was claimed. */
  attempt: Generated<number>;
  /** How often it failed; a lost worker does not count. */
  failures: Generated<number>;
  fence: Generated<number>;
  run_at: Now;
  lease_until: MaybeTime;
  worker_id: string | null;
  worker_name: string | null;
  worker_host: string | null;
  part: ColumnType<Record<string, unknown> | null, string | null | undefined, string | null>;
  effects: ColumnType<Effects | null, string | null | undefined, string | null>;
  reason: Generated<string>;
  error: ColumnType<SerializedError | null, string | null | undefined, string | null>;
  /** Of the attempts that are over. */
  busy_seconds: Generated<number>;
  /** When the first attempt began. */
  started_at: MaybeTime;
  /** When the last one did. */
  attempt_at: MaybeTime;
  finished_at: MaybeTime;
}

export type Db = Kysely<Database>;
export type Trx = Transaction<Database>;
export type JobRow = Selectable<JobTable>;
export type NewJobRow = Insertable<JobTable>;
export type TaskRow = Selectable<TaskTable>;
export type EntityRow = Selectable<EntityTable>;
export type DataSourceRow = Selectable<DataSourceTable>;
export type UserRow = Selectable<UserTable>;
export type ApiKeyRow = Selectable<ApiKeyTable>;
export type BusinessTermRow = Selectable<BusinessTermTable>;
