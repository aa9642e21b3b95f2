import { z } from 'zod';
import { coerceValue } from '../../model/coerce.ts';
import { sourceBodyShape } from '../../model/source-fields.ts';
import type { JobSpec } from '../job.ts';
import { acceptIngest, type IngestInput } from './accept.ts';
import { concludeIngest } from './result.ts';

const flag = (says: string) =>
  z
    .preprocess((value) => coerceValue('boolean', value), z.boolean().optional())
    .optional()
    .describe(says);

export const ingestRequest = z.looseObject({
  ...sourceBodyShape,
  deleteEmptyFolders: flag('Not built yet: only false is accepted.'),
  incremental: flag('Not built yet: only false is accepted.'),
});

export const metadataIngestSpec: JobSpec<Record<string, unknown>, IngestInput> = {
  name: 'METADATA_INGEST',
  path: 'metadata/ingest',
  activity: 'Ingest metadata',
  summary: 'Ingest the schemas of a database or scan the files of a folder',
  description:
    'Reads schemas, tables, views and columns, or folders and files, into the catalog. Names a saved data source, or brings a full body and creates one. schemaNames are exact, [] means all; includePatterns and excludePatterns are globs matched against schema/table or against the path below `path`; where both match, the exclusion wins. What the source no longer has goes away only when a complete listing proves it and the filters of this run select it. An unchanged object is not touched.',
  request: ingestRequest,
  example: { resourceId: '6852ca4a50c4d05ad04a7490', schemaNames: ['public'] },
  noun: ['schema or folder', 'schemas or folders'],
  accept: acceptIngest,
  conclude: concludeIngest,
};
