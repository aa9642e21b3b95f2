import { sql } from 'kysely';
import { AssayError } from '../../errors/assay-error.ts';
import type { Trx } from '../database.ts';
import { valuesPlace } from '../profile-values.ts';
import type { Secrets } from './secrets.ts';

const BATCH = 200;
const KINDS = ['samples', 'kept', 'part'] as const;

/** Encrypts the values of profiles with another key, batch by batch in the caller's transaction. @returns how many */
export async function rotateValues(trx: Trx, old: Secrets, next: Secrets): Promise<number> {
  let count = 0;
  let after = '0';
  for (;;) {
    const { rows } = await sql<Row>`
      SELECT v.profile_id::text AS id, p.entity_id AS "entityId", p.job_id AS "jobId", v.samples, v.kept, v.part
      FROM profile_values v JOIN profile p ON p.id = v.profile_id
      WHERE v.profile_id > ${after}::bigint ORDER BY v.profile_id LIMIT ${BATCH}`.execute(trx);
    for (const row of rows) {
      const sealed = KINDS.map((kind) => {
        const bytes = row[kind];
        if (bytes === null) return null;
        count++;
        const place = valuesPlace(row.entityId, row.jobId, kind);
        return next.seal(old.unseal(bytes, place), place);
      });
      await sql`UPDATE profile_values SET samples = ${sealed[0]}, kept = ${sealed[1]}, part = ${sealed[2]}
        WHERE profile_id = ${row.id}::bigint`.execute(trx);
    }
    after = rows.at(-1)?.id ?? after;
    if (rows.length < BATCH) break;
  }
  await refuseLeftovers(trx, old);
  return count;
}

interface Row {
  id: string;
  entityId: string;
  jobId: string;
  samples: Buffer | null;
  kept: Buffer | null;
  part: Buffer | null;
}

async function refuseLeftovers(trx: Trx, old: Secrets): Promise<void> {
  const mark = Buffer.from(old.fingerprint, 'hex');
  const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM profile_values
    WHERE substr(samples, 1, 8) = ${mark} OR substr(kept, 1, 8) = ${mark} OR substr(part, 1, 8) = ${mark}`.execute(trx);
  if ((rows[0]?.n ?? 0) > 0)
    throw new AssayError(
      'INTERNAL',
      'profile_values still holds bytes of the old key. Nothing was changed; the key is as it was.',
    );
}
