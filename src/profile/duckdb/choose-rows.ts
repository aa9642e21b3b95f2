import type { ReadRest, RowSample } from '../../connectors/connector.ts';
import { AssayError, toAssayError } from '../../errors/assay-error.ts';
import { conditionTest } from '../../model/condition-test.ts';
import { hashBound } from '../sampling.ts';
import { quoteName } from '../sql.ts';
import { allOf, refsOf, withRowsOf } from './other-rows.ts';
import type { Session } from './session.ts';
import type { Relation } from './staging.ts';

/** So many standard deviations more rows than wanted are taken at first: fewer than wanted come once in 30,000 times. */
const DEVIATIONS = 4;

/**
 * Takes of a relation the rows that its connector left to be chosen, into a table of their own: by the condition first, then the
 * sample, then the limit. The rows have the order of the relation, which DuckDB keeps unless it is told otherwise (`preserve_insertion_order`).
 *
 * @throws BAD_REQUEST for a condition that is none
 */
export async function chooseRows(session: Session, relation: Relation, rest: ReadRest): Promise<Relation> {
  const { where, sample, limit } = rest;
  if (relation.columns.length === 0) return relation;
  if (where === undefined && sample === undefined && limit === undefined) return relation;
  const refs = refsOf(relation);
  const source = where === undefined ? `(SELECT ${refs} FROM ${allOf(relation)})` : named(relation, where);
  if (where !== undefined) await checkCondition(session, relation, where);
  const cut = limit === undefined ? '' : ` LIMIT ${limit}`;
  const doing = where === undefined ? 'choosing the rows' : 'whereClause';
  const qualify = sample === undefined ? '' : await qualifyOf(session, source, sample, doing);
  await session.run(`CREATE TABLE w AS SELECT * FROM ${source} AS s(${refs})${qualify}${cut}`, doing);
  if (sample?.kind === 'rows') await keepRows(session, 'w', sample);
  return withRowsOf(relation, 'w');
}

/** Keeps so many rows of a table, chosen at random; all where there are no more. */
async function keepRows(session: Session, table: string, { rows, seed }: { rows: number; seed: number }) {
  const [[count] = []] = await session.query(`SELECT count(*)::VARCHAR FROM ${table}`, 'counting the rows');
  if (Number(count) <= rows) return;
  await session.run(
    `DELETE FROM ${table} WHERE rowid NOT IN (SELECT rowid FROM ${table} ORDER BY hash(rowid, ${seed}), rowid LIMIT ${rows})`,
    'choosing the rows',
  );
}

const ROW = 'row_number() OVER ()';

async function qualifyOf(session: Session, source: string, sample: RowSample, doing: string): Promise<string> {
  if (sample.kind === 'nth') return ` QUALIFY ${ROW} % ${Math.max(1, sample.n)} = 0`;
  if (sample.kind === 'share') return shareSql(sample.percent / 100, sample.seed);
  const [[count] = []] = await session.query(`SELECT count(*)::VARCHAR FROM ${source}`, doing);
  return shareSql(shareFor(sample.rows, Number(count)), sample.seed);
}

/** The chance of a row with which at least so many of `of` come, all but surely. Pure. */
export const shareFor = (rows: number, of: number): number =>
  of <= rows ? 1 : Math.min(1, (rows + DEVIATIONS * Math.sqrt(rows) + 10) / of);

function shareSql(share: number, seed: number): string {
  if (share >= 1) return '';
  return ` QUALIFY hash(${ROW}, ${seed}) < ${hashBound(share)}`;
}

/** The rows under the names of the source, for conditions know no others. On lines of its own: it may end in a comment. */
function named(relation: Relation, where: string): string {
  const columns = relation.columns.map(({ ref, name }) => `${ref} AS ${quoteName(name)}`);
  // No column of a source has a name that begins like this.
  const apart = [...(relation.apart?.values() ?? [])].map((ref) => `${ref} AS ${quoteName(`\u0001${ref}`)}`);
  const list = [...columns, ...apart].join(', ');
  return `(SELECT * FROM (SELECT ${list} FROM ${allOf(relation)}) AS data WHERE (${where}\n))`;
}

/** Finds a condition that is none before anything is read; the session is locked, so it reaches no file but the one that is read. */
async function checkCondition(session: Session, relation: Relation, where: string): Promise<void> {
  const list = relation.columns.map(({ ref, name }) => `${ref} AS ${quoteName(name)}`).join(', ');
  try {
    await session.query(
      `EXPLAIN ${conditionTest(`(SELECT ${list} FROM ${allOf(relation)}) AS data`, where)}`,
      'whereClause',
    );
  } catch (cause) {
    const error = toAssayError(cause);
    if (error.code === 'CANCELLED') throw error;
    // Nothing was read yet: DuckDB's own words hold no value of a row.
    const words = error.cause instanceof Error ? error.cause.message : error.message;
    throw new AssayError('BAD_REQUEST', `whereClause: DuckDB says: ${words.split('\n')[0]?.slice(0, 300)}`, { cause });
  }
}
