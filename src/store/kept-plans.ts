import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type pg from 'pg';

const MARK = '/* plan kept */';

/**
 * Begins a statement that is asked all the time, always with the same text: each connection plans it once and keeps the plan
 * (a named prepared statement). Planning is most of what such a statement costs: 1.2 of the 1.5 ms of reading one entity.
 *
 * The plan must fit whatever the parameters are. PostgreSQL keeps planning for the values when it thinks that a plan for them
 * is cheaper, so an array is hidden from it: `ANY((SELECT ${ids}::uuid[])::uuid[])`. Columns are named, never `*`: PostgreSQL refuses a kept
 * statement once a migration changed what it returns.
 */
export const KEPT = sql.raw(`${MARK} `);

/**
 * Plans are made anew so often. A plan made while a table was empty would read all of it, and PostgreSQL notices that it was
 * filled only at the next ANALYZE, which may be a minute away.
 */
const KEPT_MS = 5_000;

/** Makes a connection keep the plans of statements that begin with `KEPT`. */
export function keepPlans(client: pg.ClientBase, now: () => number = () => performance.now()): void {
  const query = client.query.bind(client) as (...given: unknown[]) => Promise<unknown>;
  let freshAt = now();
  const keeping = async (text: string, values: unknown): Promise<unknown> => {
    if (now() - freshAt > KEPT_MS) {
      freshAt = now();
      await query('DISCARD PLANS');
    }
    return query({ name: nameOf(text), text }, values);
  };
  // With a callback, as the pool itself asks, it goes the driver's way.
  client.query = ((first: unknown, ...rest: unknown[]) =>
    isKept(first) && rest.length < 2 ? keeping(first, rest[0]) : query(first, ...rest)) as typeof client.query;
}

/** Kysely writes `select` before what `modifyFront` adds. */
const isKept = (text: unknown): text is string =>
  typeof text === 'string' && (text.startsWith(MARK) || text.startsWith(`select ${MARK}`));

const names = new Map<string, string>();

/** A name for each text: PostgreSQL cuts names at 63 bytes. */
function nameOf(text: string): string {
  let name = names.get(text);
  if (!name) {
    name = createHash('md5').update(text).digest('hex');
    names.set(text, name);
  }
  return name;
}
