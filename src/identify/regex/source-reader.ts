/** Flags of Java: case, lines of Unix, many lines, dot for all, Unicode case, comments, Unicode classes. */
export interface Flags {
  i: boolean;
  d: boolean;
  m: boolean;
  s: boolean;
  u: boolean;
  x: boolean;
  U: boolean;
}
export const NO_FLAGS: Flags = { i: false, d: false, m: false, s: false, u: false, x: false, U: false };

/** Stops reading at the first thing that is wrong: what follows would be guesses. */
export class RegexProblem extends Error {}

/** The characters of an expression, and how far they were read. */
export class SourceReader {
  readonly characters: readonly string[];
  position = 0;
  /** Within `\Q…\E`. */
  quoted = false;
  flags: Flags = NO_FLAGS;

  constructor(source: string) {
    this.characters = [...source];
  }

  get done(): boolean {
    return this.position >= this.characters.length;
  }

  peek(ahead = 0): string {
    return this.characters[this.position + ahead] ?? '';
  }

  take(): string {
    return this.characters[this.position++] ?? '';
  }

  /** Takes the text if it comes next. */
  accept(text: string): boolean {
    const letters = [...text];
    if (!letters.every((letter, i) => this.peek(i) === letter)) return false;
    this.position += letters.length;
    return true;
  }

  /** Up to the closing character, which is taken too. */
  until(close: string, opened: string): string {
    let text = '';
    while (!this.done && this.peek() !== close) text += this.take();
    if (!this.accept(close)) this.fail(`${opened} is not closed by ${close}`);
    return text;
  }

  fail(says: string, at = this.position): never {
    throw new RegexProblem(`character ${Math.min(at, this.characters.length) + 1}: ${says}`);
  }
}
