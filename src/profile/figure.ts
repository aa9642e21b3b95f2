/**
 * A number (or text) that says how far it can be trusted.
 * - `exact`: of every row that was read; the profile's basis says whether those were read at one moment.
 * - `estimate`: of every row, from a sketch or from a part of the rows that was chosen without regard to their values; `low` and
 *   `high` are its 95 % interval, `error` the relative standard error, or `within` the absolute bound.
 * - `sample`: of `ofRows` rows, which are not all there are; with `low` and `high` where it was itself estimated of those.
 * A figure that could not be had is `unknown`, with the reason; it is never 0 instead.
 */
export type Figure<T> =
  | { value: T; basis: 'exact' }
  | { value: T; basis: 'estimate'; low?: T; high?: T; error?: number; within?: number }
  | { value: T; basis: 'sample'; ofRows: number; low?: T; high?: T }
  | { unknown: string };

export const exact = <T>(value: T): Figure<T> => ({ value, basis: 'exact' });
export const unknown = (reason: string): { unknown: string } => ({ unknown: reason });
export const isKnown = <T>(figure: Figure<T> | undefined): figure is Exclude<Figure<T>, { unknown: string }> =>
  figure !== undefined && !('unknown' in figure);
export const knownValue = <T>(figure: Figure<T> | undefined): T | undefined =>
  isKnown(figure) ? figure.value : undefined;
