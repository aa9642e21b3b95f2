import { AssayError } from '../errors/assay-error.ts';

/** Wire form of a pattern: the text, or an object that holds it. */
export type GlobItem = string | { readonly value: string };

/** Whether a path, given as its names, matches. A name may itself hold `/`: it is never taken for a border. */
export type PathMatch = (path: readonly string[]) => boolean;

/** Long enough for any list of names a person writes; a bound for what one comparison may cost. */
const MAX_LENGTH = 4_000;

/**
 * Compiles a glob with the meaning of Java's `PathMatcher`: `*` and `?` stay within one name, `**` does not, `[a-z]`, `[!a-z]`,
 * `{one,two}` without nesting, `\` takes the next character as it is. `/` is the border between names (`\/` a slash in a name).
 * A pattern without `/` is matched against the last name. Time to match: pattern × path, always.
 *
 * @throws BAD_REQUEST naming the position (from 1) of what is wrong
 */
export function compileGlob(item: GlobItem): PathMatch {
  const pattern = typeof item === 'string' ? item : item.value;
  if (typeof pattern !== 'string') throw new AssayError('BAD_REQUEST', 'pattern: expected a text or {value: text}');
  const { states, hasBorder } = new Compiler(pattern).compile();
  return (path) => run(states, hasBorder ? path : path.slice(-1));
}

/** What both lists together select: something included (or anything, when nothing is), and nothing excluded. */
export function selects(include: readonly GlobItem[], exclude: readonly GlobItem[]): PathMatch {
  const wanted = include.map(compileGlob);
  const unwanted = exclude.map(compileGlob);
  return (path) =>
    (wanted.length === 0 || wanted.some((match) => match(path))) && !unwanted.some((match) => match(path));
}

/** Stands for `/` between two names. */
const BORDER = -1;

/** One state of the automaton: consumes a code point (or BORDER) and goes on, or forks without consuming. */
type State =
  | { kind: 'take'; accepts(point: number): boolean; next: number }
  | { kind: 'fork'; next: number[] }
  | { kind: 'end' };

class Compiler {
  #pattern: string;
  #points: string[];
  #at = 0;
  #states: State[] = [];
  #hasBorder = false;

  constructor(pattern: string) {
    this.#pattern = pattern;
    this.#points = [...pattern];
    if (pattern.length > MAX_LENGTH) this.#fail(MAX_LENGTH, `is longer than ${MAX_LENGTH} characters`);
    if (this.#points.length === 0) this.#fail(0, 'is empty');
    if (pattern.startsWith('/')) this.#fail(0, 'starts with /; patterns are relative, leave it out');
  }

  compile(): { states: State[]; hasBorder: boolean } {
    while (this.#at < this.#points.length) {
      if (this.#points[this.#at] === '{') this.#group();
      else this.#one();
    }
    this.#states.push({ kind: 'end' });
    return { states: this.#states, hasBorder: this.#hasBorder };
  }

  #one(): void {
    const start = this.#at;
    const char = this.#points[this.#at++] as string;
    if (char === '*') this.#star();
    else if (char === '?') this.#take((point) => point !== BORDER);
    else if (char === '[') this.#class(start);
    else if (char === '/') this.#border();
    else if (char === '\\')
      this.#literal(this.#points[this.#at++] ?? this.#fail(start, 'ends in \\ with nothing to escape'));
    else this.#literal(char);
  }

  #take(accepts: (point: number) => boolean): void {
    this.#states.push({ kind: 'take', accepts, next: this.#states.length + 1 });
  }

  #literal(char: string): void {
    const wanted = char.codePointAt(0) as number;
    this.#take((point) => point === wanted);
  }

  #border(): void {
    this.#hasBorder = true;
    this.#take((point) => point === BORDER);
  }

  #star(): void {
    const crosses = this.#points[this.#at] === '*';
    if (crosses) this.#at++;
    const fork = this.#states.length;
    this.#states.push({ kind: 'fork', next: [fork + 1, fork + 2] });
    this.#states.push({ kind: 'take', accepts: crosses ? () => true : (point) => point !== BORDER, next: fork });
  }

  /** `{one,two}`: a fork to the beginning of each, and from the end of each to the same place. */
  #group(): void {
    const start = this.#at++;
    const fork: Extract<State, { kind: 'fork' }> = { kind: 'fork', next: [] };
    this.#states.push(fork);
    const exits: Extract<State, { kind: 'fork' }>[] = [];
    fork.next.push(this.#states.length);
    for (;;) {
      const char = this.#points[this.#at];
      if (char === undefined) this.#fail(start, 'opens { that is never closed');
      if (char === '{') this.#fail(this.#at, 'nests { inside {');
      if (char !== ',' && char !== '}') {
        this.#one();
        continue;
      }
      this.#at++;
      const exit: Extract<State, { kind: 'fork' }> = { kind: 'fork', next: [] };
      exits.push(exit);
      this.#states.push(exit);
      if (char === '}') break;
      fork.next.push(this.#states.length);
    }
    for (const exit of exits) exit.next.push(this.#states.length);
  }

  /** Inside `[ ]` a backslash is an ordinary character, `-` at either end too. */
  #class(start: number): void {
    const negated = this.#points[this.#at] === '!';
    if (negated) this.#at++;
    const ranges: [number, number][] = [];
    for (;;) {
      const from = this.#points[this.#at++] ?? this.#fail(start, 'opens [ that is never closed');
      if (from === ']') break;
      if (from === '/') this.#fail(this.#at - 1, 'has / inside [ ]');
      const low = from.codePointAt(0) as number;
      const to = this.#points[this.#at + 1];
      if (this.#points[this.#at] !== '-' || to === undefined || to === ']') {
        ranges.push([low, low]);
        continue;
      }
      if (to === '/') this.#fail(this.#at + 1, 'has / inside [ ]');
      const high = to.codePointAt(0) as number;
      if (high < low) this.#fail(this.#at - 1, `has the range ${from}-${to}, which runs backwards`);
      ranges.push([low, high]);
      this.#at += 2;
    }
    if (ranges.length === 0) this.#fail(start, 'has [ ] with nothing inside');
    const within = (point: number): boolean => ranges.some(([low, high]) => point >= low && point <= high);
    this.#take((point) => point !== BORDER && within(point) !== negated);
  }

  #fail(at: number, what: string): never {
    const position = at + 1;
    const shown = this.#pattern.length > 80 ? `${this.#pattern.slice(0, 80)}…` : this.#pattern;
    throw new AssayError('BAD_REQUEST', `pattern "${shown}" is not a glob: it ${what} (position ${position})`);
  }
}

/** All states at once, one character after the other: no backtracking, whatever the pattern. */
function run(states: readonly State[], path: readonly string[]): boolean {
  let current = new Set<number>();
  enter(states, 0, current);
  const step = (point: number): boolean => {
    const next = new Set<number>();
    for (const index of current) {
      const state = states[index] as State;
      if (state.kind === 'take' && state.accepts(point)) enter(states, state.next, next);
    }
    current = next;
    return next.size > 0;
  };
  for (const [index, name] of path.entries()) {
    if (index > 0 && !step(BORDER)) return false;
    for (const char of name) if (!step(char.codePointAt(0) as number)) return false;
  }
  return current.has(states.length - 1);
}

function enter(states: readonly State[], start: number, into: Set<number>): void {
  const pending = [start];
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    if (into.has(index)) continue;
    into.add(index);
    const state = states[index] as State;
    if (state.kind === 'fork') pending.push(...state.next);
  }
}
