import { AssayError } from '../errors/assay-error.ts';

/** Says whether the names of a path, from the top down, match. */
export type GlobMatch = (path: readonly string[]) => boolean;

/** One step of the matcher: takes a code point when `test` holds (absent: takes none) and goes on at any of `next`. */
interface State {
  test?: (codePoint: number) => boolean;
  next: number[];
}

/** Stands between names, so that a `/` within a name is a letter like any other. */
const SEPARATOR = -1;
const ACCEPT = -1;
const LONGEST = 4_096;

/**
 * Compiles a glob as Java's `PathMatcher` has them: `*` and `?` stay within a name, `**` crosses names, `[a-z]` and `[!a]` are
 * one character of a set, `{a,b}` is one of several (not nested), `\` takes the next character as it is. A pattern without `/`
 * is matched against the last name alone. Case counts.
 *
 * Patterns come from users: all states are followed at once, so that no pattern takes longer than its length times the path's.
 *
 * @throws BAD_REQUEST naming what is wrong with the pattern
 */
export function compileGlob(pattern: string): GlobMatch {
  const states = new GlobParser(pattern).parse();
  const wholePath = /(^|[^\\])\//.test(pattern);
  return (path) => matches(states, wholePath ? path : path.slice(-1));
}

function matches(states: readonly State[], path: readonly string[]): boolean {
  let current = new Set<number>();
  follow(states, 0, current);
  for (const codePoint of codePointsOf(path)) {
    const next = new Set<number>();
    for (const at of current) {
      const state = states[at];
      if (state?.test?.(codePoint)) for (const to of state.next) follow(states, to, next);
    }
    if (next.size === 0) return false;
    current = next;
  }
  return current.has(ACCEPT);
}

/** Adds a state and those it reaches without taking a character. */
function follow(states: readonly State[], at: number, into: Set<number>): void {
  if (into.has(at)) return;
  into.add(at);
  const state = states[at];
  if (state && !state.test) for (const to of state.next) follow(states, to, into);
}

function* codePointsOf(path: readonly string[]): Generator<number> {
  for (const [index, name] of path.entries()) {
    if (index > 0) yield SEPARATOR;
    for (const character of name) yield character.codePointAt(0) as number;
  }
}

class GlobParser {
  readonly #pattern: string;
  readonly #characters: string[];
  readonly #states: State[] = [];
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
    this.#characters = [...pattern];
  }

  parse(): State[] {
    if (this.#pattern === '') this.#fail('it is empty');
    if (this.#characters.length > LONGEST) this.#fail(`it has more than ${LONGEST} characters`);
    if (this.#pattern.startsWith('/')) this.#fail('it starts with "/"; patterns are relative, leave the "/" out');
    // Every step below adds states that end in a jump to "the next state made".
    while (this.#at < this.#characters.length) this.#step(false);
    this.#states.push({ next: [ACCEPT] });
    return this.#states;
  }

  #step(inGroup: boolean): void {
    const character = this.#characters[this.#at++] as string;
    if (character === '\\') this.#escaped();
    else if (character === '*') this.#star();
    else if (character === '?') this.#take((codePoint) => codePoint !== SEPARATOR);
    else if (character === '[') this.#set();
    else if (character === '{' && inGroup) this.#fail('groups {…} cannot be nested');
    else if (character === '{') this.#group();
    else if (character === '/') this.#take((codePoint) => codePoint === SEPARATOR);
    else this.#literal(character);
  }

  #escaped(): void {
    const character = this.#characters[this.#at++];
    if (character === undefined) this.#fail('it ends with "\\", which must be followed by a character');
    this.#literal(character);
  }

  #literal(character: string): void {
    const wanted = character.codePointAt(0) as number;
    this.#take((codePoint) => codePoint === wanted);
  }

  #take(test: (codePoint: number) => boolean): void {
    this.#states.push({ test, next: [this.#states.length + 1] });
  }

  #star(): void {
    const crossing = this.#characters[this.#at] === '*';
    while (this.#characters[this.#at] === '*') this.#at++;
    const here = this.#states.length;
    this.#states.push({ next: [here + 1, here + 2] });
    this.#states.push({ test: (codePoint) => crossing || codePoint !== SEPARATOR, next: [here] });
  }

  #set(): void {
    const negated = this.#characters[this.#at] === '!';
    if (negated) this.#at++;
    const ranges: [number, number][] = [];
    for (let first = true; ; first = false) {
      const character = this.#characters[this.#at++];
      if (character === undefined) this.#fail('"[" has no "]"');
      if (character === ']' && !first) break;
      if (character === ']') this.#fail('"[]" holds no character');
      if (character === '/') this.#fail('"/" cannot stand in […]');
      const low = character.codePointAt(0) as number;
      const end = this.#characters[this.#at + 1];
      if (this.#characters[this.#at] === '-' && end !== undefined && end !== ']') {
        this.#at += 2;
        const high = end.codePointAt(0) as number;
        if (high < low) this.#fail(`the range ${character}-${end} is the wrong way round`);
        ranges.push([low, high]);
      } else ranges.push([low, low]);
    }
    this.#take((codePoint) => {
      if (codePoint === SEPARATOR) return false;
      return ranges.some(([low, high]) => codePoint >= low && codePoint <= high) !== negated;
    });
  }

  #group(): void {
    const fork: State = { next: [this.#states.length + 1] };
    this.#states.push(fork);
    const ends: State[] = [];
    for (;;) {
      const character = this.#characters[this.#at];
      if (character === undefined) this.#fail('"{" has no "}"');
      if (character !== ',' && character !== '}') {
        this.#step(true);
        continue;
      }
      this.#at++;
      const end: State = { next: [] };
      this.#states.push(end);
      ends.push(end);
      if (character === '}') break;
      fork.next.push(this.#states.length);
    }
    for (const end of ends) end.next.push(this.#states.length);
  }

  #fail(why: string): never {
    throw new AssayError('BAD_REQUEST', `pattern "${this.#pattern.slice(0, 200)}" is not a glob: ${why}`);
  }
}
