import type { AnswerOf } from '../client/index.ts';

/** A method that cannot judge a column, and what it lacks. */
export type Lack = AnswerOf<'POST', '/data-identification/feasibility'>['data'][number];

export interface LackLine {
  tableId: string;
  column: string;
  /** Name of a method, or `all 511 methods`. */
  methods: string;
  missing: string;
}

/**
 * A line for each pair, and one for a column that no method can judge for the same reason: one without a profile, say.
 *
 * @param lacks in the order of columns
 * @param methods how many were asked about each column
 * @param complete nothing follows; else the last column is left out, of which more may follow
 */
export function linesOfLacks(lacks: readonly Lack[], methods: number, complete: boolean): LackLine[] {
  const columns = new Map<string, Lack[]>();
  for (const lack of lacks) {
    const ofColumn = columns.get(lack.columnId);
    if (ofColumn) ofColumn.push(lack);
    else columns.set(lack.columnId, [lack]);
  }
  const last = complete ? undefined : lacks.at(-1)?.columnId;
  return [...columns].flatMap(([id, ofColumn]) => (id === last ? [] : linesOfColumn(ofColumn, methods)));
}

function linesOfColumn(lacks: readonly Lack[], methods: number): LackLine[] {
  const lines = lacks.map(({ tableId, column, method, missing }) => ({
    ...{ tableId, column },
    methods: method,
    missing: missing.join('; '),
  }));
  const [first] = lines;
  if (!first || methods < 2 || lines.length < methods || lines.some(({ missing }) => missing !== first.missing))
    return lines;
  return [{ ...first, methods: `all ${methods} methods` }];
}
