/** Users of other issuers, which of their tokens have been seen, and API keys. */
export const up = `
-- Empty for Assay's own users. Two users may have the same name when they come from different places: they are two people.
ALTER TABLE app_user ADD COLUMN issuer text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE app_user ADD COLUMN subject text COLLATE "C" NOT NULL DEFAULT '';
-- Of the token that the roles and names were last taken from: an older one does not bring old roles back.
ALTER TABLE app_user ADD COLUMN token_issued_at timestamptz;
ALTER TABLE app_user ADD COLUMN last_login_at timestamptz;
DROP INDEX app_user_username;
CREATE UNIQUE INDEX app_user_username ON app_user (lower(username)) WHERE issuer = '';
CREATE UNIQUE INDEX app_user_subject ON app_user (issuer, subject) WHERE issuer <> '';

-- A login is recorded once per token, however many servers see it. Rows go when the token has expired.
CREATE TABLE seen_token (
  hash bytea PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
CREATE INDEX seen_token_expires ON seen_token (expires_at);

-- SHA-256 is enough here: the secret has 256 random bits, so nobody can guess it from its hash, and every request needs it.
CREATE TABLE api_key (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
  name text NOT NULL,
  shown text NOT NULL,
  hash bytea NOT NULL,
  scopes text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  last_used_at timestamptz,
  revoked_at timestamptz
);
CREATE UNIQUE INDEX api_key_hash ON api_key (hash);
CREATE INDEX api_key_user ON api_key (user_id);
`;
