export const NOTE_COLUMNS = ['name', 'type', 'source_id', 'n', 'profiled'];

/** Names counted before they are written down: about 10 MB. */
const NAMES_COUNTED = 100_000;

/** Counts what is copied into `entity`, for search: a name that many bear makes one note. */
export class NameCounts {
  /** By type and name. */
  readonly #counts = new Map<string, Map<string, number>>();
  #size = 0;
  readonly #lines: Buffer[] = [];
  readonly #sourceId: string;

  constructor(sourceId: string) {
    this.#sourceId = sourceId;
  }

  /** @param name as COPY writes it */
  add(type: string, name: string): void {
    const names = this.#counts.get(type) ?? new Map<string, number>();
    this.#counts.set(type, names);
    const known = names.get(name);
    if (known !== undefined) {
      names.set(name, known + 1);
      return;
    }
    // A copy: as a part of the megabyte that it was split off, it would keep all of that alive.
    names.set(Buffer.from(name).toString(), 1);
    if (++this.#size >= NAMES_COUNTED) this.#write();
  }

  /** COPY lines of NOTE_COLUMNS of `search_change`. */
  lines(): Buffer[] {
    this.#write();
    return this.#lines;
  }

  #write(): void {
    let text = '';
    for (const [type, names] of this.#counts) {
      for (const [name, n] of names) text += `${name}\t${type}\t${this.#sourceId}\t${n}\t0\n`;
      names.clear();
    }
    this.#size = 0;
    if (text !== '') this.#lines.push(Buffer.from(text));
  }
}
