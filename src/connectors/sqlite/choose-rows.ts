/** Hash of a row's number, 32 bits: the finaliser of MurmurHash3 (Appleby, public domain) over number and seed. */
export function hashOf(row: number, seed: number): number {
  let hash = Math.imul((row % 2 ** 32) ^ seed, 0x9e3779b1) ^ Math.floor(row / 2 ** 32);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Which rows are in a sample: those whose hash is below the threshold, of 2^32. */
export const choiceOf =
  (seed: number, threshold: number) =>
  (row: number): boolean =>
    hashOf(row, seed) < threshold;

/** So many standard deviations more rows than wanted are read: fewer than wanted come once in 30,000 times. */
const DEVIATIONS = 4;

/** The threshold of 2^32 below which at least so many of `of` rows lie, all but surely. */
export const thresholdFor = (rows: number, of: number): number =>
  of <= rows ? 2 ** 32 : Math.min(2 ** 32, Math.ceil(((rows + DEVIATIONS * Math.sqrt(rows) + 10) / of) * 2 ** 32));
