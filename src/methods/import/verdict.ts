/** What became of one member of an upload. */
export interface ImportVerdict {
  /** Where it stood: the name of the file, of inner zips with the path to it. */
  member: string;
  verdict: 'created' | 'overwritten' | 'unchanged' | 'rejected';
  /** Empty where the member was rejected before it had one. */
  id: string;
  name: string;
  /** Rows of terms. */
  terms: number;
  /** Different terms by canonical text. */
  cardinality: number;
  /** What was left out or may not be what was meant. */
  warnings: string[];
  /** Why it was rejected; empty otherwise. */
  problems: string[];
}

export const rejected = (member: string, problems: readonly string[], id = '', name = ''): ImportVerdict => ({
  member,
  verdict: 'rejected',
  id,
  name,
  terms: 0,
  cardinality: 0,
  warnings: [],
  problems: [...problems],
});
