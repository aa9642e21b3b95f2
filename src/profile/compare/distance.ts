/**
 * How far apart two distributions over the same bins are. Counts may be of any scale: only shares matter. Pure.
 *
 * PSI, the population stability index: Σ (p − q) · ln(p / q), the sum of the two Kullback–Leibler divergences (Jeffreys 1946; named so
 * in credit scoring, Siddiqi 2006). A bin that is empty on one side would make it infinite, so SMOOTHING is added to every share
 * first. Jensen–Shannon divergence (Lin 1991), base 2: 0 for equal shares, 1 for shares that have nothing in common; it
 * needs no smoothing. Its square root, the Jensen–Shannon distance, is a metric (Endres & Schindelin 2003).
 */
export interface DistancePair {
  psi: number;
  /** 0..1. */
  jensenShannonDivergence: number;
  /** 0..1, its square root. */
  jensenShannonDistance: number;
}

/** Added to the share of every bin before PSI is computed, then all are scaled to add up to 1 again. */
export const SMOOTHING = 0.001;

/** From this PSI on a distribution is said to have moved, and to have moved a lot; the usual thresholds of credit scoring. */
export const PSI_MODERATE = 0.1;
export const PSI_MAJOR = 0.25;

/** @throws RangeError when the two do not have the same number of bins, or one has no counts */
export function measureDistance(before: readonly number[], after: readonly number[]): DistancePair {
  if (before.length !== after.length)
    throw new RangeError(`expected as many bins on both sides, received ${before.length} and ${after.length}`);
  const [p, q] = [toShares(before), toShares(after)];
  const jensenShannonDivergence = jensenShannon(p, q);
  return {
    psi: stabilityIndex(p, q),
    jensenShannonDivergence,
    jensenShannonDistance: Math.sqrt(jensenShannonDivergence),
  };
}

function toShares(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (!(total > 0)) throw new RangeError('expected at least one value on each side');
  return counts.map((count) => count / total);
}

function stabilityIndex(p: readonly number[], q: readonly number[]): number {
  const scale = 1 + SMOOTHING * p.length;
  const smooth = (share: number): number => (share + SMOOTHING) / scale;
  return p.reduce((sum, share, i) => {
    const [a, b] = [smooth(share), smooth(q[i] ?? 0)];
    return sum + (a - b) * Math.log(a / b);
  }, 0);
}

function jensenShannon(p: readonly number[], q: readonly number[]): number {
  const part = (share: number, middle: number): number => (share === 0 ? 0 : share * Math.log2(share / middle));
  const sum = p.reduce((total, share, i) => {
    const other = q[i] ?? 0;
    const middle = (share + other) / 2;
    return total + part(share, middle) / 2 + part(other, middle) / 2;
  }, 0);
  // Rounding may leave -1e-17 or 1 + 1e-16.
  return Math.min(1, Math.max(0, sum));
}

/**
 * The PSI that two samples of n and m values from one and the same distribution stay below in 95 of 100 cases: about
 * (1/n + 1/m) · χ²(bins − 1) (Yurdakul 2018). A smaller PSI is no sign of a change.
 */
export function psiByChance(bins: number, n: number, m: number): number {
  return bins < 2 ? 0 : (1 / n + 1 / m) * chiSquare95(bins - 1);
}

/** 95 % quantile of χ² by Wilson and Hilferty (1931); off by less than 1 % from one degree of freedom on. */
function chiSquare95(freedom: number): number {
  const spread = 2 / (9 * freedom);
  return freedom * (1 - spread + 1.6449 * Math.sqrt(spread)) ** 3;
}
