import { AssayError } from '../errors/assay-error.ts';
import type { ListingEvent, ObjectPath } from './connector.ts';

/** A view that cannot answer: it is there, its columns are not known, and what the catalog knows of them stays. */
export const brokenView = (path: ObjectPath, why: string): ListingEvent => ({
  kind: 'unproven',
  path,
  reason: `the view ${path.join('/')} is broken: ${why}`,
});

/** The same where its rows are read: to ingest again would not help. */
export const brokenViewError = (path: ObjectPath, why: string, cause: unknown): AssayError =>
  new AssayError('SOURCE_FAILED', `the view ${path.join('/')} is broken: ${why}; mend or drop it in the source`, {
    cause,
  });
