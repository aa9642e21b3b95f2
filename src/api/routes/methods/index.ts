import type { ApiContext, ApiInstance } from '../../app-options.ts';
import { fromColumnRoutes } from './from-column.ts';
import { DATA_PATTERNS, DICTIONARIES } from './kinds.ts';
import { resourceRoutes } from './resource.ts';
import { termRoutes } from './terms.ts';
import { acceptUploads, transferRoutes } from './transfer.ts';

export async function dictionaryRoutes(app: ApiInstance, context: ApiContext): Promise<void> {
  acceptUploads(app);
  await resourceRoutes(app, context, DICTIONARIES);
  await transferRoutes(app, context, DICTIONARIES);
  await fromColumnRoutes(app, context, DICTIONARIES);
  await termRoutes(app, context);
}

export async function dataPatternRoutes(app: ApiInstance, context: ApiContext): Promise<void> {
  acceptUploads(app);
  await resourceRoutes(app, context, DATA_PATTERNS);
  await transferRoutes(app, context, DATA_PATTERNS);
  await fromColumnRoutes(app, context, DATA_PATTERNS);
}
