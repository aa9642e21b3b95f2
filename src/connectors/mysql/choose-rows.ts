import type { ReadRequest, RowSample } from '../connector.ts';
import { quoteName, quotePath, quoteText } from './dialect.ts';
import type { Session } from './session.ts';

/** How a statement chooses the rows of a table. */
export interface ChosenRows {
  /** What stands behind WHERE; '' for all rows. */
  condition: string;
  /** More rows come than were asked for: so many of them are to be kept. */
  keep?: Extract<RowSample, { kind: 'rows' | 'blocks' }>;
  /** There is no cheap way to read some blocks of a table. */
  took?: 'first rows';
}

/** So many standard deviations more rows than wanted are read: fewer than wanted come once in 30,000 times. */
const DEVIATIONS = 4;

/**
 * The rows of a request, chosen by the server as it reads them in the order of the primary key: RAND with a seed gives the same
 * numbers each time. The condition of the user comes first, in IF: the server may evaluate the members of AND in any order.
 */
export async function chooseRows(
  session: Session,
  request: ReadRequest,
  conditions: readonly string[],
): Promise<ChosenRows> {
  const { sample, path, signal } = request;
  const where = conditions.join(' AND ');
  const and = (test: string): string => (where === '' ? test : `IF(${where}, ${test}, 0)`);
  if (!sample) return { condition: where };
  if (sample.kind === 'blocks') return { condition: where, keep: sample, took: 'first rows' };
  if (sample.kind === 'nth') {
    await session.query('SET @assay_row := 0', signal);
    return { condition: and(`(@assay_row := @assay_row + 1) % ${Math.trunc(sample.n)} = 0`) };
  }
  const share = (value: number): string => (value >= 1 ? where : and(`RAND(${sample.seed}) < ${value.toFixed(12)}`));
  if (sample.kind === 'share') return { condition: share(sample.percent / 100) };
  const [counted] = await session.query(
    `SELECT COUNT(*) AS n FROM ${quotePath(path)}${where === '' ? '' : ` WHERE ${where}`}`,
    signal,
  );
  const of = Number(counted?.n);
  const wanted = sample.rows + DEVIATIONS * Math.sqrt(sample.rows) + 10;
  return { condition: share(of <= sample.rows ? 1 : wanted / of), keep: sample };
}

/**
 * Only rows from the mark of an earlier profile on. Numbers stand without quotes, for beside a text they would be compared as doubles;
 * the session's zone is UTC, and MariaDB knows no texts with a zone.
 */
export function fromCondition({ from }: ReadRequest): string[] {
  if (!from) return [];
  const value = /^-?\d+(\.\d+)?$/.test(from.value) ? from.value : quoteText(from.value.replace(/\+00$/, ''));
  return [`${quoteName(from.column)} >= ${value}`];
}
