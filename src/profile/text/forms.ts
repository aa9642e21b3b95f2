import { LETTERS, LONGEST_PATTERN, POINTS, patternOfTaken, takePoints } from './alphabet.ts';
import { SYMBOLS, shapeKeyOf } from './shapes.ts';

/**
 * What values look like: their letters, and the symbols and white space among them. Values of one form have one pattern and one shape.
 * Found by a hash, without making a text of each value.
 */
export class FormTable {
  /** Of each form the number of its pattern, and of its shape: −1 where it has none. */
  readonly patternOf: number[] = [];
  readonly shapeOf: number[] = [];
  readonly patterns: string[] = [];
  readonly shapes: string[] = [];
  readonly #patternNumbers = new Map<string, number>();
  readonly #shapeNumbers = new Map<string, number>();
  /** Number of a form and 1, by the hash; 0 where there is none. */
  #places = new Int32Array(64);
  readonly #hashes: number[] = [];
  /** The marks of all forms one after the other, each form's from its start on. */
  #kept = new Int32Array(1_024);
  readonly #starts: number[] = [0];

  /** @returns the number of its form */
  find(text: string): number {
    const length = takePoints(text);
    const hash = takeMarks(length);
    const last = this.#places.length - 1;
    for (let place = hash & last; ; place = (place + 1) & last) {
      const form = (this.#places[place] as number) - 1;
      if (form < 0) return this.#add(length, hash, place);
      if (this.#hashes[form] === hash && this.#isOf(form, length)) return form;
    }
  }

  #isOf(form: number, length: number): boolean {
    const start = this.#starts[form] as number;
    if ((this.#starts[form + 1] as number) - start !== length) return false;
    const kept = this.#kept;
    for (let i = 0; i < length; i += 1) if (kept[start + i] !== MARKS[i]) return false;
    return true;
  }

  #add(length: number, hash: number, place: number): number {
    const form = this.patternOf.length;
    const start = this.#starts[form] as number;
    if (start + length > this.#kept.length) {
      const larger = new Int32Array(2 * (start + length));
      larger.set(this.#kept);
      this.#kept = larger;
    }
    const kept = this.#kept;
    for (let i = 0; i < length; i += 1) kept[start + i] = MARKS[i] as number;
    this.#starts.push(start + length);
    this.#hashes.push(hash);
    this.patternOf.push(numberOf(patternOfTaken(length), this.patterns, this.#patternNumbers));
    const key = shapeKeyOf(MARKS, length);
    this.shapeOf.push(key === undefined ? -1 : numberOf(key, this.shapes, this.#shapeNumbers));
    this.#places[place] = form + 1;
    if (2 * form > this.#places.length) this.#grow();
    return form;
  }

  #grow(): void {
    const places = new Int32Array(4 * this.#places.length);
    for (const [form, hash] of this.#hashes.entries()) {
      let place = hash & (places.length - 1);
      while (places[place] !== 0) place = (place + 1) & (places.length - 1);
      places[place] = form + 1;
    }
    this.#places = places;
  }
}

function numberOf(key: string, all: string[], numbers: Map<string, number>): number {
  let number = numbers.get(key);
  if (number === undefined) {
    number = all.push(key) - 1;
    numbers.set(key, number);
  }
  return number;
}

const SYMBOL = 's'.charCodeAt(0);
const WHITE = 'w'.charCodeAt(0);
/** Of the text that was taken last. */
export const MARKS = new Int32Array(LONGEST_PATTERN + 1);

/** Marks of the points that were taken: symbols and white space stand for themselves, all else for its letter. @returns their hash */
export function takeMarks(length: number): number {
  let hash = length;
  for (let i = 0; i < length && i < LONGEST_PATTERN; i += 1) {
    const letter = LETTERS[i] as number;
    const mark = letter === SYMBOL || letter === WHITE ? SYMBOLS + (POINTS[i] as number) : letter;
    MARKS[i] = mark;
    hash = Math.imul(hash ^ mark, 0x01000193);
  }
  // Of what is cut off only that there is something.
  if (length > LONGEST_PATTERN) MARKS[LONGEST_PATTERN] = 0;
  return (hash ^ (hash >>> 15)) & 0x7fffffff;
}
