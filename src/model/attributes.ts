import { isPlainObject } from './coerce.ts';

/** One thing that somebody says of an entity: a tag, a term, a sensitivity. */
export interface Assertion {
  id: number;
  kind: AssertionKind;
  /** Name of a tag, id of a term, word of a sensitivity. */
  value: string;
  /** What the contract shows of it. */
  body: Record<string, unknown>;
  origin: string;
}
export const ASSERTION_KINDS = ['tag', 'term', 'sensitivity'] as const;
export type AssertionKind = (typeof ASSERTION_KINDS)[number];

export interface WantedAssertion {
  kind: AssertionKind;
  value: string;
  body: Record<string, unknown>;
}

type Attributes = Record<string, unknown>;

/** A PATCH of `attributes`, split into what is kept as it is and what is kept as assertions. */
export interface AttributePatch {
  plain: Attributes;
  /** By kind: the whole new set. Kinds that the patch does not mention are absent. */
  asserted: Partial<Record<AssertionKind, WantedAssertion[]>>;
}

/** Splits a PATCH body (already checked). `null` for tags, terms or sensitivity means none. */
export function splitPatch(patch: Attributes): AttributePatch {
  const { tags, businessTerms, features, ...plain } = patch;
  const asserted: AttributePatch['asserted'] = {};
  if (tags !== undefined)
    asserted.tag = toUnique(listOf(tags).map((tag) => ({ kind: 'tag', value: String(tag.name), body: tag })));
  if (businessTerms !== undefined) {
    asserted.term = toUnique(
      listOf(businessTerms).map((term) => ({ kind: 'term', value: String(term.id ?? term.name), body: term })),
    );
  }
  if (isPlainObject(features)) {
    const { sensitivity, ...rest } = features;
    if (sensitivity !== undefined) {
      asserted.sensitivity =
        sensitivity === null ? [] : [{ kind: 'sensitivity', value: String(sensitivity), body: {} }];
    }
    if (Object.keys(rest).length > 0) plain.features = rest;
  } else if (features === null) {
    plain.features = null;
    asserted.sensitivity = [];
  }
  return { plain, asserted };
}

/** Arrays are replaced whole, scalars overwrite, keys of objects merge, `null` takes away. Changes neither argument. */
export function mergeAttributes(before: Attributes, patch: Attributes): Attributes {
  const after = { ...before };
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) delete after[key];
    else if (isPlainObject(value)) after[key] = mergeAttributes(isPlainObject(after[key]) ? after[key] : {}, value);
    else after[key] = value;
  }
  return after;
}

/**
 * What a person's new set changes of the active assertions of one kind. What is the same stays whoever said it: of what a job found,
 * one of its methods is shown, and a person who sends it back, with or without what is shown of the method, has changed nothing.
 */
export function diffAssertions(
  active: readonly Assertion[],
  wanted: readonly WantedAssertion[],
): { remove: Assertion[]; add: WantedAssertion[] } {
  const next = new Map(wanted.map((one) => [one.value, one]));
  const repeated = new Set(
    active
      .filter((old) => {
        const same = next.get(old.value);
        return (
          same !== undefined && (old.origin === 'job' ? isWithin(same.body, old.body) : sameBody(old.body, same.body))
        );
      })
      .map(({ value }) => value),
  );
  return {
    remove: active.filter(({ value }) => !repeated.has(value)),
    add: wanted.filter(({ value }) => !repeated.has(value)),
  };
}

/** The contract's `attributes`: what is kept as it is, with the active assertions in their places. */
export function toAttributes(plain: Attributes, active: readonly Assertion[]): Attributes {
  const of = (kind: AssertionKind) => best(active.filter((assertion) => assertion.kind === kind));
  const attributes = { ...plain };
  const tags = of('tag').map(({ value, body }) => ({ name: value, ...sourceOf(body) }));
  const terms = of('term').map((term) => ({ id: term.value, ...term.body }));
  const sensitivity = decided(of('sensitivity'));
  if (tags.length > 0) attributes.tags = tags;
  if (terms.length > 0) attributes.businessTerms = terms;
  if (sensitivity !== undefined)
    attributes.features = { ...(isPlainObject(plain.features) ? plain.features : {}), sensitivity };
  return attributes;
}

export const SENSITIVITIES = ['UNKNOWN', 'LOW', 'MEDIUM', 'HIGH'] as const;

/** Whatever a person said counts; of what jobs found the highest. */
export function decided(said: readonly Pick<Assertion, 'value' | 'origin'>[]): string | undefined {
  const order: readonly string[] = SENSITIVITIES;
  const byPeople = said.filter(({ origin }) => origin !== 'job');
  const values = (byPeople.length > 0 ? byPeople : said).map(({ value }) => value);
  return values.sort((a, b) => order.indexOf(b) - order.indexOf(a))[0];
}

/** One for each value, in the order they were first said: what a person said, else the surest finding. */
function best(said: readonly Assertion[]): Assertion[] {
  const chosen = new Map<string, Assertion>();
  const weight = ({ origin, body }: Assertion): number =>
    origin === 'job' ? Number(body.confidenceScore ?? 0) : Number.POSITIVE_INFINITY;
  for (const one of said) {
    const other = chosen.get(one.value);
    if (!other || weight(one) >= weight(other)) chosen.set(one.value, one);
  }
  return [...chosen.values()];
}

/** What the contract shows of where an assertion comes from. */
const sourceOf = ({ sourceName, sourceType, confidenceScore }: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries({ sourceName, sourceType, confidenceScore }).filter(([, value]) => value !== undefined),
  );

const isNamed = (key: string): boolean => key === 'id' || key === 'name';

/** Every key that a person sent is as it was shown. */
function isWithin(sent: Record<string, unknown>, shown: Record<string, unknown>): boolean {
  return Object.keys(sent).every((key) => isNamed(key) || JSON.stringify(sent[key]) === JSON.stringify(shown[key]));
}

function sameBody(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)].filter((key) => !isNamed(key)));
  return [...keys].every((key) => JSON.stringify(a[key]) === JSON.stringify(b[key]));
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isPlainObject) : [];
}

function toUnique(wanted: WantedAssertion[]): WantedAssertion[] {
  return uniqueBy(wanted, (assertion) => assertion.value);
}

function uniqueBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}
