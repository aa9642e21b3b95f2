import { MASK } from '../../profile/shape.ts';
import type { Db } from '../../store/database.ts';
import { listSamples, type StoredSamples, unpackValues, valuesPlace } from '../../store/profile-values.ts';
import type { SecretBox } from '../app-options.ts';

/** Longer texts are cut in lists of samples. */
const SHOWN_CHARACTERS = 200;

/** Sample values of one column; those of a run stand in the same order in each of its columns. */
export interface ColumnSamples {
  jobId: string;
  profiledAt: Date;
  values: (string | null)[];
}

/**
 * Sample values of columns as they may be shown: cut, and `******` for those who may not see samples.
 *
 * @returns by entity; what has no samples is not among them
 */
export async function loadSamples(
  { db, secrets }: { db: Db; secrets: SecretBox },
  entityIds: readonly string[],
  mayDisclose: boolean,
): Promise<Map<string, ColumnSamples>> {
  const stored = await listSamples(db, entityIds);
  return new Map(
    stored.map((row) => [
      row.entityId,
      {
        jobId: row.jobId,
        profiledAt: row.profiledAt,
        values: open(row, secrets).map((value) => show(value, mayDisclose)),
      },
    ]),
  );
}

const open = ({ entityId, jobId, samples }: StoredSamples, secrets: SecretBox): (string | null)[] =>
  unpackValues(secrets.unseal(samples, valuesPlace(entityId, jobId, 'samples'))) as (string | null)[];

function show(value: string | null, mayDisclose: boolean): string | null {
  if (value === null) return null;
  if (!mayDisclose) return MASK;
  if (value.length <= SHOWN_CHARACTERS) return value;
  const points = [...value.slice(0, SHOWN_CHARACTERS * 2)];
  return points.length <= SHOWN_CHARACTERS ? value : `${points.slice(0, SHOWN_CHARACTERS).join('')}…`;
}
