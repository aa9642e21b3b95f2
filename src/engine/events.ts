import { sql } from 'kysely';
import { toStorableJson } from '../model/storable-text.ts';
import type { Trx } from '../store/database.ts';

export interface JobEvent {
  level: 'info' | 'warning' | 'error';
  /** `accepted`, `started`, `progress`, `retry`, `taken over`, `warning`, `cancel`, `ended`. */
  kind: string;
  message: string;
  details?: Record<string, unknown>;
}

/** Longest message kept; a source's error text may be a page. */
const MESSAGE_LIMIT = 2_000;

/**
 * Appends to the event log of a job. Locks the job's row first, so that numbers become visible in their own order and a
 * reader that asks for `after=<seq>` misses none. The time is that of writing: a transaction may have begun long before.
 */
export async function appendEvents(trx: Trx, jobId: string, events: readonly JobEvent[]): Promise<void> {
  if (events.length === 0) return;
  // A cut may halve an emoji, and what cannot be written here would be tried again for ever: the task would never end.
  const { json: rows } = toStorableJson(
    events.map((event) => ({
      level: event.level,
      kind: event.kind,
      message: event.message.slice(0, MESSAGE_LIMIT),
      details: event.details ?? {},
    })),
  );
  await sql`
    WITH numbered AS (
      UPDATE job SET event_seq = event_seq + ${events.length} WHERE id = ${jobId} RETURNING event_seq - ${events.length} AS before
    )
    INSERT INTO job_event (job_id, seq, at, level, kind, message, details)
    SELECT ${jobId}, numbered.before + e.ord, clock_timestamp(), e.value->>'level', e.value->>'kind', e.value->>'message', e.value->'details'
    FROM numbered, jsonb_array_elements(${rows}::jsonb) WITH ORDINALITY AS e(value, ord)`.execute(trx);
}
