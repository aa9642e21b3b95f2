/**
 * Search in less time, and for those who write at less cost.
 *
 * - A name keeps its counts itself, by kind (a type in a source): `search_count` had a row for each, which took most of the time
 *   of a search for a word of many names. `search_total` numbers the kinds and counts all names together.
 * - `search_doc` can be ranked without its names, and browsed by popularity.
 * - Who makes or deletes entities tells search himself what they were (`src/store/search-notes.ts`), in the same transaction, and
 *   says so by a setting: a trigger that is handed the rows keeps a second copy of each, half the price of copying a million in.
 *   Whoever says nothing leaves one note without a name, upon which everything is counted anew.
 * - Columns, nine tenths of all entities, have an index of their own: beside entries of another size PostgreSQL splits the pages
 *   of `entity_kind` in the middle, and half stays empty. `entity_named` has the few tables of a name that many columns bear.
 *
 * What was folded before is thrown away and counted anew by the first fold.
 */
export const up = `
DROP INDEX entity_kind;
CREATE INDEX entity_kind ON entity (source_id, type, id) WHERE type <> 'COLUMN';
CREATE INDEX entity_column ON entity (source_id, id) WHERE type = 'COLUMN';
CREATE INDEX entity_named ON entity (name, type, id) WHERE type <> 'COLUMN';

DROP TABLE search_name, search_count, search_doc;

-- kinds: of which types in which sources its entities are, see search_total; how many of each, and how many of those profiled.
CREATE TABLE search_name (
  name text COLLATE "C" PRIMARY KEY,
  squash text COLLATE "C" NOT NULL,
  parts smallint NOT NULL,
  n integer NOT NULL,
  profiled integer NOT NULL,
  kinds integer[] NOT NULL,
  kind_n integer[] NOT NULL,
  kind_profiled integer[] NOT NULL,
  words tsvector NOT NULL
) WITH (fillfactor = 85);
CREATE INDEX search_name_squash ON search_name (squash);
-- What waits in the list (in kB) is put in its place at the end of each folding, in one go: a third of the work.
CREATE INDEX search_name_words ON search_name USING gin (words) WITH (fastupdate = on, gin_pending_list_limit = 131072);

CREATE TABLE search_total (
  kind integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  type text COLLATE "C" NOT NULL,
  source_id text COLLATE "C" NOT NULL,
  n integer NOT NULL,
  profiled integer NOT NULL,
  UNIQUE (type, source_id)
);

CREATE TABLE search_doc (
  entity_id uuid PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  source_id text COLLATE "C" NOT NULL,
  squash text COLLATE "C" NOT NULL,
  parts smallint NOT NULL,
  words tsvector NOT NULL,
  tags text[] NOT NULL,
  terms text[] NOT NULL,
  term_names text[] NOT NULL,
  sensitivity text NOT NULL,
  trust_score double precision,
  quality_score double precision,
  rating double precision,
  profiled boolean NOT NULL,
  popularity double precision NOT NULL
);
CREATE INDEX search_doc_name ON search_doc (name);
CREATE INDEX search_doc_popularity ON search_doc (popularity DESC, name);
CREATE INDEX search_doc_words ON search_doc USING gin (words) WITH (fastupdate = off);

-- Grows whenever notes that are there already are written anew, and so elsewhere.
CREATE SEQUENCE search_rewrite;

DROP TRIGGER search_entity_made ON entity;
DROP FUNCTION search_entity_made();
DROP TRIGGER search_entity_gone ON entity;
DROP FUNCTION search_entity_gone();

CREATE FUNCTION search_recount() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO search_change DEFAULT VALUES;
  RETURN NULL;
END $$;
CREATE TRIGGER search_entity_made AFTER INSERT ON entity FOR EACH STATEMENT
  WHEN (current_setting('assay.search_noted', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION search_recount();
CREATE TRIGGER search_entity_gone AFTER DELETE ON entity FOR EACH STATEMENT
  WHEN (current_setting('assay.search_noted', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION search_recount();

-- What is there already; the first fold takes it in.
TRUNCATE search_change, search_dirty;
INSERT INTO search_change (name) SELECT NULL WHERE EXISTS (SELECT FROM entity);
INSERT INTO search_dirty SELECT entity_id FROM entity_attributes UNION SELECT entity_id FROM assertion;
`;
