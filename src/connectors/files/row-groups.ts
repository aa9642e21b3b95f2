import type { Stats } from 'node:fs';
import { AssayError } from '../../errors/assay-error.ts';
import type { EntityType } from '../../model/entity.ts';
import type { ObjectPath, Partition, ReadResult } from '../connector.ts';
import type { FileSource } from './connect.ts';
import { readHead } from './head.ts';
import { locate } from './locate.ts';
import { contentOf } from './recognise.ts';

/** Rows of a Parquet file from one row group to another, and what the file was like when they were counted. */
type RowGroupSpec = { from: number; to: number; bytes: number; modifiedMs: number } & Record<string, unknown>;

/** The only part of a file that is not cut. */
const WHOLE: readonly Partition[] = [{ key: '0', spec: {} }];

/**
 * Cuts a Parquet file between its row groups. Everything else is one part: text has no place to cut at that is known to be no
 * line break within quotes, and what is packed is unpacked as a whole.
 *
 * @throws SOURCE_NO_OBJECT, SOURCE_NOT_ALLOWED, SOURCE_BAD_DATA for a footer that cannot be read
 */
export async function planRowGroups(
  source: FileSource,
  type: EntityType,
  path: ObjectPath,
  targetRows: number,
): Promise<Partition[]> {
  const { readRowGroups, signal } = source.context;
  if (type !== 'FILE' || !readRowGroups) return [...WHOLE];
  const { real, found } = await locate(source, path);
  const { bytes, packed } = await readHead(real, path.join('/'));
  if (packed || contentOf(bytes).is !== 'parquet') return [...WHOLE];
  const groups = await readRowGroups(real, signal);
  return cutRowGroups(groups, targetRows, { bytes: found.size, modifiedMs: found.mtimeMs });
}

/** Ends each part with the row group that ends nearest to where parts of equal size would. Keys are in the order of the rows. Pure. */
export function cutRowGroups(
  groups: readonly number[],
  targetRows: number,
  file: { bytes: number; modifiedMs: number },
): Partition[] {
  const total = groups.reduce((sum, rows) => sum + rows, 0);
  const step = total / Math.max(1, Math.round(total / targetRows));
  const ranges: { from: number; to: number }[] = [];
  let at = 0;
  for (const rows of groups) {
    const last = ranges.at(-1);
    if (last && ranges.length * step - at >= rows / 2) last.to += rows;
    else ranges.push({ from: at, to: at + rows });
    at += rows;
  }
  if (ranges.length < 2) return [...WHOLE];
  const digits = String(ranges.length - 1).length;
  return ranges.map(({ from, to }, i) => ({
    key: String(i).padStart(digits, '0'),
    spec: { from, to, ...file } satisfies RowGroupSpec,
    rows: to - from,
  }));
}

export const isRange = (spec: Record<string, unknown> | undefined): spec is RowGroupSpec =>
  typeof spec?.from === 'number';

/**
 * The rows of one part. The file must be the one that was cut: then all parts are of one state of it.
 *
 * @throws SOURCE_BAD_DATA when it was written anew
 */
export function describePart(real: string, shown: string, found: Stats, part: RowGroupSpec): ReadResult {
  if (found.size !== part.bytes || found.mtimeMs !== part.modifiedMs)
    throw new AssayError('SOURCE_BAD_DATA', `"${shown}" was changed while it was read; run the job again`);
  const rows = { from: part.from, to: part.to };
  return { kind: 'relation', spec: { kind: 'parquet', paths: [real], rows }, oneState: true };
}
