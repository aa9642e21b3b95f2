import type { Figure } from './figure.ts';
import type { ProfileBasis } from './profile.ts';

/**
 * Figures of rows that several runs by a watermark saw, as they are told to others: what was counted exactly was counted of the rows as they
 * were seen. A row that was updated since may have been seen twice, and one that was deleted is still counted, by how many nobody knows. So
 * none is `exact` of the table; it is an estimate without bounds. What is stored stays exact, for runs are added to it. Pure.
 */
export function asRowsSeen<T extends object>(resource: T, { watermark }: Pick<ProfileBasis, 'watermark'>): T {
  return (watermark?.runs ?? 1) > 1 ? (ofRowsSeen(resource) as T) : resource;
}

function ofRowsSeen(given: unknown): unknown {
  if (isExact(given)) return { ...given, basis: 'estimate' };
  // Lists of what holds figures itself: paths within values, the newest values of columns.
  if (Array.isArray(given)) return given.map((one) => (isPlain(one) ? ofRowsSeen(one) : one));
  if (!isPlain(given)) return given;
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [
      key,
      isExact(value) || Array.isArray(value) ? ofRowsSeen(value) : value,
    ]),
  );
}

const isPlain = (given: unknown): given is object =>
  typeof given === 'object' && given !== null && !Array.isArray(given);

const isExact = (given: unknown): given is Extract<Figure<unknown>, { basis: 'exact' }> =>
  isPlain(given) && 'value' in given && 'basis' in given && given.basis === 'exact';
