import { sql } from 'kysely';
import { type Effects, noEffects } from '../../model/job-status.ts';
import {
  type AssertionPlan,
  afterPlan,
  type Found,
  type KnownAssertion,
  planAssertions,
  sensitivityOfTable,
} from '../../model/machine-assertions.ts';
import type { Db, Trx } from '../database.ts';
import { EVIDENCE_WITHOUT_VALUES } from './forget-values.ts';

/** What methods found in columns of one table. */
export interface FoundInTable {
  tableId: string;
  found: readonly Found[];
  /** Whether a method was asked about a column and could answer, or is no more: what it said before goes unless it is found again. */
  wasAsked(methodId: string, columnId: string): boolean;
}

interface Change {
  columns: AssertionPlan;
  table: AssertionPlan;
}

/**
 * Puts findings in the place of those of before, for the columns and their table. What did not change is not written; what people
 * say of an entity meanwhile waits, or is seen. Columns that left the catalog take their findings with them, also from the table.
 *
 * @param jobId who says it, and who takes back what no longer holds
 */
export async function writeFound(trx: Trx, jobId: string, said: FoundInTable): Promise<Effects> {
  const before = await planTable(trx, said);
  if (!before || !isChange(before)) return effectsOf(before);
  // Nobody waits in a circle: the table first, then its columns by name, as everybody does who writes about several.
  await sql`SELECT id FROM entity WHERE id = ${said.tableId} FOR NO KEY UPDATE`.execute(trx);
  const touched = [...before.columns.add, ...before.columns.renew.map(({ found }) => found), ...before.columns.remove];
  await sql`SELECT id FROM entity WHERE id = ANY(${[...new Set(touched.map(({ entityId }) => entityId))]}::uuid[])
    ORDER BY fqdn, id FOR NO KEY UPDATE`.execute(trx);
  const change = await planTable(trx, said);
  if (!change) return effectsOf(change);
  const both = [change.columns, change.table];
  await remove(
    trx,
    jobId,
    both.flatMap((plan) => plan.remove.map(({ id }) => id)),
  );
  await renew(
    trx,
    jobId,
    both.flatMap((plan) => plan.renew),
  );
  await add(
    trx,
    jobId,
    both.flatMap((plan) => plan.add),
  );
  return effectsOf(change);
}

const isChange = ({ columns, table }: Change): boolean =>
  [columns, table].some((plan) => plan.add.length + plan.renew.length + plan.remove.length > 0);

/** @returns undefined when the table is no more */
async function planTable(trx: Db | Trx, said: FoundInTable): Promise<Change | undefined> {
  const { tableId } = said;
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM entity WHERE id = ${tableId} OR (parent_id = ${tableId} AND type = 'COLUMN')`.execute(trx);
  const there = new Set(rows.map(({ id }) => id));
  if (!there.has(tableId)) return undefined;
  const known = await listKnown(trx, [...there]);
  const isOver = (methodId: string, columnId: string): boolean =>
    !there.has(columnId) || said.wasAsked(methodId, columnId);
  const found = said.found.filter(({ entityId, columnId }) => there.has(entityId) && there.has(columnId));
  const [ofTable, ofColumns] = [
    known.filter(({ entityId }) => entityId === tableId),
    known.filter(({ entityId }) => entityId !== tableId),
  ];
  const columns = planAssertions(
    ofColumns,
    found.filter(({ entityId }) => entityId !== tableId),
    isOver,
  );
  const tags = found.filter(({ entityId, kind }) => entityId === tableId && kind !== 'sensitivity');
  const sensitivity = sensitivityOfTable(tableId, ofTable, afterPlan(ofColumns, columns));
  const [rated, tagged] = [
    ofTable.filter(({ kind }) => kind === 'sensitivity'),
    ofTable.filter(({ kind }) => kind !== 'sensitivity'),
  ];
  // What columns give their table is known of all of them, whichever were asked about.
  const table = joinPlans(
    planAssertions(tagged, tags, isOver),
    planAssertions(rated, sensitivity, () => true),
  );
  return { columns, table };
}

const joinPlans = (a: AssertionPlan, b: AssertionPlan): AssertionPlan => ({
  add: [...a.add, ...b.add],
  renew: [...a.renew, ...b.renew],
  remove: [...a.remove, ...b.remove],
  unchanged: [...a.unchanged, ...b.unchanged],
  overruled: [...a.overruled, ...b.overruled],
});

async function listKnown(trx: Db | Trx, entityIds: readonly string[]): Promise<KnownAssertion[]> {
  const { rows } = await sql<KnownAssertion>`
    SELECT id, entity_id AS "entityId", kind, value, body, origin, method_id AS "methodId", column_id AS "columnId", evidence,
      removed_at IS NOT NULL AS refused
    FROM assertion WHERE entity_id = ANY(${[...entityIds]}::uuid[]) AND (removed_at IS NULL OR removed_by IS NOT NULL)
    ORDER BY id`.execute(trx);
  return rows;
}

async function remove(trx: Trx, jobId: string, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`UPDATE assertion SET removed_at = now(), removed_by_job = ${jobId}, evidence = ${EVIDENCE_WITHOUT_VALUES}
    WHERE id = ANY(${[...ids]}::bigint[])`.execute(trx);
}

async function renew(trx: Trx, jobId: string, rows: AssertionPlan['renew']): Promise<void> {
  if (rows.length === 0) return;
  const json = JSON.stringify(rows.map(({ id, found: { body, evidence } }) => ({ id, body, evidence })));
  await sql`UPDATE assertion a SET body = r.body, evidence = r.evidence, by_job = ${jobId}
    FROM jsonb_to_recordset(${json}::jsonb) AS r(id bigint, body jsonb, evidence jsonb) WHERE a.id = r.id`.execute(trx);
}

async function add(trx: Trx, jobId: string, found: readonly Found[]): Promise<void> {
  if (found.length === 0) return;
  await sql`
    INSERT INTO assertion (entity_id, source_id, kind, value, body, origin, by_job, evidence, method_id, column_id)
    SELECT f."entityId", e.source_id, f.kind, f.value, f.body, 'job', ${jobId}, f.evidence, f."methodId", f."columnId"
    FROM ROWS FROM (jsonb_to_recordset(${JSON.stringify(found)}::jsonb) AS ("entityId" uuid, kind text, value text, body jsonb,
      evidence jsonb, "methodId" text, "columnId" uuid)) WITH ORDINALITY AS f JOIN entity e ON e.id = f."entityId"
    ORDER BY f.ordinality`.execute(trx);
}

const WORDS = { tag: 'tags', term: 'business terms', sensitivity: 'sensitivities' } as const;

function effectsOf(change: Change | undefined): Effects {
  const effects = noEffects();
  if (!change) return effects;
  const count = (
    how: 'created' | 'changed' | 'deleted' | 'unchanged',
    whose: 'column' | 'table',
    items: readonly Pick<Found, 'kind'>[],
  ): void => {
    for (const { kind } of items) {
      const word = whose === 'table' ? `table ${WORDS[kind]}` : WORDS[kind];
      effects[how][word] = (effects[how][word] ?? 0) + 1;
    }
  };
  for (const whose of ['column', 'table'] as const) {
    const plan = whose === 'table' ? change.table : change.columns;
    count('created', whose, plan.add);
    count(
      'changed',
      whose,
      plan.renew.map(({ found }) => found),
    );
    count('deleted', whose, plan.remove);
    count('unchanged', whose, plan.unchanged);
    if (plan.overruled.length > 0)
      effects.skipped[OVERRULED] = (effects.skipped[OVERRULED] ?? 0) + plan.overruled.length;
  }
  return effects;
}

const OVERRULED = 'findings that a person decided already';
