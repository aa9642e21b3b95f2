/**
 * `profile_filter`: the membership filters of columns that may be keys, which go with their profile. They are as good as random, so
 * nothing is to be won by packing them.
 */
export const up = `
CREATE TABLE profile_filter (
  profile_id bigint PRIMARY KEY REFERENCES profile ON DELETE CASCADE,
  bytes bytea NOT NULL
);
ALTER TABLE profile_filter ALTER COLUMN bytes SET STORAGE EXTERNAL;
`;
