import { between, fill, pick, type Random } from './column.ts';

/** Makes a value of a column. */
export type Make = (random: Random) => string;

/** One of these templates, filled. */
export const of =
  (...templates: readonly string[]): Make =>
  (random) =>
    fill(random, pick(random, templates));

/** One of these words, between bars. */
export const from = (items: string): Make => {
  const list = items.split('|');
  return (random) => pick(random, list);
};

/** A whole number from `low` to `high`. */
export const whole =
  (low: number, high: number): Make =>
  (random) =>
    String(between(random, low, high));
