import { isPlainObject } from './coerce.ts';

/** Bytes of a table by the statistics of its source, of a file its size: as its metadata has them; undefined where the source does not say. */
export function bytesOf({ stats, file }: Record<string, unknown>): number | undefined {
  const found = [isPlainObject(stats) ? stats.bytes : undefined, isPlainObject(file) ? file.size : undefined];
  return found.find((bytes) => typeof bytes === 'number');
}
