import { z } from 'zod';
import { SENSITIVITIES } from '../../model/attributes.ts';

const text = z.string().max(100_000);
const short = z.string().min(1).max(1_000);
/** Left out: stays. `null`: taken away. */
const clearable = <T extends z.ZodType>(type: T) => type.nullable().optional();
const percent = z.number().min(0).max(100);
const free = z.record(z.string(), z.unknown());
const references = z.array(z.union([z.string().max(10_000), free])).max(10_000);

/** Where a tag or a term comes from. */
const foundBy = {
  sourceName: z.string().max(1_000).optional().describe('Name of the method that found it'),
  sourceType: z.string().max(1_000).optional().describe('Dictionary or DataPattern'),
  confidenceScore: z.number().optional().describe('0 to 1'),
};

/** What a PATCH of an entity may hold: closed at every level, so that a misspelt key is an error and not a silence. */
export const attributesRequest = z
  .strictObject({
    info: clearable(z.strictObject({ description: clearable(text).describe('Description') })).describe(
      'Words for people',
    ),
    features: clearable(
      z.strictObject({
        sensitivity: clearable(
          z.preprocess((given) => (typeof given === 'string' ? given.toUpperCase() : given), z.enum(SENSITIVITIES)),
        ).describe('UNKNOWN, LOW, MEDIUM or HIGH'),
        rating: clearable(
          z.strictObject({
            value: clearable(z.number().min(0).max(5)).describe('Mean of the ratings'),
            users: clearable(z.record(z.string().max(200), z.number().min(0).max(5))).describe('Rating by user id'),
          }),
        ).describe('Rating, 1 to 5'),
        qualityScore: clearable(percent).describe('0 to 100'),
        trustScore: clearable(percent).describe('0 to 100'),
        isCriticalDataElement: clearable(z.boolean()).describe('Whether it is critical'),
        isLineageVerified: clearable(z.boolean()).describe('Whether its lineage was verified'),
      }),
    ).describe('Judgements'),
    customProperties: clearable(z.array(z.strictObject({ id: short, value: z.unknown() })).max(1_000)).describe(
      'Custom properties; replaced whole',
    ),
    tags: clearable(z.array(z.strictObject({ name: short, ...foundBy })).max(1_000)).describe(
      'Tags; replaced whole. What a job found stays its finding when it is sent back as it was shown, or by its name alone',
    ),
    businessTerms: clearable(
      z
        .array(
          z.strictObject({
            id: short,
            glossaryId: z.string().max(1_000).optional(),
            name: z.string().max(1_000).optional(),
            ...foundBy,
          }),
        )
        .max(1_000),
    ).describe('Business terms; replaced whole'),
    owners: clearable(references).describe('Owners; replaced whole'),
    policies: clearable(references).describe('Policies; replaced whole'),
    mlModels: clearable(references).describe('Models; replaced whole'),
    applications: clearable(references).describe('Applications; replaced whole'),
    physicalAssets: clearable(references).describe('Physical assets; replaced whole'),
    contentScanDiscoveries: clearable(references).describe('Discoveries of content scans; replaced whole'),
    dataCollections: clearable(references).describe('Collections; replaced whole'),
    extended: clearable(free).describe('Whatever you like; its keys merge'),
  })
  .describe('Arrays are replaced whole, scalars overwrite, keys of objects merge, null takes away');

export const entityPatch = z
  .strictObject({ attributes: attributesRequest })
  .meta({ example: { attributes: { info: { description: 'One row per customer' }, tags: [{ name: 'Gold' }] } } });
