/**
 * For catalogs of a million columns. Each index serves one question, and no two the same one:
 * - entity_place: is it known already (ingest), and what lies below a parent;
 * - entity_kind: the entities of a source, by type, in pages that go on after an id;
 * - entity_name: the entities of a name, in the same kind of pages.
 *
 * `entity.fingerprint` says what a table and its columns looked like when they were last listed whole; null: unknown.
 * `scan.below`: not only the container, but everything below it was listed then.
 */
export const up = `
ALTER TABLE entity ADD COLUMN fingerprint uuid;
ALTER TABLE scan ADD COLUMN below boolean NOT NULL DEFAULT false;

CREATE UNIQUE INDEX entity_root ON entity (source_id, type, name) WHERE parent_id IS NULL;
DROP INDEX entity_place;
CREATE UNIQUE INDEX entity_place ON entity (parent_id, type, name);
DROP INDEX entity_parent;
CREATE INDEX entity_kind ON entity (source_id, type, id);
CREATE INDEX entity_name ON entity (name, id);
`;
