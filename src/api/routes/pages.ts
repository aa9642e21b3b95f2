import { z } from 'zod';
import { AssayError } from '../../errors/assay-error.ts';
import { isHexId, isUuid } from '../../model/ids.ts';
import { refuseUnstorable } from '../../model/parse-json.ts';

/** Query parameters arrive as text. */
export const sizeParameter = (largest: number, usual: number) =>
  z.coerce
    .number('expected a number')
    .int()
    .min(1)
    .max(largest)
    .default(usual)
    .describe(`How many at most, up to ${largest}`);

export const cursorParameter = z
  .string()
  .max(2_000)
  .optional()
  .describe('Where the page before ended; from its `cursorInfo.cursor`');

export const cursorInfo = z
  .object({ cursor: z.string().describe('Give it back to get the next page; "" after the last one') })
  .describe('Where the next page starts');

export const hexId = z.string().refine(isHexId, 'expected 24 hex digits').describe('24 hex digits');
export const uuid = z.string().refine(isUuid, 'expected a UUID').describe('UUID');
export const hexIdParams = z.object({ id: hexId.describe('Id, 24 hex digits') });
export const uuidParams = z.object({ id: uuid.describe('Id, a UUID') });

/** `?flag`, `?flag=true`, `?flag=false`. */
export const flagParameter = z
  .enum(['true', 'false', '1', '0', ''])
  .optional()
  .transform((text) => text === 'true' || text === '1' || text === '');

const TIME = /^(\d{4})-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/** A day or an instant; without a zone it is UTC. */
export const timeText = z
  .string()
  .refine(
    (text) => TIME.test(text) && Number(text.slice(0, 4)) >= 1970 && !Number.isNaN(toTime(text)),
    'expected a time as 2026-11-23T10:00:00Z',
  )
  .transform((text) => new Date(toTime(text)).toISOString());
export const timeParameter = timeText.optional();

function toTime(text: string): number {
  const spelled = text.replace(' ', 'T');
  return Date.parse(spelled.length > 10 && !/(Z|[+-]\d\d:?\d\d)$/.test(spelled) ? `${spelled}Z` : spelled);
}

/** A cursor is opaque: base64url of the JSON of the last row's sort key. */
export function toCursor(key: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(key), 'utf8').toString('base64url');
}

/** @throws BAD_REQUEST when the text is not a cursor of this list */
export function fromCursor<T extends z.ZodType>(text: string | undefined, key: T): z.output<T> | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    const given: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    for (const part of [given].flat()) if (typeof part === 'string') refuseUnstorable(part, 'cursor');
    return key.parse(given);
  } catch (cause) {
    throw new AssayError(
      'BAD_REQUEST',
      'cursor: not one that this list gave out; leave it out to start from the beginning',
      { cause },
    );
  }
}

/**
 * The part of an answer that is a page: of `found`, which was asked for with one row more than the page may have.
 *
 * @param keyOf sort key of a row, as `fromCursor` reads it
 */
export function toPage<Row>(
  found: readonly Row[],
  size: number,
  keyOf: (row: Row) => readonly unknown[],
): { page: Row[]; cursorInfo: { cursor: string } } {
  const page = found.slice(0, size);
  const last = page.at(-1);
  return { page, cursorInfo: { cursor: found.length > size && last ? toCursor(keyOf(last)) : '' } };
}

/** Text of an ETag for a version. */
export const toETag = (version: string | number): string => `"${version}"`;

/** @throws STALE when If-Match was sent and does not name this version */
export function requireMatch(ifMatch: string | undefined, version: string | number): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const wanted = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (wanted.includes(toETag(version))) return;
  throw new AssayError(
    'STALE',
    `If-Match: ${ifMatch.slice(0, 100)} was sent, the current ETag is ${toETag(version)}; read it again and repeat the change`,
  );
}

export const ifMatchHeaders = z.looseObject({
  'if-match': z.string().max(500).optional().describe('ETag of what the change starts from'),
});
