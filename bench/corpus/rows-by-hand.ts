import type { LabelledColumn } from './column.ts';

/** Name of the column, tags it must get, values with bars between them, and tags that are true of it too. An empty value is a null. */
export type Row = readonly [name: string, tags: readonly string[], values: string, also?: readonly string[]];

export const toColumn = ([name, tags, values, also]: Row): LabelledColumn => ({
  what: `by hand: ${name}`,
  name,
  tags,
  ...(also ? { also } : {}),
  values: values.split('|').map((value) => value || null),
});
