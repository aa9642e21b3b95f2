/**
 * Search. Not entities are indexed but their distinct names, which are far fewer: `search_name` holds the words of a name,
 * `search_count` how many entities bear it, `search_doc` the entities of which more is known than the name. Triggers note in
 * `search_change` and `search_dirty` what changed, in the transaction that changes it; they only append, so that nobody waits
 * for another. `src/store/search/fold-changes.ts` folds the notes in before anything is searched.
 */
export const up = `
CREATE TABLE search_name (
  name text COLLATE "C" PRIMARY KEY,
  squash text COLLATE "C" NOT NULL,
  parts smallint NOT NULL,
  words tsvector NOT NULL
);
CREATE INDEX search_name_squash ON search_name (squash);
CREATE INDEX search_name_words ON search_name USING gin (words) WITH (fastupdate = off);

CREATE TABLE search_count (
  name text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  source_id text COLLATE "C" NOT NULL,
  n integer NOT NULL,
  profiled integer NOT NULL,
  PRIMARY KEY (name, type, source_id)
);

CREATE TABLE search_doc (
  entity_id uuid PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  source_id text COLLATE "C" NOT NULL,
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
CREATE INDEX search_doc_words ON search_doc USING gin (words) WITH (fastupdate = off);

-- Words of five letters and more; typos: hashes of the word and of what is left when one letter is taken out.
CREATE TABLE search_word (word text COLLATE "C" PRIMARY KEY, typos integer[] NOT NULL);
CREATE INDEX search_word_typos ON search_word USING gin (typos) WITH (fastupdate = off);

CREATE TABLE search_change (name text COLLATE "C", type text COLLATE "C", source_id text COLLATE "C", n integer, profiled integer);
CREATE TABLE search_dirty (entity_id uuid NOT NULL);

CREATE FUNCTION search_entity_made() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO search_change SELECT name, type, source_id, count(*), 0 FROM made GROUP BY 1, 2, 3;
  RETURN NULL;
END $$;
CREATE TRIGGER search_entity_made AFTER INSERT ON entity REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION search_entity_made();

-- Profiles of an entity are deleted after it, see search_profile_gone.
CREATE FUNCTION search_entity_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO search_change SELECT g.name, g.type, g.source_id, -count(*), -count(p.entity_id)
    FROM gone g LEFT JOIN profile p ON p.entity_id = g.id AND p.current GROUP BY 1, 2, 3;
  DELETE FROM search_doc WHERE entity_id IN (SELECT id FROM gone);
  RETURN NULL;
END $$;
CREATE TRIGGER search_entity_gone AFTER DELETE ON entity REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION search_entity_gone();

-- Only the root of a source is ever renamed.
CREATE FUNCTION search_entity_renamed() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE known integer; BEGIN
  SELECT count(*) INTO known FROM profile WHERE entity_id = NEW.id AND current;
  INSERT INTO search_change VALUES (OLD.name, OLD.type, OLD.source_id, -1, -known), (NEW.name, NEW.type, NEW.source_id, 1, known);
  INSERT INTO search_dirty VALUES (NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER search_entity_renamed AFTER UPDATE OF name, type, source_id ON entity FOR EACH ROW
  WHEN ((OLD.name, OLD.type, OLD.source_id) IS DISTINCT FROM (NEW.name, NEW.type, NEW.source_id))
  EXECUTE FUNCTION search_entity_renamed();

CREATE FUNCTION search_said() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO search_dirty SELECT DISTINCT entity_id FROM said;
  RETURN NULL;
END $$;
CREATE TRIGGER search_attributes_made AFTER INSERT ON entity_attributes REFERENCING NEW TABLE AS said
  FOR EACH STATEMENT EXECUTE FUNCTION search_said();
CREATE TRIGGER search_attributes_changed AFTER UPDATE ON entity_attributes REFERENCING NEW TABLE AS said
  FOR EACH STATEMENT EXECUTE FUNCTION search_said();
CREATE TRIGGER search_attributes_gone AFTER DELETE ON entity_attributes REFERENCING OLD TABLE AS said
  FOR EACH STATEMENT EXECUTE FUNCTION search_said();
CREATE TRIGGER search_assertion_made AFTER INSERT ON assertion REFERENCING NEW TABLE AS said
  FOR EACH STATEMENT EXECUTE FUNCTION search_said();
CREATE TRIGGER search_assertion_changed AFTER UPDATE ON assertion REFERENCING NEW TABLE AS said
  FOR EACH STATEMENT EXECUTE FUNCTION search_said();
CREATE TRIGGER search_assertion_gone AFTER DELETE ON assertion REFERENCING OLD TABLE AS said
  FOR EACH STATEMENT EXECUTE FUNCTION search_said();

CREATE FUNCTION search_profile_made() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO search_change SELECT e.name, e.type, e.source_id, 0, count(*)
    FROM made m JOIN entity e ON e.id = m.entity_id WHERE m.current GROUP BY 1, 2, 3;
  INSERT INTO search_dirty SELECT entity_id FROM made JOIN search_doc USING (entity_id);
  RETURN NULL;
END $$;
CREATE TRIGGER search_profile_made AFTER INSERT ON profile REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION search_profile_made();

-- An entity that is gone by now has taken its profile with it, see search_entity_gone.
CREATE FUNCTION search_profile_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO search_change SELECT e.name, e.type, e.source_id, 0, -count(*)
    FROM gone g JOIN entity e ON e.id = g.entity_id WHERE g.current GROUP BY 1, 2, 3;
  INSERT INTO search_dirty SELECT entity_id FROM gone JOIN search_doc USING (entity_id);
  RETURN NULL;
END $$;
CREATE TRIGGER search_profile_gone AFTER DELETE ON profile REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION search_profile_gone();

CREATE FUNCTION search_profile_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO search_change SELECT e.name, e.type, e.source_id, 0, sum(c.step)
    FROM (SELECT entity_id, 1 AS step FROM after WHERE current UNION ALL SELECT entity_id, -1 FROM before WHERE current) c
    JOIN entity e ON e.id = c.entity_id GROUP BY 1, 2, 3 HAVING sum(c.step) <> 0;
  INSERT INTO search_dirty SELECT entity_id FROM after JOIN search_doc USING (entity_id);
  RETURN NULL;
END $$;
CREATE TRIGGER search_profile_changed AFTER UPDATE ON profile REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION search_profile_changed();

-- What is there already; the first search folds it in.
INSERT INTO search_change SELECT e.name, e.type, e.source_id, count(*), count(p.entity_id)
  FROM entity e LEFT JOIN profile p ON p.entity_id = e.id AND p.current GROUP BY 1, 2, 3;
INSERT INTO search_dirty SELECT entity_id FROM entity_attributes UNION SELECT entity_id FROM assertion;
`;
