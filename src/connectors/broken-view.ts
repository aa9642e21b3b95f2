import type { ListingEvent, ObjectPath } from './connector.ts';

/** A view that cannot answer: it is there, its columns are not known, and what the catalog knows of them stays. */
export const brokenView = (path: ObjectPath, why: string): ListingEvent => ({
  kind: 'unproven',
  path,
  reason: `the view ${path.join('/')} is broken: ${why}`,
});
