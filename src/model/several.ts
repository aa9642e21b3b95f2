const COUNTS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `1 table`, `1,200 tables`. Pure. */
export const several = (count: number, one: string, many: string): string =>
  `${COUNTS.format(count)} ${count === 1 ? one : many}`;
