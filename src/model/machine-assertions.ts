import { type AssertionKind, SENSITIVITIES } from './attributes.ts';

/** What a method found: a tag, a term or a sensitivity of a column or of its table. */
export interface Found {
  entityId: string;
  kind: AssertionKind;
  value: string;
  /** With `columnId` and what is said of whom, whose finding it is. */
  methodId: string;
  /** The column that it was found in; of a column itself its own id. */
  columnId: string;
  body: Record<string, unknown>;
  evidence: Record<string, unknown>;
}

/** What is kept already: what holds, and what a person took back. */
export interface KnownAssertion extends Omit<Found, 'methodId' | 'columnId'> {
  id: number;
  origin: string;
  methodId: string | null;
  columnId: string | null;
  /** A person took it back: no job says it again. */
  refused: boolean;
}

export interface AssertionPlan {
  add: Found[];
  /** Held before, with other evidence. */
  renew: { id: number; found: Found }[];
  remove: KnownAssertion[];
  unchanged: Found[];
  /** Left out, for a person said it already or took it back. */
  overruled: Found[];
}

/** The method of a sensitivity that a table takes from a column on which a person set it. */
export const SET_BY_PEOPLE = 'people';

const keyOf = (one: Pick<KnownAssertion, 'entityId' | 'kind' | 'value' | 'methodId' | 'columnId'>): string =>
  JSON.stringify([one.entityId, one.kind, one.value, one.methodId, one.columnId]);
type Said = Pick<Found, 'entityId' | 'kind' | 'value' | 'body'>;
const saidKey = ({ entityId, kind, value }: Said): string => JSON.stringify([entityId, kind, value]);
/** Of a term also its name: one that was renamed or deleted is made again, with another id. */
const namedKey = ({ entityId, kind, body: { name, glossaryId } }: Said): string | undefined =>
  kind === 'term' && typeof name === 'string' ? JSON.stringify([entityId, name, glossaryId]) : undefined;

/**
 * What new findings change of what is kept. People win: what one of them took back is not said again, and what one of them says is
 * neither doubled nor removed; a sensitivity of theirs stands alone. What a method said before and does not say now goes if `isOver`
 * tells that it was asked again, or that it or its column is no more. The same findings twice change nothing. Pure.
 */
export function planAssertions(
  known: readonly KnownAssertion[],
  found: readonly Found[],
  isOver: (methodId: string, columnId: string) => boolean,
): AssertionPlan {
  const takenBack = known.filter((one) => one.refused);
  const refused = new Set(takenBack.map(saidKey));
  const refusedNames = new Set(takenBack.map(namedKey).filter((key) => key !== undefined));
  const byPeople = known.filter((one) => !one.refused && one.origin !== 'job');
  const said = new Set(byPeople.map(saidKey));
  const rated = new Set(byPeople.filter(({ kind }) => kind === 'sensitivity').map(({ entityId }) => entityId));
  const isOverruled = (one: Said): boolean =>
    refused.has(saidKey(one)) ||
    refusedNames.has(namedKey(one) ?? '') ||
    said.has(saidKey(one)) ||
    (one.kind === 'sensitivity' && rated.has(one.entityId));

  const wanted = new Map(found.map((one) => [keyOf(one), one]));
  const held = known.filter((one) => !one.refused && one.origin === 'job' && one.methodId !== null);
  const heldKeys = new Set(held.map(keyOf));
  const plan: AssertionPlan = { add: [], renew: [], remove: [], unchanged: [], overruled: [] };
  for (const [key, one] of wanted) {
    if (isOverruled(one)) plan.overruled.push(one);
    else if (!heldKeys.has(key)) plan.add.push(one);
  }
  for (const old of held) {
    const next = wanted.get(keyOf(old));
    if (isOverruled(old)) plan.remove.push(old);
    else if (next === undefined) {
      if (isOver(old.methodId ?? '', old.columnId ?? '')) plan.remove.push(old);
    } else if (isSameJson(old.body, next.body) && isSameJson(old.evidence, next.evidence)) plan.unchanged.push(next);
    else plan.renew.push({ id: old.id, found: next });
  }
  return plan;
}

/** What holds after a plan: of columns, to tell what their table takes from them. */
export function afterPlan(known: readonly KnownAssertion[], plan: AssertionPlan): (Found | KnownAssertion)[] {
  const gone = new Set(plan.remove.map(({ id }) => id));
  const renewed = new Map(plan.renew.map(({ id, found }) => [id, found]));
  return [
    ...known.filter((one) => !one.refused && !gone.has(one.id)).map((one) => renewed.get(one.id) ?? one),
    ...plan.add,
  ];
}

/**
 * The sensitivity that a table takes from its columns: the highest that no person took back from the table, whichever method or person
 * set it; of several the surest. Pure.
 *
 * @param known of the table
 * @param columns what holds of all its columns
 */
export function sensitivityOfTable(
  tableId: string,
  known: readonly KnownAssertion[],
  columns: readonly (Found | KnownAssertion)[],
): Found[] {
  const order: readonly string[] = SENSITIVITIES;
  const refused = new Set(known.filter((one) => one.refused && one.kind === 'sensitivity').map(({ value }) => value));
  const [most] = columns
    .filter(({ kind, value }) => kind === 'sensitivity' && order.indexOf(value) > 0 && !refused.has(value))
    .sort(
      (a, b) =>
        order.indexOf(b.value) - order.indexOf(a.value) ||
        confidenceOf(b) - confidenceOf(a) ||
        (a.entityId < b.entityId ? -1 : a.entityId > b.entityId ? 1 : (a.methodId ?? '') < (b.methodId ?? '') ? -1 : 1),
    );
  if (!most) return [];
  const { kind, value, body, evidence } = most;
  return [
    {
      entityId: tableId,
      kind,
      value,
      methodId: most.methodId ?? SET_BY_PEOPLE,
      columnId: most.entityId,
      body,
      evidence,
    },
  ];
}

const confidenceOf = ({ body }: { body: Record<string, unknown> }): number =>
  typeof body.confidenceScore === 'number' ? body.confidenceScore : 0;

/** As the database keeps it: the order of keys does not count. */
function isSameJson(a: unknown, b: unknown): boolean {
  return sorted(a) === sorted(b);
}

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
