import { several } from '../../model/several.ts';
import type { Conclusion, FinishedTask } from '../job.ts';
import type { IdentificationInput } from './accept.ts';

/** A method that could not judge a column, and what it lacked. */
export interface Lack {
  columnId: string;
  column: string;
  methodId: string;
  method: string;
  missing: string[];
}

/** What a task leaves of its table. */
export type IdentificationPart = {
  columns: number;
  /** Pairs of a method and a column that were judged, that matched, and that could not be judged. */
  judged: number;
  /** Pairs that were not asked, for too few terms of the dictionary are in the column: no match, whatever else is missing. */
  ruledOut: number;
  matched: number;
  lacking: number;
  /** Columns in which something was found. */
  identified: number;
  /** What was missing, in few words: how many pairs lacked it, and one of them in full. */
  reasons: Record<string, { pairs: number; such: string }>;
  /** The first of the pairs that could not be judged. */
  pairs: Lack[];
} & Record<string, unknown>;

/** `too few samples: rule 1 wants 200 rows, …` → `too few samples`: what is counted together. */
export const reasonOf = (missing: string): string => missing.split(':', 1)[0] as string;

/** Pairs that a result names. */
const NAMED_PAIRS = 100;
/** Where the others are. */
const ALL_PAIRS = 'POST /data-identification/feasibility with the body of this job lists all pairs, page by page';
/** Reasons that a message names. */
const NAMED_REASONS = 3;

export function concludeIdentification(tasks: FinishedTask[], _input: IdentificationInput): Conclusion {
  const parts = tasks.flatMap(({ kind, part }) => (kind === 'work' && part ? [part as IdentificationPart] : []));
  const sum = (key: 'columns' | 'judged' | 'ruledOut' | 'matched' | 'lacking' | 'identified'): number =>
    parts.reduce((total, part) => total + part[key], 0);
  const methods = tasks.find(({ kind }) => kind === 'plan')?.part?.methods;
  const reasons = sumReasons(parts);
  const result = {
    tables: parts.length,
    columns: sum('columns'),
    methods: typeof methods === 'number' ? methods : 0,
    pairs: { judged: sum('judged'), ruledOut: sum('ruledOut'), matched: sum('matched'), notJudged: sum('lacking') },
    identifiedColumns: sum('identified'),
    feasibility: { reasons, pairs: parts.flatMap(({ pairs }) => pairs).slice(0, NAMED_PAIRS), all: ALL_PAIRS },
  };
  const why = Object.entries(reasons)
    .slice(0, NAMED_REASONS)
    .map(([, { pairs, such }]) => `${several(pairs, 'pair', 'pairs')} of a method and a column: ${such}`)
    .join('; ');
  if (!tasks.some(({ kind }) => kind === 'work')) {
    const reason = 'The scope holds nothing to identify: no table, no view and no file with columns.';
    return {
      result,
      message: reason,
      failed: `${reason} Ingest the metadata of the source first, or choose other entities.`,
    };
  }
  if (result.pairs.judged + result.pairs.ruledOut === 0) {
    const reason = `Nothing could be judged: ${why === '' ? 'the tables have no columns that a method could be asked about' : why}.`;
    return { result, message: reason, failed: reason };
  }
  const left =
    result.pairs.notJudged > 0
      ? `; ${several(result.pairs.notJudged, 'pair of a method and a column', 'pairs of a method and a column')} could not be judged (${why})`
      : '';
  const found =
    result.identifiedColumns === 0
      ? 'nothing was found'
      : `${several(result.identifiedColumns, 'column was', 'columns were')} identified`;
  return {
    result,
    message: `Asked ${several(result.methods, 'method', 'methods')} about ${several(result.columns, 'column', 'columns')} of ${several(result.tables, 'table', 'tables')}: ${found}${left}.`,
  };
}

/** Most frequent first, so that a long list begins with what matters. */
function sumReasons(parts: readonly IdentificationPart[]): IdentificationPart['reasons'] {
  const sums = new Map<string, { pairs: number; such: string }>();
  for (const { reasons } of parts) {
    for (const [reason, { pairs, such }] of Object.entries(reasons)) {
      const sum = sums.get(reason);
      sums.set(reason, { pairs: (sum?.pairs ?? 0) + pairs, such: sum && sum.such < such ? sum.such : such });
    }
  }
  return Object.fromEntries([...sums].sort(([a, m], [b, n]) => n.pairs - m.pairs || (a < b ? -1 : 1)));
}
