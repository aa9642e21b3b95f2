/** So many lines are named; the others are counted. */
const NAMED = 50;

/** What was noticed of single lines of a file. */
export class RowNotes {
  /** Lines that were left out. */
  rejected = 0;
  /** Lines that were taken, but perhaps not as they were meant. */
  mentioned = 0;
  /** The header of a file that has several columns. */
  severalColumns: string | undefined;
  readonly #rejections: string[] = [];
  readonly #mentions: string[] = [];

  reject(line: number, what: string): void {
    if (this.rejected++ < NAMED) this.#rejections.push(`line ${line}: ${what}`);
  }

  mention(line: number, what: string): void {
    if (this.mentioned++ < NAMED) this.#mentions.push(`line ${line}: ${what}`);
  }

  /** A sentence a line, and one for those that are not named. */
  list(): string[] {
    const left = this.rejected - this.#rejections.length;
    const taken = this.mentioned - this.#mentions.length;
    return [
      ...this.#rejections.map((text) => `${text}; the line was left out`),
      ...(left > 0 ? [`and ${left} more lines were left out`] : []),
      ...this.#mentions,
      ...(taken > 0 ? [`and ${taken} more lines with a comma and no quotes were taken for one term each`] : []),
    ];
  }
}
