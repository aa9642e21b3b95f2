import { type HashHalves, hashHalves } from '../sketch/value-hash.ts';
import type { ColumnKind, MeasuredColumn } from './column.ts';
import { compareValues } from './value-text.ts';

/** Bytes of a column's texts together. */
export const IN_HAND_BYTES = 2 ** 20;

/** Where the text says all of a value that its type does: equal texts are equal values, and the other way round. */
const KINDS: ReadonlySet<ColumnKind> = new Set([
  'integer',
  'decimal',
  'float',
  'text',
  'boolean',
  'date',
  'time',
  'timestamp',
  'uuid',
]);

export const fitsInHand = ({ kind }: MeasuredColumn): boolean => KINDS.has(kind);

/** The different values of a column with their counts, in the order of the values: what `g(v, n)` holds, in JavaScript. */
export class InHand {
  /** As DuckDB writes them, whole. */
  readonly texts: readonly string[];
  readonly counts: readonly number[];
  /** Rows that hold a value. */
  readonly rows: number;
  #hashes: HashHalves | undefined;
  #numbers: Float64Array | undefined;

  constructor(texts: readonly string[], counts: readonly number[]) {
    this.texts = texts;
    this.counts = counts;
    this.rows = counts.reduce((sum, count) => sum + count, 0);
  }

  /** The value hash of each text, made when they are first asked for. */
  get hashes(): HashHalves {
    this.#hashes ??= hashHalves(this.texts);
    return this.#hashes;
  }

  /** Each value as the nearest double. */
  numbers({ duckdbType }: Pick<MeasuredColumn, 'duckdbType'>): Float64Array {
    this.#numbers ??= numbersOf(this.texts, duckdbType);
    return this.#numbers;
  }
}

/** Groups the values of a column. Zero has a sign, but is one value. */
export function groupInHand(values: readonly (string | null)[], column: MeasuredColumn): InHand {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (column.kind === 'float') {
    const negative = counts.get('-0.0');
    if (negative !== undefined) counts.set('0.0', (counts.get('0.0') ?? 0) + negative);
    counts.delete('-0.0');
  }
  const texts = sortValues([...counts.keys()], column);
  return new InHand(
    texts,
    texts.map((text) => counts.get(text) as number),
  );
}

const INFINITIES: Record<string, number> = { inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY };

/** The number that DuckDB's text of one is. */
function numbersOf(texts: readonly string[], duckdbType: string): Float64Array {
  const toNumber = duckdbType.toUpperCase() === 'FLOAT' ? (text: string): number => Math.fround(Number(text)) : Number;
  return Float64Array.from(texts, (text) => INFINITIES[text] ?? toNumber(text));
}

/** So many digits are exact in a double, whatever they are. */
const EXACT_DIGITS = 15;
const isShort = (text: string): boolean => text.length <= EXACT_DIGITS;
/** A date or time in one of the years 0000 to 9999: such are in the order of their characters. */
const isPlainTime = (text: string): boolean => text[4] === '-' && !text.endsWith(')');
const isBasic = (text: string): boolean => !/[\ud800-\uffff]/.test(text);

/** In the order of DuckDB; by the means that are quick where they are right, which is nearly always. */
function sortValues(texts: string[], column: MeasuredColumn): string[] {
  const { kind } = column;
  if (kind === 'float' || ((kind === 'integer' || kind === 'decimal') && texts.every(isShort))) {
    const numbers = new Map(texts.map((text) => [text, INFINITIES[text] ?? Number(text)]));
    const of = (text: string): number => numbers.get(text) as number;
    // NaN is larger than all others.
    return texts.sort((a, b) => (Number.isNaN(of(a)) ? 1 : Number.isNaN(of(b)) ? -1 : of(a) < of(b) ? -1 : 1));
  }
  const byCharacters =
    kind === 'date' || kind === 'timestamp' ? texts.every(isPlainTime) : !isNumber(kind) && texts.every(isBasic);
  if (byCharacters) return texts.sort();
  return texts.sort((a, b) => compareValues(column, a, b));
}

const isNumber = (kind: ColumnKind): boolean => kind === 'integer' || kind === 'decimal';
