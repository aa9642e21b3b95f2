/**
 * Seeded pseudo-random numbers (sfc32). Every table draws from a stream named after it, so a table that is added or
 * changed leaves the rows of all others as they were.
 */
export interface Random {
  /** 0 ≤ x < 1. */
  next(): number;
  /** A whole number, both ends included. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** Few come often: index 0 is the likeliest, by roughly `1 / (index + 1)`. */
  skewed(size: number): number;
  /** Around `mean`, bell-shaped. */
  normal(mean: number, deviation: number): number;
  digits(count: number): string;
}

export function openRandom(seed: number, stream: string): Random {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, hashText(stream), seed >>> 0];
  const step = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return t >>> 0;
  };
  for (let round = 0; round < 16; round++) step();
  const next = (): number => step() / 2 ** 32;
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick: (from) => from[Math.floor(next() * from.length)]!,
    skewed: (size) => Math.min(size - 1, Math.floor((size + 1) ** next() - 1)),
    normal: (mean, deviation) => mean + deviation * (next() + next() + next() + next() - 2) * 1.732,
    digits(count) {
      let text = '';
      while (text.length < count) text += between(0, 9);
      return text;
    },
  };
}

/** FNV-1a, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
}
