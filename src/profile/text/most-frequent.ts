/**
 * Places of the first by count, then by key, in that order; and the largest count of those that are left out. Nearly all may be there once:
 * so those that are equally frequent are held against the last of the best.
 */
export function mostFrequent(
  keys: readonly string[],
  counts: Float64Array,
  most: number,
): { kept: number[]; floor: number } {
  const sorted = counts.slice().sort().reverse();
  const least = sorted[Math.min(most, keys.length) - 1] ?? 0;
  const kept: number[] = [];
  for (let at = 0; at < keys.length; at += 1) if ((counts[at] as number) > least) kept.push(at);
  kept.sort((a, b) => (counts[b] as number) - (counts[a] as number) || (isBefore(keys, a, b) ? -1 : 1));
  const ties: number[] = [];
  const room = Math.min(most, keys.length) - kept.length;
  for (let at = 0; at < keys.length; at += 1) {
    if (counts[at] !== least) continue;
    if (ties.length === room) {
      if (!isBefore(keys, at, ties[room - 1] as number)) continue;
      ties.pop();
    }
    insert(keys, ties, at);
  }
  return { kept: [...kept, ...ties], floor: sorted[most] ?? 0 };
}

const isBefore = (keys: readonly string[], a: number, b: number): boolean => (keys[a] as string) < (keys[b] as string);

function insert(keys: readonly string[], places: number[], place: number): void {
  let [from, to] = [0, places.length];
  while (from < to) {
    const half = (from + to) >> 1;
    if (isBefore(keys, place, places[half] as number)) to = half;
    else from = half + 1;
  }
  places.splice(from, 0, place);
}
