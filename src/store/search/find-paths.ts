import { sql } from 'kysely';
import { squash } from '../../model/search-words.ts';
import type { Db } from '../database.ts';

/** A whole path counts as much as a whole name; words that happen to lie in each other count less. */
export const PATH_SCORE = 100;
export const WORDS_ALONG_PATH_SCORE = 55;
/** More entities than this are not walked from, and more are not given back: whoever sees so many should say more. */
const MOST = 2_000;
/** Spellings of a segment (`customer`, `CUSTOMER`, `Customer`), and names that begin with the last one. */
const NAMES_PER_SEGMENT = 50;
const MOST_SEGMENTS = 12;
/** Words without separators are tried as two places, at each gap and in both orders. */
const MOST_WORDS = 4;

export interface PathsFound {
  found: { id: string; score: number }[];
  /** Whether there may be more than were looked at. */
  cut: boolean;
}

/**
 * Entities whose place is meant: by their fqdn, by the end of it (`sales.customer.email`, `sales/customer/email`), or by words
 * of which some name what the others lie in (`customer email`).
 */
export async function findPaths(
  db: Db,
  term: string,
  tokens: readonly { parts: string[]; whole: string }[],
): Promise<PathsFound> {
  const best = new Map<string, number>();
  let cut = false;
  const keep = (walked: Walked, score: number): void => {
    cut ||= walked.cut;
    for (const id of walked.ids) best.set(id, Math.max(score, best.get(id) ?? 0));
  };
  const { rows } = await sql<{ id: string }>`SELECT id FROM entity WHERE fqdn = ${term}`.execute(db);
  keep({ ids: rows.map(toId), cut: false }, PATH_SCORE);
  const segments = term.split(/[./\\]+|::/).filter((segment) => /[\p{L}\p{N}]/u.test(segment));
  const words = tokens.map((token) => token.whole);
  if (segments.length > 1 && segments.length <= MOST_SEGMENTS) {
    keep(await walk(db, segments.map(squash), true), PATH_SCORE);
  } else if (segments.length === 1 && words.length > 1 && words.length <= MOST_WORDS) {
    for (let at = 1; at < words.length; at++) {
      const halves = [words.slice(0, at).join(''), words.slice(at).join('')];
      keep(await walk(db, halves, false), WORDS_ALONG_PATH_SCORE);
      keep(await walk(db, halves.toReversed(), false), WORDS_ALONG_PATH_SCORE);
    }
  }
  const found = [...best].slice(0, MOST).map(([id, score]) => ({ id, score }));
  return { found, cut: cut || best.size > MOST };
}

const toId = ({ id }: { id: string }): string => id;

interface Step {
  names: string[];
  n: number;
}

interface Walked {
  ids: string[];
  /** Whether a start, a spelling or an end was left out. */
  cut: boolean;
}

/** Entities named by the last segment, in one named by the segment before, and so on; from the rarest segment on. */
async function walk(db: Db, segments: readonly string[], mayBegin: boolean): Promise<Walked> {
  const steps = await listSteps(db, segments, mayBegin);
  if (!steps) return { ids: [], cut: false };
  const first = steps.reduce((best, step, index) => (step.n < (steps[best]?.n ?? 0) ? index : best), 0);
  let from = sql`SELECT id, parent_id AS up FROM entity WHERE name = ANY(${steps[first]?.names ?? []}::text[])
    ORDER BY name, id LIMIT ${MOST}`;
  // Up, to check what it lies in; then down to what is meant.
  for (const step of steps.slice(0, first).reverse()) {
    from = sql`SELECT b.id, p.parent_id AS up FROM (${from}) b JOIN entity p ON p.id = b.up
      WHERE p.name = ANY(${step.names}::text[])`;
  }
  for (const step of steps.slice(first + 1)) {
    // As the unique key has it, so that each name below is one probe.
    from = sql`SELECT c.id, c.parent_id AS up FROM (${from}) b JOIN entity c ON c.parent_id = b.id
      AND c.type IN ('SCHEMA', 'TABLE', 'VIEW', 'COLUMN', 'FOLDER', 'FILE') AND c.name = ANY(${step.names}::text[])`;
  }
  const { rows } = await sql<{ id: string }>`SELECT id FROM (${from}) f ORDER BY id LIMIT ${MOST}`.execute(db);
  const cut =
    rows.length >= MOST ||
    (steps[first]?.n ?? 0) > MOST ||
    steps.some((step) => step.names.length >= NAMES_PER_SEGMENT);
  return { ids: rows.map(toId), cut };
}

/** The names that each segment may stand for; undefined when one stands for none. */
async function listSteps(db: Db, segments: readonly string[], mayBegin: boolean): Promise<Step[] | undefined> {
  const { rows } = await sql<{ squash: string; names: string[]; n: number }>`
    SELECT squash, array_agg(name) AS names, sum(n)::integer AS n FROM (
      SELECT squash, name, n, row_number() OVER (PARTITION BY squash ORDER BY name) AS place
      FROM search_name WHERE squash = ANY(${[...new Set(segments)]}::text[])) r WHERE place <= ${NAMES_PER_SEGMENT} GROUP BY squash`.execute(
    db,
  );
  const known = new Map(rows.map((row) => [row.squash, row]));
  const last = segments.at(-1) ?? '';
  if (mayBegin && !known.has(last)) {
    const begun = await sql<{ names: string[] | null; n: number }>`
      SELECT array_agg(name) AS names, coalesce(sum(n), 0)::integer AS n FROM (
        SELECT name, n FROM search_name WHERE squash >= ${last} AND squash < ${`${last}\u{10ffff}`} ORDER BY squash, name
        LIMIT ${NAMES_PER_SEGMENT}) s`.execute(db);
    const [row] = begun.rows;
    if (row?.names) known.set(last, { squash: last, names: row.names, n: row.n });
  }
  const steps = segments.map((segment) => known.get(segment));
  return steps.every((step) => step !== undefined) ? steps : undefined;
}
