import { stat } from 'node:fs/promises';
import { AssayError } from '../../errors/assay-error.ts';
import type { ConnectContext, SourceConfig } from '../connector.ts';
import { fileError, readablePath } from '../readable-path.ts';

/** A file source: where it begins, and how links are treated. */
export interface FileSource {
  /** Real path of the folder, or of the one file. */
  root: string;
  isFile: boolean;
  followSymLinks: boolean;
  context: ConnectContext;
}

/** @throws SOURCE_NO_DATABASE, SOURCE_NO_RIGHT, SOURCE_NOT_ALLOWED */
export async function openFolder(config: SourceConfig, context: ConnectContext): Promise<FileSource> {
  if (!config.path)
    throw new AssayError('BAD_REQUEST', 'path: missing; expected the folder or file as the worker sees it');
  const root = await readablePath(config.path, context);
  const found = await stat(root).catch((cause) => {
    throw fileError(root, cause);
  });
  if (!found.isDirectory() && !found.isFile()) {
    throw new AssayError('SOURCE_NO_DATABASE', `"${config.path}" is neither a folder nor a file`);
  }
  const followSymLinks = String(config.followSymLinks ?? '').toLowerCase() === 'true';
  return { root, isFile: found.isFile(), followSymLinks, context };
}
