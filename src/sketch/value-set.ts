import { HASH_KINDS } from './sketch.ts';

/**
 * At most so many hashes are kept: a share found among them is off by at most ±0.02 in 95 of 100 cases (0.98/√2,560), and they
 * take no more than 7,884 bytes.
 */
export const MOST_HASHES = 2_560;

/**
 * The bits of a hash that are kept. A value that is not in a dictionary of 10 million terms agrees with one of them by
 * chance in 10⁷ / 2³⁴ = 0.0006 of all cases, whatever the sizes.
 */
export const HASH_BITS = 34;
const SPACE = 2 ** HASH_BITS;

/** Values of `a` looked for in `b`: `found` of the `sampled` hashes that both would have kept; `complete`: of all values. */
export interface Containment {
  found: number;
  sampled: number;
  complete: boolean;
}

/**
 * The k smallest hashes of a column's values: all values while there are no more than k, else a uniform sample of the different
 * values, the same one for the same values wherever they are (bottom-k sampling: E. Cohen and H. Kaplan, 2007; K. Beyer
 * et al., 2007). Hashes are of canonical texts. The set of a split merged is the set of the whole, to the bit.
 */
export class ValueSet {
  /** Ascending, each once, below 2³⁴. */
  readonly hashes: readonly number[];
  /** Larger hashes were seen and left out. */
  readonly cut: boolean;
  /** Which of `HASH_KINDS` the hashes are: sets of unlike hashes have nothing to do with each other. */
  readonly hash: number;

  /** Takes hashes in any order and number. `cut` says that others, all larger than the k smallest of these, were left out before. */
  constructor(hashes: Iterable<number>, cut = false, hash: number = HASH_KINDS.choosingCanonicalText) {
    const sorted = inOrder(hashes instanceof Float64Array ? hashes : Float64Array.from(hashes));
    const [first = 0, last = 0] = [sorted[0], sorted.at(-1)];
    if (first < 0 || last >= SPACE || !sorted.every(Number.isInteger))
      throw new RangeError(`expected whole hashes from 0 to 2^${HASH_BITS} - 1, received ${first} to ${last}`);
    if (cut && sorted.length < MOST_HASHES)
      throw new RangeError(`a set that was cut has ${MOST_HASHES} hashes, received ${sorted.length}`);
    this.hashes = sorted.length > MOST_HASHES ? sorted.slice(0, MOST_HASHES) : sorted;
    this.cut = cut || sorted.length > MOST_HASHES;
    this.hash = hash;
  }

  /** Throws RangeError for a set of another hash. */
  merge(other: ValueSet): ValueSet {
    this.mustBeAlike(other);
    return new ValueSet([...this.hashes, ...other.hashes], this.cut || other.cut, this.hash);
  }

  /**
   * Different values. All of them while none was left out; else from how densely the hashes lie up to the largest one kept,
   * with those that agree in all kept bits counted too: relative standard error 1/√(k − 2) = 2 %.
   */
  estimate(): number {
    if (!this.cut) return this.hashes.length;
    const largest = this.hashes.at(-1) ?? 0;
    return -SPACE * Math.log1p(-(MOST_HASHES - 1) / Math.max(largest, MOST_HASHES));
  }

  /** Relative standard error of {@link estimate}. */
  relativeError(): number {
    return this.cut ? 1 / Math.sqrt(MOST_HASHES - 2) : 0;
  }

  /** How many of these values are in `other`, by the part of hash space that both cover. Throws RangeError for a set of another hash. */
  containedIn(other: ValueSet): Containment {
    this.mustBeAlike(other);
    const limit = Math.min(this.reach(), other.reach());
    const theirs = new Set(other.hashes);
    const sampled = this.hashes.filter((hash) => hash <= limit);
    return {
      found: sampled.filter((hash) => theirs.has(hash)).length,
      sampled: sampled.length,
      complete: !this.cut && sampled.length === this.hashes.length,
    };
  }

  private mustBeAlike(other: ValueSet): void {
    if (other.hash !== this.hash)
      throw new RangeError(
        `value sets of hash ${this.hash} and ${other.hash} cannot be compared; profile the older one again`,
      );
  }

  private reach(): number {
    return this.cut ? (this.hashes.at(-1) ?? 0) : SPACE - 1;
  }
}

/** In order, each once. Those that are stored are so already. */
function inOrder(hashes: Float64Array): number[] {
  const sorted = ascends(hashes) ? hashes : Float64Array.from(hashes).sort();
  const list = new Array<number>(sorted.length);
  let length = 0;
  for (let [i, last] = [0, Number.NaN]; i < sorted.length; i++) {
    const hash = sorted[i] as number;
    if (hash !== last) list[length++] = hash;
    last = hash;
  }
  list.length = length;
  return list;
}

function ascends(hashes: Float64Array): boolean {
  for (let i = 1; i < hashes.length; i++) if (!((hashes[i] as number) > (hashes[i - 1] as number))) return false;
  return true;
}
