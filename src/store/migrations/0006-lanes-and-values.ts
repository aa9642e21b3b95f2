/**
 * - Tasks of a lane run one after the other: `together` of them are claimed at once and done by one process, which keeps its
 *   connection to the source from one to the next.
 * - `profile_values`: raw values that belong to a profile and go with it, encrypted. `samples` are rows for people, `kept` values
 *   for patterns, which no route returns; `part` what the next incremental profile of a table goes on from.
 */
export const up = `
ALTER TABLE task ADD COLUMN lane text COLLATE "C", ADD COLUMN together integer NOT NULL DEFAULT 1;
CREATE INDEX task_lane ON task (job_id, lane, id) WHERE lane IS NOT NULL AND state IN ('ready', 'running');

CREATE TABLE profile_values (
  profile_id bigint PRIMARY KEY REFERENCES profile ON DELETE CASCADE,
  samples bytea,
  kept bytea,
  part bytea
);
`;
