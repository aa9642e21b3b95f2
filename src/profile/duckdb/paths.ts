import { quoteText } from '../sql.ts';

/** DuckDB takes paths for patterns: `x*.csv` would read `xa.csv`, too. In brackets these signs stand for themselves. */
export const literally = (path: string): string => path.replace(/[*?[]/g, '[$&]');

export const quotePath = (path: string): string => quoteText(literally(path));

export const pathList = (paths: readonly string[]): string => `[${paths.map(quotePath).join(', ')}]`;
