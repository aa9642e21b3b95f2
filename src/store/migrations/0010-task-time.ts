/** How long the attempts of a task ran that are over, and since when the one runs that runs now; `started_at` is of the first one. */
export const up = `
ALTER TABLE task ADD COLUMN busy_seconds double precision NOT NULL DEFAULT 0, ADD COLUMN attempt_at timestamptz;
UPDATE task SET attempt_at = started_at WHERE state = 'running';
`;
