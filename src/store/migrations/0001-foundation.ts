/** The foundation: users, sources, entities, jobs and tasks, profiles. Names compare byte by byte (COLLATE "C"). */
export const up = `
CREATE TABLE meta (key text PRIMARY KEY, value jsonb NOT NULL);

CREATE TABLE app_user (
  id uuid PRIMARY KEY,
  username text NOT NULL,
  name text NOT NULL DEFAULT '',
  first_name text NOT NULL DEFAULT '',
  last_name text NOT NULL DEFAULT '',
  email text NOT NULL DEFAULT '',
  roles text[] NOT NULL DEFAULT '{}',
  password_hash text,
  disabled boolean NOT NULL DEFAULT false,
  token_version integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX app_user_username ON app_user (lower(username));

CREATE TABLE refresh_token (
  hash text PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE signing_key (
  kid text PRIMARY KEY,
  public_jwk jsonb NOT NULL,
  private_ciphertext text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  retired_at timestamptz
);

CREATE TABLE login_attempt (
  subject text PRIMARY KEY,
  failures integer NOT NULL,
  window_ends timestamptz NOT NULL
);

CREATE TABLE audit_log (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  user_id uuid,
  username text NOT NULL DEFAULT '',
  action text NOT NULL,
  target text NOT NULL DEFAULT '',
  details jsonb NOT NULL DEFAULT '{}'
);

CREATE TABLE data_source (
  id text PRIMARY KEY,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  version integer NOT NULL DEFAULT 0,
  resource_name text COLLATE "C" NOT NULL,
  fqdn_id text COLLATE "C" NOT NULL,
  database_type text NOT NULL,
  affinity_id text NOT NULL DEFAULT 'DEFAULT',
  config jsonb NOT NULL DEFAULT '{}',
  secrets jsonb NOT NULL DEFAULT '{}',
  status text NOT NULL DEFAULT 'OFFLINE',
  status_at timestamptz,
  last_ingest_id text NOT NULL DEFAULT '',
  last_test_connection_id text NOT NULL DEFAULT '',
  removal_job_id text,
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX data_source_resource_name ON data_source (resource_name);
CREATE UNIQUE INDEX data_source_fqdn_id ON data_source (fqdn_id);

CREATE TABLE entity (
  id uuid PRIMARY KEY,
  source_id text NOT NULL,
  parent_id uuid,
  root_id uuid NOT NULL,
  type text NOT NULL,
  name text COLLATE "C" NOT NULL,
  fqdn text COLLATE "C" NOT NULL,
  ordinal integer NOT NULL DEFAULT 0,
  metadata jsonb NOT NULL DEFAULT '{}',
  changed_by_job text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX entity_place ON entity (source_id, coalesce(parent_id, '00000000-0000-0000-0000-000000000000'::uuid), type, name);
CREATE INDEX entity_parent ON entity (parent_id);
CREATE INDEX entity_fqdn ON entity (fqdn);

-- When a container was last listed; kept apart so that an unchanged ingest changes no entity.
CREATE TABLE scan (
  container_id uuid PRIMARY KEY,
  source_id text NOT NULL,
  scanned_at timestamptz NOT NULL,
  job_id text NOT NULL
);
CREATE INDEX scan_source ON scan (source_id);

-- What people set on an entity; ingest never touches it.
CREATE TABLE entity_attributes (
  entity_id uuid PRIMARY KEY,
  source_id text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  attributes jsonb NOT NULL DEFAULT '{}',
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by uuid
);
CREATE INDEX entity_attributes_source ON entity_attributes (source_id);

-- Tags, terms and sensitivity: who says so, since when, and who took it back.
CREATE TABLE assertion (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  entity_id uuid NOT NULL,
  source_id text NOT NULL,
  kind text NOT NULL,
  value text COLLATE "C" NOT NULL,
  body jsonb NOT NULL DEFAULT '{}',
  origin text NOT NULL,
  by_user uuid,
  by_job text,
  at timestamptz NOT NULL DEFAULT now(),
  removed_by text,
  removed_at timestamptz,
  evidence jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX assertion_entity ON assertion (entity_id, kind);
CREATE INDEX assertion_source ON assertion (source_id);

CREATE TABLE job (
  id text PRIMARY KEY,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  version integer NOT NULL DEFAULT 0,
  name text NOT NULL,
  user_id uuid NOT NULL,
  user_snapshot jsonb NOT NULL DEFAULT '{}',
  status text NOT NULL DEFAULT 'ACCEPTED',
  input jsonb NOT NULL DEFAULT '{}',
  scope jsonb NOT NULL DEFAULT '{"dataSources": [], "scope": []}',
  resource_ids text[] NOT NULL DEFAULT '{}',
  affinity text NOT NULL DEFAULT 'DEFAULT',
  priority integer NOT NULL DEFAULT 0,
  lock_keys text[] NOT NULL DEFAULT '{}',
  message text NOT NULL DEFAULT '',
  result jsonb,
  effects jsonb,
  statistics jsonb,
  event_seq integer NOT NULL DEFAULT 0,
  open_tasks integer NOT NULL DEFAULT 0,
  rerun_of text,
  cancel_requested_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz
);
CREATE UNIQUE INDEX job_seq ON job (seq);
CREATE INDEX job_finished ON job (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX job_open_locks ON job USING gin (lock_keys) WHERE finished_at IS NULL;
CREATE INDEX job_resources ON job USING gin (resource_ids);

-- state: blocked (an earlier stage of its item is not done), ready, running, done, failed, skipped, cancelled.
CREATE TABLE task (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_id text NOT NULL REFERENCES job ON DELETE CASCADE,
  key text COLLATE "C" NOT NULL,
  item text COLLATE "C" NOT NULL,
  title text NOT NULL DEFAULT '',
  kind text NOT NULL,
  stage integer NOT NULL DEFAULT 0,
  affinity text NOT NULL,
  priority integer NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'ready',
  payload jsonb NOT NULL DEFAULT '{}',
  weight double precision NOT NULL DEFAULT 1,
  progress double precision NOT NULL DEFAULT 0,
  attempt integer NOT NULL DEFAULT 0,
  failures integer NOT NULL DEFAULT 0,
  fence bigint NOT NULL DEFAULT 0,
  run_at timestamptz NOT NULL DEFAULT now(),
  lease_until timestamptz,
  worker_id uuid,
  worker_name text,
  worker_host text,
  part jsonb,
  effects jsonb,
  reason text NOT NULL DEFAULT '',
  error jsonb,
  started_at timestamptz,
  finished_at timestamptz
);
CREATE UNIQUE INDEX task_key ON task (job_id, key);
CREATE INDEX task_item ON task (job_id, item, stage);
CREATE INDEX task_ready ON task (priority DESC, id) WHERE state = 'ready';
CREATE INDEX task_running ON task (lease_until) WHERE state = 'running';

-- Mergeable bytes that a task leaves behind for a later stage of its item; gone when the result is committed.
CREATE TABLE task_bytes (
  task_id bigint NOT NULL REFERENCES task ON DELETE CASCADE,
  name text COLLATE "C" NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (task_id, name)
);

CREATE TABLE job_event (
  job_id text NOT NULL REFERENCES job ON DELETE CASCADE,
  seq integer NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  level text NOT NULL,
  kind text NOT NULL,
  message text NOT NULL,
  details jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (job_id, seq)
);

CREATE TABLE worker (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  host text NOT NULL,
  pid integer NOT NULL,
  software text NOT NULL,
  affinities text[] NOT NULL,
  slots integer NOT NULL,
  running integer NOT NULL DEFAULT 0,
  started_at timestamptz NOT NULL DEFAULT now(),
  heartbeat_at timestamptz NOT NULL DEFAULT now(),
  stopped_at timestamptz
);

CREATE TABLE idempotency (
  user_id uuid NOT NULL,
  route text NOT NULL,
  key text NOT NULL,
  body_hash text NOT NULL,
  job_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, route, key)
);

-- The profile of a table-like entity and, in rows of their own, of its columns.
CREATE TABLE profile (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  entity_id uuid NOT NULL,
  table_id uuid NOT NULL,
  source_id text NOT NULL,
  job_id text NOT NULL,
  job_seq bigint NOT NULL,
  current boolean NOT NULL DEFAULT true,
  profiled_at timestamptz NOT NULL DEFAULT now(),
  basis jsonb NOT NULL,
  body jsonb NOT NULL
);
CREATE UNIQUE INDEX profile_current ON profile (entity_id) WHERE current;
CREATE INDEX profile_entity ON profile (entity_id, id);
CREATE INDEX profile_source ON profile (source_id);

CREATE TABLE purge_count (what text PRIMARY KEY, rows bigint NOT NULL DEFAULT 0);
`;
