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

/** The values of a column row by row: the different ones, and the place of each row's among them. */
export interface HeldColumn {
  /** As DuckDB writes them, whole, each once. */
  values: readonly string[];
  /** −1: the row has none. */
  places: Int32Array;
}

/** Holds a column whose cells come one by one. */
export class GrowingColumn {
  readonly #known = new Map<string, number>();
  readonly #places: Int32Array;
  #rows = 0;

  /** @param most rows at the most */
  constructor(most: number) {
    this.#places = new Int32Array(most);
  }

  add(cell: string | null): void {
    let place = cell === null ? -1 : this.#known.get(cell);
    if (place === undefined) {
      place = this.#known.size;
      this.#known.set(cell as string, place);
    }
    this.#places[this.#rows++] = place;
  }

  held(): HeldColumn {
    return { values: [...this.#known.keys()], places: this.#places.slice(0, this.#rows) };
  }
}

export function holdValues(cells: readonly (string | null)[]): HeldColumn {
  const column = new GrowingColumn(cells.length);
  for (let row = 0; row < cells.length; row += 1) column.add(cells[row] ?? null);
  return column.held();
}

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
export function groupInHand({ values, places }: HeldColumn, column: MeasuredColumn): InHand {
  const found = new Float64Array(values.length);
  for (const place of places) if (place >= 0) found[place] = (found[place] as number) + 1;
  const counts = new Map<string, number>();
  for (let place = 0; place < values.length; place += 1) counts.set(values[place] as string, found[place] as number);
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

/** Looked up only where it is none: each look-up of a text makes it one that is kept. */
function numberOf(text: string): number {
  const number = Number(text);
  return Number.isNaN(number) ? (INFINITIES[text] ?? number) : number;
}

/** The number that DuckDB's text of one is. */
function numbersOf(texts: readonly string[], duckdbType: string): Float64Array {
  const numbers = new Float64Array(texts.length);
  const isSingle = duckdbType.toUpperCase() === 'FLOAT';
  for (let i = 0; i < texts.length; i += 1) {
    const number = numberOf(texts[i] as string);
    numbers[i] = isSingle ? Math.fround(number) : number;
  }
  return numbers;
}

/** So many digits are exact in a double, whatever they are. */
const EXACT_DIGITS = 15;
const isShort = (text: string): boolean => text.length <= EXACT_DIGITS;
/** A date or time in one of the years 0000 to 9999: such are in the order of their characters. */
const isPlainTime = (text: string): boolean => text[4] === '-' && !text.includes('(');
const isBasic = (text: string): boolean => !/[\ud800-\uffff]/.test(text);

/** In the order of DuckDB; by the means that are quick where they are right, which is nearly always. */
function sortValues(texts: string[], column: MeasuredColumn): string[] {
  const { kind } = column;
  if (kind === 'float' || ((kind === 'integer' || kind === 'decimal') && texts.every(isShort))) {
    const textOf = new Map<number, string>();
    for (const text of texts) textOf.set(numberOf(text), text);
    // NaN is larger than all others, here as there.
    return Array.from(Float64Array.from(textOf.keys()).sort(), (number) => textOf.get(number) as string);
  }
  const byCharacters =
    kind === 'date' || kind === 'timestamp' ? texts.every(isPlainTime) : !isNumber(kind) && texts.every(isBasic);
  if (byCharacters) return texts.sort();
  return texts.sort((a, b) => compareValues(column, a, b));
}

const isNumber = (kind: ColumnKind): boolean => kind === 'integer' || kind === 'decimal';
