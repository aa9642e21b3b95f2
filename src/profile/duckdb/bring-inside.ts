import { copyFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadResult } from '../../connectors/connector.ts';
import { AssayError } from '../../errors/assay-error.ts';
import type { Session } from './session.ts';
import { SHORT_BYTES } from './short-stream.ts';

/** Whether a read needs no file but those in the session's folder: a stream, or a text so short that it is copied there. */
export async function staysInside(read: ReadResult): Promise<boolean> {
  if (read.kind !== 'relation') return true;
  if (read.spec.kind !== 'csv' && read.spec.kind !== 'json') return false;
  const sizes = await Promise.all(
    read.spec.paths.map((path) =>
      stat(path).then(
        ({ size }) => size,
        // Reading it will say what is wrong with it.
        () => Number.POSITIVE_INFINITY,
      ),
    ),
  );
  return sizes.every((size) => size <= SHORT_BYTES);
}

/** Copies of files in the session's folder; what is there already stays. */
export const bringInside = (session: Session, paths: readonly string[]): Promise<string[]> =>
  Promise.all(
    paths.map(async (path, i) => {
      if (path.startsWith(join(session.folder, '/'))) return path;
      const copy = join(session.folder, `copied-${i}`);
      await copyFile(path, copy).catch((cause: unknown) => {
        throw new AssayError('SOURCE_NO_OBJECT', `the file ${path} cannot be read`, { cause });
      });
      return copy;
    }),
  );
