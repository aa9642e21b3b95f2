/**
 * What a method found belongs to the method and to the column that it was found in: a tag of a table may come from several of its
 * columns. What a job takes back has `removed_by_job`; `removed_by` is a person, whom no job overrules.
 */
export const up = `
ALTER TABLE assertion ADD COLUMN method_id text COLLATE "C", ADD COLUMN column_id uuid, ADD COLUMN removed_by_job text;
-- By its hash, for an entry of an index has no room for a tag of thousands of characters.
CREATE UNIQUE INDEX assertion_found ON assertion (entity_id, kind, md5(value), method_id, column_id)
  WHERE method_id IS NOT NULL AND removed_at IS NULL;
`;
