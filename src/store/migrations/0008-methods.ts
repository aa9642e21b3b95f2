/**
 * Identification methods, the terms of dictionaries, and business terms.
 *
 * - `method.definition` is the JSON as it came, `members` the names of the files it came in. `version` changes with what could change a
 *   verdict, `revision` with every edit.
 * - A set of terms never changes: another one takes its place, in the transaction that made it. One that is being made belongs to no
 *   method. `term_chunk` has the terms packed, in the order and spelling they came in.
 * - `term_hashes` has the hashes of their canonical texts, ascending, each once; `first` to `last` is the part of hash space of a
 *   run; `chunks` tells in which chunk the text of each hash is. Packed already: nothing is to be won by packing them again.
 */
export const up = `
CREATE TABLE method (
  id text COLLATE "C" PRIMARY KEY,
  kind text NOT NULL,
  name text COLLATE "C" NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  built_in boolean NOT NULL DEFAULT false,
  revision integer NOT NULL DEFAULT 1,
  version text NOT NULL,
  origin text NOT NULL,
  language text NOT NULL DEFAULT '',
  categories text[] NOT NULL DEFAULT '{}',
  definition jsonb NOT NULL,
  members jsonb NOT NULL DEFAULT '{}',
  warnings jsonb NOT NULL DEFAULT '[]',
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by uuid,
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by uuid
);
CREATE INDEX method_name ON method (kind, name, id);

CREATE TABLE term_set (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  method_id text COLLATE "C" UNIQUE REFERENCES method ON DELETE CASCADE,
  terms integer NOT NULL DEFAULT 0,
  cardinality integer NOT NULL DEFAULT 0,
  digest text NOT NULL DEFAULT ''
);

CREATE TABLE term_chunk (
  term_set bigint NOT NULL REFERENCES term_set ON DELETE CASCADE,
  place integer NOT NULL,
  terms integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (term_set, place)
);
ALTER TABLE term_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE term_hashes (
  term_set bigint NOT NULL REFERENCES term_set ON DELETE CASCADE,
  place integer NOT NULL,
  first bigint NOT NULL,
  last bigint NOT NULL,
  count integer NOT NULL,
  hashes bytea NOT NULL,
  chunks bytea NOT NULL,
  PRIMARY KEY (term_set, place)
);
ALTER TABLE term_hashes ALTER COLUMN hashes SET STORAGE EXTERNAL, ALTER COLUMN chunks SET STORAGE EXTERNAL;

CREATE TABLE business_term (
  id text COLLATE "C" PRIMARY KEY,
  glossary text COLLATE "C" NOT NULL,
  category text COLLATE "C" NOT NULL DEFAULT '',
  name text COLLATE "C" NOT NULL,
  description text NOT NULL DEFAULT '',
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by uuid,
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by uuid
);
CREATE UNIQUE INDEX business_term_place ON business_term (name, glossary, category);
`;
