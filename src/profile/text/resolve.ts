import { CONVENTIONS, PARTS } from './read-numbers.ts';
import { BOOLEANS } from './read-words.ts';

/** What a column of texts holds. Shares are of the rows that are neither null nor blank, 0 to 1. */
export interface LogicalType {
  type: string;
  /** Rows whose value is of this type, in whichever of its formats. */
  share: number;
  /** The most frequent format; absent where the type has but one. */
  format?: string;
  /** All its formats where there are several. */
  formats?: { format: string; share: number }[];
  /** Other readings that explain the same values: `["date dd/MM/yyyy", "date MM/dd/yyyy"]` among them the one that was chosen. */
  ambiguous?: string[];
  /** What the other values are. */
  others: { type: string; share: number }[];
}

/** How many rows have each set of readings. */
export type Signatures = readonly (readonly [readings: string, rows: number])[];

interface Reading {
  family: string;
  format: string;
}

/** Of types that explain equally many values the first one is taken. */
const PREFERENCE = [
  'boolean',
  'timestamp',
  'date',
  'time',
  'number',
  'digits',
  'percent',
  'currency',
  'uuid',
  'ipv4',
  'ipv6',
  'mac',
  'hash',
  'json',
  'url',
  'email',
  'geo',
  'version',
  'hex',
  'base64',
];
/** A number may look like these; that is worth saying, and no more. */
const HINTS: Record<string, string> = { year: 'year', epoch: 'epoch' };
/** These say the same with less, so they are no other meaning. */
const WEAKER = new Set(['digits', 'hex', 'base64', 'version', 'ipv4!', 'placeholder', ...Object.keys(HINTS)]);

const readingsIn = (signature: string): Reading[] =>
  signature === ''
    ? []
    : signature.split('|').map((reading) => {
        const at = reading.indexOf(':');
        const type = reading.slice(0, at);
        const number = type === 'integer' || type === 'decimal';
        return number ? { family: 'number', format: reading } : { family: type, format: reading.slice(at + 1) };
      });

/** What a column holds, and the sets of readings whose rows make up its share. */
export interface Resolved {
  type: LogicalType;
  by: ReadonlySet<string>;
}

/** Rows by readings → what the column holds. Pure; depends on the set of signatures only. */
export function resolveType(signatures: Signatures): Resolved {
  const rows = [...signatures]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([text, count]) => ({ text, readings: readingsIn(text), count }));
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  const by = (some: readonly { text: string }[]): Resolved['by'] => new Set(some.map(({ text }) => text));
  if (total === 0) return { type: { type: 'text', share: 0, others: [] }, by: by(rows) };
  const chosen = chooseFamily(rows, total);
  if (chosen === null) {
    const share = sharesOf(rows, []).text / total;
    return {
      type: { type: 'text', share, others: othersOf(rows, [], total) },
      by: by(rows.filter((row) => nameOfRow(row) === 'text')),
    };
  }
  const mine = rows.filter(({ readings }) => readings.some(({ family }) => family === chosen));
  const share = mine.reduce((sum, { count }) => sum + count, 0) / total;
  const { type, formats, ties } = chooseFormats(chosen, mine);
  const [first] = formats;
  const ambiguous = [...ties, ...otherMeanings(chosen, mine, first?.format ?? '')];
  const found = {
    type,
    share,
    ...(first && first.format !== '' ? { format: first.format } : {}),
    ...(formats.length > 1
      ? { formats: formats.slice(0, 10).map(({ format, count }) => ({ format, share: count / total })) }
      : {}),
    ...(ambiguous.length > 0 ? { ambiguous } : {}),
    others: othersOf(rows, mine, total),
  };
  return { type: found, by: by(mine) };
}

interface Row {
  readings: Reading[];
  count: number;
}

/** Rows by family; a row counts for each family that can read it. */
function support(rows: readonly Row[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { readings, count } of rows)
    for (const family of new Set(readings.map((reading) => reading.family)))
      counts.set(family, (counts.get(family) ?? 0) + count);
  return counts;
}

/** Null: text explains more than any type. */
function chooseFamily(rows: readonly Row[], total: number): string | null {
  const counts = support(rows);
  const of = (family: string): number => counts.get(family) ?? 0;
  const words = vocabularies(rows);
  if (!words.some(([, , , both]) => both)) counts.delete('boolean');
  if (words.every(([pair]) => pair[0] === '1') && of('boolean') < total) counts.delete('boolean');
  // Base64 and hex of a few values among others are chance.
  for (const family of ['base64', 'hex', 'version']) if (of(family) < 0.9 * total) counts.delete(family);
  if (of('ipv4') > 0 && of('ipv4!') === 0 && of('version') >= of('ipv4')) counts.delete('ipv4');
  let best: string | null = null;
  for (const family of PREFERENCE) if (of(family) > (best === null ? 0 : of(best))) best = family;
  // Hardly any numbers of eight digits are dates by chance: a few that are not do not make the others numbers.
  const exact = rows.filter(({ readings }) => readings.some(({ family }) => family === best));
  if (best === 'number' || best === 'digits')
    for (const family of ['date', 'timestamp']) {
      const dates = exact.filter(({ readings }) => readings.some((reading) => reading.family === family));
      if (dates.reduce((sum, { count }) => sum + count, 0) >= 0.95 * of(best)) best = family;
    }
  const unread = rows.filter(({ readings }) =>
    readings.every(({ family }) => !counts.has(family) || (WEAKER.has(family) && family !== best)),
  );
  const text = unread.reduce((sum, { count }) => sum + count, 0);
  return best === null || text > of(best) ? null : best;
}

/** Pairs of words with the rows that have one of them, and whether the pair counts: single letters and digits need both. */
function vocabularies(
  rows: readonly Row[],
): [pair: readonly [string, string], rows: number, index: number, counts: boolean][] {
  const words = new Map<string, number>();
  for (const { readings, count } of rows)
    for (const { family, format } of readings)
      if (family === 'boolean') words.set(format, (words.get(format) ?? 0) + count);
  return BOOLEANS.flatMap((pair, index) => {
    const [yes, no] = pair.map((word) => words.get(word) ?? 0) as [number, number];
    const counts = pair[0].length > 1 || pair[0] > '\u00ff' ? yes + no > 0 : yes > 0 && no > 0;
    return yes + no > 0
      ? [[pair, yes + no, index, counts] as [readonly [string, string], number, number, boolean]]
      : [];
  });
}

/** Keys under which a reading's format may be understood, and how it is called then. */
function keysOf({ family, format }: Reading): { key: string; label: string }[] {
  if (family === 'number') return conventionsOf(format).map((i) => ({ key: String(i), label: format }));
  if (family === 'currency' || family === 'percent') {
    const [mark = '', side = '', number = ''] = format.split(PARTS);
    const label = number.slice(number.indexOf(':') + 1);
    return conventionsOf(number).map((i) => ({
      key: `${i}${side}${mark}`,
      label: side === '<' ? mark + label : label + mark,
    }));
  }
  if (family === 'boolean')
    return BOOLEANS.flatMap((pair, i) =>
      pair.includes(format) ? [{ key: String(100 + i), label: pair.join('/') }] : [],
    );
  return [
    { key: family === 'date' || family === 'timestamp' || family === 'time' ? loose(format) : format, label: format },
  ];
}

const conventionsOf = (label: string): number[] =>
  CONVENTIONS.flatMap((known, i) => (known.includes(label) ? [i] : []));

/** The same format however it is padded: `dd/MM/yyyy` → `d/M/yyyy`. */
const loose = (format: string): string =>
  format
    .replace(/d+/g, 'd')
    .replace(/M{2}(?!M)(?<!M{3})/g, 'M')
    .replace(/H+/g, 'H')
    .replace(/h+/g, 'h')
    .replace(/S+/g, 'S');

interface Formats {
  type: string;
  formats: { format: string; count: number }[];
  ties: string[];
}

/** Takes the format that explains most values, then the one that explains most of the rest, and so on. */
function chooseFormats(family: string, mine: readonly Row[]): Formats {
  const counted =
    family === 'boolean'
      ? new Set(vocabularies(mine).flatMap(([, , i, counts]) => (counts ? [String(100 + i)] : [])))
      : null;
  let rest = mine.map(({ readings, count }) => ({
    keys: readings
      .filter((reading) => reading.family === family)
      .flatMap(keysOf)
      .filter(({ key }) => !counted || counted.has(key)),
    count,
  }));
  const formats: { format: string; count: number }[] = [];
  const ties: string[] = [];
  while (rest.some(({ keys }) => keys.length > 0)) {
    const found = new Map<string, { count: number; labels: Map<string, number>; order: number }>();
    for (const { keys, count } of rest)
      for (const { key, label } of keys) {
        const entry = found.get(key) ?? { count: 0, labels: new Map(), order: found.size };
        entry.count += count;
        entry.labels.set(label, (entry.labels.get(label) ?? 0) + count);
        found.set(key, entry);
      }
    const sorted = [...found].sort(([a, x], [b, y]) => y.count - x.count || rankOf(family, a, b) || x.order - y.order);
    const [key, best] = sorted[0] as (typeof sorted)[number];
    const format = labelOf(family, key, best.labels);
    if (formats.length === 0) {
      const names = new Set<string>();
      // Formats of as many values, but of others, are no two readings: the column is mixed.
      const read = rest.filter(({ keys }) => keys.some((one) => one.key === key));
      for (const [other, { count, labels }] of sorted)
        if (count === best.count && read.every(({ keys }) => keys.some((one) => one.key === other)))
          names.add(labelOf(family, other, labels));
      if (names.size > 1 && family !== 'currency') ties.push(...[...names].map((name) => nameOf(family, name)));
    }
    formats.push({ format, count: best.count });
    rest = rest.filter(({ keys }) => keys.every((one) => one.key !== key));
  }
  const number = formats.some(({ format }) => format.startsWith('decimal:')) ? 'decimal' : 'integer';
  return {
    type: family === 'number' ? number : family,
    formats: formats.map(({ format, count }) => ({
      format: family === 'number' ? format.slice(format.indexOf(':') + 1) : format,
      count,
    })),
    ties,
  };
}

const nameOf = (family: string, label: string): string =>
  family === 'number' ? label.replace(':', ' ') : `${family} ${label}`;

/** Conventions and words in the order of their tables. */
const rankOf = (family: string, a: string, b: string): number =>
  ['number', 'boolean', 'currency', 'percent'].includes(family) ? Number.parseInt(a, 10) - Number.parseInt(b, 10) : 0;

/** One name for what was read under one key: decimals before integers and grouped ones before plain; unpadded where any is. */
function labelOf(family: string, key: string, labels: ReadonlyMap<string, number>): string {
  const names = [...labels.keys()].sort();
  if (names.length === 1) return names[0] as string;
  if (family === 'date' || family === 'timestamp' || family === 'time') return key;
  const rank = (name: string): number =>
    (/E0/.test(name) ? 20 : /0[.,]0/.test(name) ? 10 : 0) + (name.match(/#/g)?.length ?? 0);
  const grouped = names.some((name) => name.includes('#'));
  const decimal = names.find((name) => rank(name) >= 10);
  const richest = names.toSorted((a, b) => rank(b) - rank(a))[0] as string;
  if (!grouped || !decimal || richest.includes('#')) return richest;
  // Grouped integers beside plain decimals: the grouped form of both.
  const group = names.find((name) => name.includes('#')) as string;
  return `decimal:${group.slice(group.indexOf(':') + 1)}${(decimal.match(/0([.,]0)/) ?? [])[1] ?? ''}`.replace(
    /^decimal:/,
    family === 'number' ? 'decimal:' : '',
  );
}

/** Families that explain all of these rows as well. */
function otherMeanings(chosen: string, mine: readonly Row[], format: string): string[] {
  const all = mine.reduce((sum, { count }) => sum + count, 0);
  const counts = support(mine);
  const formatsOf = (family: string): string[] => [
    ...new Set(
      mine.flatMap(({ readings }) => readings.filter((one) => one.family === family).map(({ format }) => format)),
    ),
  ];
  return [...counts]
    .filter(
      ([family, count]) =>
        family !== chosen &&
        count >= 0.99 * all &&
        (!WEAKER.has(family) || family in HINTS || isWorthSaying(chosen, family, format)),
    )
    .map(([family]) => {
      if (family === 'number')
        return formatsOf('number').every((format) => format.startsWith('integer')) ? 'integer' : 'decimal';
      return family === 'epoch' ? `epoch ${formatsOf(family).join('/')}` : family;
    })
    .sort();
}

const isWorthSaying = (chosen: string, family: string, format: string): boolean =>
  (chosen === 'ipv4' && family === 'version') || (chosen === 'date' && family === 'version' && /\byy$/.test(format));

interface Shares {
  types: Map<string, number>;
  text: number;
}

function sharesOf(rows: readonly Row[], mine: readonly Row[]): Shares {
  const types = new Map<string, number>();
  let text = 0;
  for (const row of rows) {
    if (mine.includes(row)) continue;
    const type = nameOfRow(row);
    if (type === 'text') text += row.count;
    else types.set(type, (types.get(type) ?? 0) + row.count);
  }
  return { types, text };
}

function nameOfRow({ readings }: Row): string {
  const families = new Set(readings.map(({ family }) => family));
  if (families.has('placeholder')) return 'placeholder';
  // One letter or digit is a boolean only in company.
  const single = readings.some(({ family, format }) => family === 'boolean' && format.length === 1);
  const family = PREFERENCE.find(
    (one) => families.has(one) && !(one === 'boolean' && single) && one !== 'base64' && one !== 'hex',
  );
  if (family === 'number') return readings[0]?.format.startsWith('decimal') ? 'decimal' : 'integer';
  return family ?? 'text';
}

function othersOf(rows: readonly Row[], mine: readonly Row[], total: number): { type: string; share: number }[] {
  const { types, text } = sharesOf(rows, mine);
  const others = [...types];
  if (mine.length > 0 && text > 0) others.push(['text', text]);
  return others
    .map(([type, count]) => ({ type, share: count / total }))
    .sort((a, b) => b.share - a.share || (a.type < b.type ? -1 : 1));
}
