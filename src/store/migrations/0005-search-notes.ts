/**
 * Who makes or deletes entities tells search himself what they were (`src/store/search-notes.ts`), in the same transaction, and
 * says so by a setting: a trigger that is handed the rows keeps a second copy of each, half the price of copying a million in.
 * Whoever says nothing leaves one note without a name, upon which everything is counted anew.
 */
export const up = `
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
`;
