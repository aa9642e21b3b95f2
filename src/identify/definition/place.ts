import { kindOf } from '../../model/coerce.ts';
import { numberOfText } from '../logic/read-logic.ts';

/** What reading a definition found: all of it, not the first only. */
export interface Notes {
  problems: string[];
  warnings: string[];
}

/** A value of a definition, with where it stands: `rules[0].minSamples`. Absent and null are the same. */
export class Place {
  readonly value: unknown;
  readonly path: string;
  readonly notes: Notes;

  constructor(value: unknown, path: string, notes: Notes) {
    this.value = value ?? undefined;
    this.path = path;
    this.notes = notes;
  }

  get absent(): boolean {
    return this.value === undefined;
  }

  problem(says: string): void {
    this.notes.problems.push(`${this.path || 'definition'}: ${says}`);
  }

  warn(says: string): void {
    this.notes.warnings.push(`${this.path || 'definition'}: ${says}`);
  }

  /** The value below a key; absent where this is no object, which `object` tells. */
  at(key: string): Place {
    const within = isObject(this.value) && Object.hasOwn(this.value, key) ? this.value[key] : undefined;
    return new Place(within, this.path ? `${this.path}.${key}` : key, this.notes);
  }

  /** Says what is wrong with anything but an object, and names keys that are not known: they are kept, and do nothing. */
  object(known: readonly string[]): boolean {
    if (!isObject(this.value)) {
      this.problem(`received ${kindOf(this.value)}, expected an object`);
      return false;
    }
    const unknown = Object.keys(this.value).filter((key) => !known.includes(key));
    if (unknown.length > 0)
      this.warn(`unknown ${unknown.length === 1 ? 'key' : 'keys'} ${unknown.join(', ')}: kept, without effect`);
    return true;
  }

  /** The items of a list; one item that is no list counts as a list of it where `alone` says so. Absent: none. */
  list(alone = false): Place[] {
    if (this.absent) return [];
    if (!Array.isArray(this.value)) {
      if (alone) return [this];
      this.problem(`received ${kindOf(this.value)}, expected a list`);
      return [];
    }
    return this.value.map((item, i) => new Place(item, `${this.path}[${i}]`, this.notes));
  }

  /** A text that is not empty. Says so where it is absent or something else. */
  text(): string | undefined {
    if (typeof this.value === 'string' && this.value !== '') return this.value;
    this.problem(`received ${this.value === '' ? 'an empty text' : kindOf(this.value)}, expected a text`);
    return undefined;
  }

  /** The texts of a list; absent: none. */
  texts(alone = false): string[] {
    return this.list(alone)
      .map((item) => item.text())
      .filter((item) => item !== undefined);
  }

  /** A number, or a text that writes one. Absent: the fallback. */
  number({ least, most, whole = false }: { least: number; most: number; whole?: boolean }, fallback: number): number {
    if (this.absent) return fallback;
    const number = typeof this.value === 'string' ? numberOfText(this.value) : this.value;
    if (typeof number === 'number' && number >= least && number <= most && (!whole || Number.isInteger(number)))
      return number;
    const received = ['string', 'number'].includes(typeof this.value) ? JSON.stringify(this.value) : kindOf(this.value);
    const upTo = Number.isFinite(most) ? `from ${least} to ${most}` : `of ${least} or more`;
    this.problem(`received ${received}, expected a ${whole ? 'whole ' : ''}number ${upTo}`);
    return fallback;
  }

  /** true, false, or a text that says it. Absent: the fallback. */
  truth(fallback: boolean): boolean {
    if (this.absent) return fallback;
    const text = typeof this.value === 'string' ? this.value.trim().toLowerCase() : this.value;
    if (text === true || text === 'true') return true;
    if (text === false || text === 'false') return false;
    this.problem(`received ${kindOf(this.value)}, expected true or false`);
    return fallback;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
