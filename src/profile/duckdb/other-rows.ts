import type { Relation } from './staging.ts';

/** All columns of a relation by their references, those of values apart among them. */
export const refsOf = ({ columns, apart }: Relation): string =>
  [...columns.map(({ ref }) => ref), ...(apart?.values() ?? [])].join(', ');

/** What stands behind FROM for all of its columns: those of a wide table lie in several views of the same rows. */
export const allOf = ({ name, views }: Relation): string =>
  views ? [...new Set(views.values())].join(' POSITIONAL JOIN ') : name;

/** The same columns with other rows, which lie in a table: nothing that was known of the rows holds of them. */
export const withRowsOf = (relation: Relation, table: string): Relation => ({
  ...relation,
  name: table,
  rows: undefined,
  sample: undefined,
  texts: undefined,
  views: undefined,
  position: 'rowid',
});
