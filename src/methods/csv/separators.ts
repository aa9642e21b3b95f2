const SEPARATORS = [
  { sign: ';', one: 'semicolon', many: 'semicolons' },
  { sign: '\t', one: 'tab', many: 'tabs' },
] as const;

/** Semicolons and tabs of lines without quotes: where most lines hold the same number of one, they are columns. */
export class Separators {
  readonly #lines = SEPARATORS.map(() => new Map<number, number>());

  /** @param line a line that was taken, without quotes */
  count(line: string): void {
    for (const [i, { sign }] of SEPARATORS.entries()) {
      let signs = 0;
      for (let at = line.indexOf(sign); at >= 0; at = line.indexOf(sign, at + 1)) signs++;
      const lines = this.#lines[i] as Map<number, number>;
      if (signs > 0) lines.set(signs, (lines.get(signs) ?? 0) + 1);
    }
  }

  /** Why lines are no terms but columns; undefined where they are not. @param taken lines in all */
  problem(taken: number): string | undefined {
    for (const [i, { one, many }] of SEPARATORS.entries())
      for (const [signs, lines] of this.#lines[i] as Map<number, number>)
        if (2 * lines > taken)
          return `${lines} of ${taken} lines hold ${signs} ${signs === 1 ? one : many} without quotes, which looks like ${signs + 1} columns, expected one; save that column alone as CSV, or put the terms into double quotes`;
    return undefined;
  }
}
