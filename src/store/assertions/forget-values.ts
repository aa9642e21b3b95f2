import { sql } from 'kysely';

/**
 * Evidence of an assertion without the values it names: what is taken back is kept as history, and values of the source are no part of
 * it. Evidence that has no such list is as it was.
 */
export const EVIDENCE_WITHOUT_VALUES = sql`(SELECT coalesce(
    jsonb_object_agg(e.key, CASE WHEN e.key IN ('matched', 'unmatched') THEN '[]'::jsonb ELSE e.value END), '{}')
  FROM jsonb_each(evidence) e)`;
