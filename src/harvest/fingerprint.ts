import { hash } from 'node:crypto';

/** What the catalog remembers of a table that it listed whole. */
export interface KnownTable {
  /** Of the table and its columns, see `fingerprintOf`. */
  fingerprint: string;
  /** `metadata.stats` as stored, JSON. */
  stats: string | null;
}

/** 0.1: estimates of rows and bytes drift with every ANALYZE of the source; below a tenth they are not news. */
export const STATS_DRIFT = 0.1;

/** 128 bits of SHA-256, in hex. @param text everything that would be stored, but figures that move by themselves */
export function fingerprintOf(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}

/** True when a figure came, went, is no number, or drifted by more than a tenth. The merge says the same in SQL. */
export function statsMoved(before: Record<string, unknown>, now: Record<string, unknown>): boolean {
  for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const [a, b] = [before[key], now[key]];
    if (typeof a === 'number' && typeof b === 'number') {
      if (Math.abs(a - b) > STATS_DRIFT * Math.abs(a)) return true;
    } else if (JSON.stringify(a) !== JSON.stringify(b)) return true;
  }
  return false;
}
