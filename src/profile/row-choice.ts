import type { RowSample } from '../connectors/connector.ts';

/** So many rows of a table are read that is too large to be read whole, and by "first N rows" without a number. */
export const DEFAULT_ROW_LIMIT = 500_000;

/** Which rows of a table are profiled. Empty: all. */
export interface RowChoice {
  /** SQL of the user. */
  where?: string;
  sample?: RowSample;
  limit?: number;
  /** Why not all, when nobody asked for less. */
  why?: string;
}

/** Of which rows figures are. */
export type BasisKind =
  | 'all rows'
  | 'first rows'
  | 'every n-th row'
  | 'percentage'
  | 'rows chosen at random'
  | 'blocks chosen at random'
  | 'filter';

/** What a part says of the rows that it is of; without the text of the condition, which may hold values. */
export interface RowBasis {
  kind: BasisKind;
  /** Every n-th. */
  n?: number;
  /** Each with this chance, in percent. */
  percent?: number;
  /** So many were asked for. */
  wanted?: number;
  seed?: number;
  /** Only rows that fulfil the condition of the request. */
  filtered?: true;
  /** Why not all, when nobody asked for less. */
  why?: string;
}

export const ALL_ROWS: RowBasis = { kind: 'all rows' };

/** What was chosen and how many rows came → what the figures are of. A sample that left nothing out is none. Pure. */
export function basisOf(choice: RowChoice, rows: number, took?: 'first rows'): RowBasis {
  const { sample, limit } = choice;
  const more = {
    ...(choice.where === undefined ? {} : { filtered: true as const }),
    ...(choice.why === undefined ? {} : { why: choice.why }),
  };
  const unsampled: RowBasis = choice.where === undefined ? ALL_ROWS : { kind: 'filter' };
  if (sample?.kind === 'nth' && sample.n > 1) return { kind: 'every n-th row', n: sample.n, ...more };
  if (sample?.kind === 'share' && sample.percent < 100)
    return { kind: 'percentage', percent: sample.percent, seed: sample.seed, ...more };
  if (sample?.kind === 'rows' || sample?.kind === 'blocks') {
    // By blocks about so many come; fewer do not prove that there are no more.
    if (sample.kind === 'rows' || took !== undefined) {
      if (rows < sample.rows) return unsampled;
    }
    if (took !== undefined) return { kind: 'first rows', wanted: sample.rows, ...more };
    const kind = sample.kind === 'rows' ? 'rows chosen at random' : 'blocks chosen at random';
    return { kind, wanted: sample.rows, seed: sample.seed, ...more };
  }
  if (limit !== undefined && rows >= limit) return { kind: 'first rows', wanted: limit, ...more };
  return unsampled;
}

/** FNV-1a of 32 bits, without its sign bit: a seed that stays with its table, so that its columns and its next profile choose alike. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash & 0x7fffffff;
}
