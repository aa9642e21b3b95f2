import { z } from 'zod';
import { findConnectorSpec } from '../../connectors/specs.ts';
import { toAttributes } from '../../model/attributes.ts';
import { isPlainObject } from '../../model/coerce.ts';
import { databaseOfUri } from '../../model/source-uri.ts';
import type { EntityView } from '../../store/entities.ts';
import { statsOf } from './profile.ts';

const anything = z.record(z.string(), z.unknown());

export const entityBody = z
  .object({
    _id: z.string().describe('Id, a UUID'),
    _index: z.string(),
    name: z.string(),
    type: z.string().describe('RESOURCE, SCHEMA, TABLE, VIEW, COLUMN, FOLDER or FILE'),
    fqdn: z
      .string()
      .describe(
        'Permanent, unique name: the fqdnId of the source and the names below it, joined by slashes; a slash within a name is %2F, a percent sign %25',
      ),
    fqdnDisplay: z.string().optional().describe('Name for people; with extended=true'),
    parentId: z.string().describe('"" for the root of a data source'),
    rootId: z.string(),
    resourceId: z.string().describe('Id of the data source'),
    resourceName: z.string().optional().describe('Name of the data source; with extended=true'),
    createdAt: z.string(),
    updatedAt: z.string(),
    system: z.object({ profiledAt: z.string(), scannedAt: z.string() }).describe('"" when it never was'),
    metadata: anything.describe('What the harvest and profiling know: column, table, file, stats, …'),
    attributes: anything.describe('What people and jobs say of it'),
  })
  .meta({ title: 'Entity', description: 'An entity' });

export interface EntityOptions {
  extended: boolean;
  /** Whether the caller may see values of the source. */
  samples: boolean;
}

export function toEntityBody(entity: EntityView, options: EntityOptions): z.output<typeof entityBody> {
  const stats = {
    ...(isPlainObject(entity.metadata.stats) ? entity.metadata.stats : {}),
    ...statsOf(entity, options.samples),
  };
  const edited = entity.attributesAt ?? entity.updatedAt;
  return {
    _id: entity.id,
    _index: 'entities',
    name: entity.name,
    type: entity.type,
    fqdn: entity.fqdn,
    ...(options.extended ? { fqdnDisplay: toFqdnDisplay(entity), resourceName: entity.resourceName ?? '' } : {}),
    parentId: entity.parentId ?? '',
    rootId: entity.rootId,
    resourceId: entity.sourceId,
    createdAt: entity.createdAt.toISOString(),
    updatedAt: new Date(Math.max(edited.getTime(), entity.updatedAt.getTime())).toISOString(),
    system: { profiledAt: entity.profiledAt?.toISOString() ?? '', scannedAt: entity.scannedAt?.toISOString() ?? '' },
    metadata: { ...entity.metadata, ...(Object.keys(stats).length > 0 ? { stats } : {}) },
    attributes: toAttributes(entity.attributes, entity.assertions),
  };
}

/** `postgres:sales/public/customer/email`. Where the schema is the database (MySQL), it is not said twice. */
export function toFqdnDisplay(
  entity: Pick<EntityView, 'fqdn' | 'databaseType' | 'databaseName' | 'path' | 'uri'>,
): string {
  const spec = findConnectorSpec(entity.databaseType ?? '');
  const kind = spec?.kind ?? (entity.databaseType ?? '').toLowerCase();
  const names = entity.fqdn.split('/').slice(1).map(decodeSegment);
  const database =
    entity.databaseName ||
    databaseOfUri(entity.uri ?? '') ||
    (entity.path ?? '').split(/[\\/]/).filter(Boolean).at(-1) ||
    '';
  const all = database === '' || names[0] === database ? names : [database, ...names];
  return `${kind}:${all.join('/')}`;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
