/** A part of a larger table is summed up by at most so many steps from point to point. */
export const SUMMARY_STEPS = 2_048;

/**
 * The values of one part of a table in order: some of them by name, each with how many values equal it and how many lie between it
 * and the one before. Where nothing lies between, all are named. `count` values are summed up; fewer are counted in the
 * points where the rows were sampled.
 */
export interface QuantileSummary {
  count: number;
  points: string[];
  between: number[];
  equal: number[];
  /** Where summaries were joined to this one: by so many values the place of a point may be off at most, and the variance of that. */
  off?: number;
  variance?: number;
}

/**
 * All ranks up to as many as there are steps, else ranks that lie the closer the nearer they are to an end: the error of a rank in a sample
 * is √(q(1 − q)/n), and each step is the same share of it, at most half of it for 131,071 values.
 */
export function summaryRanks(n: number): number[] {
  if (n <= SUMMARY_STEPS) return Array.from({ length: n }, (_, i) => i + 1);
  const ranks = Array.from({ length: SUMMARY_STEPS + 1 }, (_, i) =>
    Math.max(Math.ceil(n * Math.sin((Math.PI * i) / (2 * SUMMARY_STEPS)) ** 2), 1),
  );
  return [...new Set(ranks)];
}
