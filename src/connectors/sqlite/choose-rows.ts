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

/** Which of the rows 1 … `of` are among the `rows` with the smallest hashes: so many exactly. Takes 8 bytes a row while it chooses. */
export function smallestHashes(of: number, rows: number, seed: number): (row: number) => boolean {
  if (of <= rows) return () => true;
  const hashes = new Float64Array(of);
  for (let i = 0; i < of; i++) hashes[i] = hashOf(i + 1, seed) * 2 ** 20 + ((i + 1) % 2 ** 20);
  const threshold = hashes.toSorted()[rows] as number;
  return (row) => hashOf(row, seed) * 2 ** 20 + (row % 2 ** 20) < threshold;
}
