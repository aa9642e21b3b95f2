/** Bits of the choosing hash that are kept: a number holds them. */
export const CHOICE_BITS = 52;
/** Bits of MD5 by which values are told apart that share the choosing hash: spellings of one text, or texts made to collide. */
export const NAME_BITS = 24;
/** Values that are kept: 8,192 of them or more where there are so many. */
export const MOST_CHOSEN = 16_383;

/** A value of a column and how often it occurs. */
export interface ChosenValue {
  /** Top 52 bits of the choosing hash of the canonical text: what chose it. */
  choice: number;
  /** Top 24 bits of the published hash of the exact text. */
  name: number;
  count: number;
}

/**
 * Different values of a column, each with its count among all rows. A value is here when the choosing hash of its canonical text has
 * `level` leading zeros, whatever its count: so samples of parts that were chosen apart hold the same values, and merging them is
 * adding counts. Level 0: all values are here.
 */
export class ChosenValues {
  readonly level: number;
  /** In the order of their hashes, no two alike. */
  readonly values: readonly ChosenValue[];

  /** The level rises until no more than {@link MOST_CHOSEN} are left. Values alike are added up. */
  constructor(values: Iterable<ChosenValue>, level = 0) {
    if (!Number.isInteger(level) || level < 0 || level > CHOICE_BITS)
      throw new RangeError(`chosen values: expected a level of 0 to ${CHOICE_BITS}, received ${level}`);
    const sorted = [...values].sort((a, b) => a.choice - b.choice || a.name - b.name);
    const distinct: ChosenValue[] = [];
    for (const value of sorted) {
      const last = distinct.at(-1);
      if (last?.choice === value.choice && last.name === value.name) last.count += value.count;
      else distinct.push({ ...value });
    }
    let kept = distinct.filter(({ choice }) => choice < 2 ** (CHOICE_BITS - level));
    let raised = level;
    while (kept.length > MOST_CHOSEN && raised < CHOICE_BITS) {
      raised++;
      const end = 2 ** (CHOICE_BITS - raised);
      kept = kept.filter(({ choice }) => choice < end);
    }
    this.level = raised;
    this.values = kept;
  }

  /** Of both together: commutes and associates, and the parts of any split give the sample of the whole. */
  merge(other: ChosenValues): ChosenValues {
    return new ChosenValues([...this.values, ...other.values], Math.max(this.level, other.level));
  }
}
