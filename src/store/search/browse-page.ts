import { sql } from 'kysely';
import type { Db } from '../database.ts';
import { passesBare, placeTest, saidTest, sizeOf } from './filter.ts';
import { kindTest, nameSize, nameTest, type Question } from './matches.ts';
import { type Run, type Runs, runsOnPage, TYPE_ORDER, toRuns } from './runs.ts';

/** Names beyond those that a page is thought to need. */
const SPARE_NAMES = 1_000;
/** Most names have more entities; where they have not, more names are looked at. */
const ENTITIES_PER_NAME = 4;

/** Of everything: what something is known of, most popular first; then all else by name. */
export async function browsePage(db: Db, question: Question, skip: number, take: number): Promise<Runs> {
  const { filter } = question;
  const bare = passesBare(filter);
  const [counted] = (
    await sql<{ told: number; total: number }>`
      SELECT told, told + ${sql.lit(bare)}::integer * (bare - apart) AS total FROM
        (SELECT count(*) FILTER (WHERE ${saidTest(filter)})::integer AS told, count(*)::integer AS apart
          FROM search_doc WHERE ${placeTest(filter)}) d,
        (SELECT coalesce(sum(${sizeOf(filter)}), 0)::integer AS bare FROM search_total WHERE ${kindTest(question)}) t`.execute(
      db,
    )
  ).rows;
  const { told, total } = counted ?? { told: 0, total: 0 };
  if (skip >= total) return { runs: [], total };
  const upTo = Math.min(skip + take, total);
  const known = skip < told ? await listTold(db, question, skip, take) : [];
  const others = upTo > told ? await listNames(db, question, Math.max(0, skip - told), upTo - told) : [];
  return { runs: [...known, ...others.map((run) => ({ ...run, start: run.start + told }))], total };
}

async function listTold(db: Db, { filter }: Question, skip: number, take: number): Promise<Run[]> {
  const { rows } = await sql<Omit<Run, 'start' | 'size'>>`
    SELECT entity_id AS id, name, type, 1 + popularity AS score FROM search_doc WHERE ${placeTest(filter)} AND ${saidTest(filter)}
    ORDER BY popularity DESC, name, ${TYPE_ORDER}, entity_id OFFSET ${skip} LIMIT ${take}`.execute(db);
  return rows.map((row, index) => ({ ...row, size: 1, start: skip + index }));
}

/** `skip` and `upTo` among entities of which nothing is known but the name. */
async function listNames(db: Db, question: Question, skip: number, upTo: number): Promise<Run[]> {
  for (let most = SPARE_NAMES + Math.ceil(upTo / ENTITIES_PER_NAME); ; most *= 4) {
    const { rows } = await sql<Parameters<typeof toRuns>[0][number] & { names: number; reach: number | null }>`
      WITH apart AS MATERIALIZED (
        SELECT name, type, count(*)::integer AS k FROM search_doc WHERE ${placeTest(question.filter)} GROUP BY 1, 2),
      named AS MATERIALIZED (
        SELECT name, ${nameSize(question)} AS size FROM search_name WHERE ${nameTest(question)} ORDER BY name LIMIT ${most}),
      placed AS MATERIALIZED (
        SELECT NULL::uuid AS id, name, NULL::text AS type, 0::float8 AS score, size - coalesce(k, 0) AS size,
          (sum(size - coalesce(k, 0)) OVER (ORDER BY name))::integer AS upto, row_number() OVER (ORDER BY name) AS at
        FROM named LEFT JOIN (SELECT name, sum(k)::integer AS k FROM apart GROUP BY 1) a USING (name)),
      ${runsOnPage(question, skip, upTo)}
      SELECT paged.*, names, reach FROM (SELECT count(*)::integer AS names, max(upto) AS reach FROM placed) p
      LEFT JOIN paged ON true ORDER BY at, ${TYPE_ORDER}`.execute(db);
    const [{ names, reach } = { names: 0, reach: 0 }] = rows;
    if (names < most || (reach ?? 0) >= upTo) return toRuns(rows);
  }
}
