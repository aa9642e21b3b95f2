import type { World } from './world.ts';

/** What a cell holds; dates and instants are text in ISO form. */
export type Cell = string | number | boolean | null;

export interface SampleColumn {
  name: string;
  /** PostgreSQL type, with NOT NULL where it applies. */
  type: string;
  comment?: string;
}

/** One table of the sample company. `rows` is pure: the same world gives the same rows in the same order. */
export interface SampleTable {
  schema: string;
  name: string;
  comment: string;
  columns: readonly SampleColumn[];
  primaryKey: readonly string[];
  /** Column → `schema.table(column)`. */
  foreignKeys: Readonly<Record<string, string>>;
  rows(world: World): Iterable<readonly Cell[]>;
}

/** Columns as lines `name type | comment`: the shortest way that still reads as a table. */
export function columns(text: string): SampleColumn[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [definition, comment] = line.split('|').map((part) => part.trim());
      const space = definition!.indexOf(' ');
      return { name: definition!.slice(0, space), type: definition!.slice(space + 1).trim(), comment };
    });
}
