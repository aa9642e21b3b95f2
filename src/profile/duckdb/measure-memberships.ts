import { buildFilter, bytesOfFilter, FEWEST_VALUES } from '../../sketch/build-filter.ts';
import { canonicalText } from '../../sketch/canonical-text.ts';
import { falsePositivesOf, KEY_SQL, keyOfHash } from '../../sketch/membership-filter.ts';
import { toBytes } from '../../sketch/membership-filter-codec.ts';
import { valueSetHash } from '../../sketch/value-set-codec.ts';
import { finishColumn } from '../finish.ts';
import type { CountsPart } from '../measures/counts.ts';
import { valueSetHashes } from '../measures/value-set.ts';
import type { Membership, Memberships } from '../membership.ts';
import { type ColumnPart, isUnknown, type TablePart } from '../part.ts';
import { SWITCHED_OFF } from '../switched-off.ts';
import { isKeyCandidate } from '../table-figures.ts';
import { reasonOf } from './answer.ts';
import type { MeasureOptions } from './measure-work.ts';
import type { Session } from './session.ts';
import type { Relation } from './staging.ts';

const ALL_IN_SET = 'its value set holds all of its values';

/**
 * Builds the membership filters of the columns of a whole table that may be keys, one after the other. A filter that would be larger
 * than `mostBytes` is not begun, so memory is bounded by about twenty times that.
 */
export async function measureMemberships(
  session: Session,
  relation: Relation,
  part: TablePart,
  { without, mostBytes }: Pick<MeasureOptions, 'without'> & { mostBytes: number },
): Promise<Memberships> {
  const none = noFilters(part, without);
  if (none) return none;
  const built: Memberships = new Map();
  const off = without?.includes('valueset');
  for (const [i, column] of part.columns.entries()) {
    if (!isKeyCandidate(finishColumn(column, i, part.rows))) continue;
    built.set(
      column.column.name,
      off ? { unknown: SWITCHED_OFF } : await measureOne(session, relation, column, mostBytes),
    );
  }
  return built;
}

/** Where no column gets one. Said of every column of a small table, for finding out which may be keys takes more than the rest of it. */
export function noFilters(part: TablePart, without: MeasureOptions['without']): Memberships | undefined {
  if (part.limited) return new Map();
  if (without?.includes('valueset') || part.rows >= FEWEST_VALUES) return undefined;
  return new Map(part.columns.map(({ column }) => [column.name, { unknown: ALL_IN_SET }]));
}

async function measureOne(
  session: Session,
  relation: Relation,
  { column, measures }: ColumnPart,
  mostBytes: number,
): Promise<Membership> {
  const counts = measures.counts as CountsPart | { unknown: string } | undefined;
  if (counts === undefined || isUnknown(counts)) return { unknown: 'its values were not counted' };
  const rows = counts.nonNull;
  if (rows < FEWEST_VALUES) return { unknown: ALL_IN_SET };
  const bytes = bytesOfFilter(rows);
  if (bytes > mostBytes)
    return {
      unknown: `for ${rows} values it would take ${(bytes / 1e6).toFixed(1)} MB, and up to ${mostBytes / 1e6} MB are kept (ASSAY_MEMBERSHIP_MB)`,
    };
  try {
    const filter = buildFilter(await keysOf(session, relation, column, rows));
    const all = toBytes(filter);
    if (filter.values < FEWEST_VALUES) return { unknown: ALL_IN_SET };
    const { values } = filter;
    return {
      filter: all,
      facts: {
        values,
        bitsPerValue: (8 * all.length) / values,
        bytes: all.length,
        falsePositives: falsePositivesOf(values),
      },
    };
  } catch (error) {
    session.assertLive(error);
    return { unknown: reasonOf(error) };
  }
}

/** The keys of the values of all rows, in a buffer of just their size. */
async function keysOf(
  session: Session,
  relation: Relation,
  column: ColumnPart['column'],
  rows: number,
): Promise<BigUint64Array> {
  const view = relation.views?.get(column.ref) ?? relation.name;
  const { hashes, others } = valueSetHashes(column, view, column.ref);
  const doing = `hashing the values of column "${column.name}"`;
  const all = new BigUint64Array(rows);
  let at = 0;
  for await (const chunk of session.chunks(`SELECT ${KEY_SQL} FROM (${hashes})`, doing)) {
    const vector = chunk.getColumnVector(0);
    for (let i = 0; i < chunk.rowCount; i++) all[at++] = vector.getItem(i) as bigint;
  }
  if (others === undefined) return all.subarray(0, at);
  for await (const chunk of session.chunks(others, doing)) {
    const vector = chunk.getColumnVector(0);
    for (let i = 0; i < chunk.rowCount; i++) {
      const canonical = canonicalText(vector.getItem(i) as string);
      if (canonical !== '') all[at++] = keyOfHash(valueSetHash(canonical));
    }
  }
  return all.subarray(0, at);
}
