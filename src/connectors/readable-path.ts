import { realpath } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { AssayError } from '../errors/assay-error.ts';

/** Where this worker may read files; real paths. */
export interface FileAccess {
  fileRoots: readonly string[];
  protectedPaths: readonly string[];
}

/**
 * The real path behind `path`, after every symbolic link, if it may be read: below one of the roots, not below a protected
 * path, and with no dotfile between the root and it.
 *
 * @throws SOURCE_NO_DATABASE when nothing is there, SOURCE_NO_RIGHT when it may not be looked at, SOURCE_NOT_ALLOWED
 */
export async function readablePath(path: string, access: FileAccess): Promise<string> {
  const roots = await Promise.all(access.fileRoots.map((root) => realpath(root).catch(() => resolve(root))));
  const allowed = roots.length > 0 ? `below ${roots.join(', ')}` : 'nowhere: no --file-root was given';
  const refused = new AssayError(
    'SOURCE_NOT_ALLOWED',
    `"${path}" may not be read: this worker may read files ${allowed}`,
  );
  const real = await realPathOf(path).catch(async (error: AssayError) => {
    // Whether something exists outside the roots is nobody's business.
    const above = await nearestRealPath(resolve(path));
    throw roots.some((one) => isBelow(above, one)) ? error : refused;
  });
  const root = roots.find((one) => isBelow(real, one));
  if (root === undefined) throw refused;
  const inside = real.slice(root.length).split(sep).filter(Boolean);
  if (inside.some((name) => name.startsWith('.'))) {
    throw new AssayError('SOURCE_NOT_ALLOWED', `"${path}" may not be read: names that begin with a dot are never read`);
  }
  const secret = await Promise.all(access.protectedPaths.map((one) => realpath(one).catch(() => resolve(one))));
  if (secret.some((one) => isBelow(real, one))) {
    throw new AssayError('SOURCE_NOT_ALLOWED', `"${path}" may not be read: it belongs to Assay itself`);
  }
  return real;
}

/** Whether `path` is `folder` or lies below it. Both absolute. */
export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(resolve(path));
  } catch (cause) {
    throw fileError(path, cause);
  }
}

/** The real path of the lowest folder on the way to `path` that can be looked at. */
async function nearestRealPath(path: string): Promise<string> {
  for (let at = path; at !== dirname(at); at = dirname(at)) {
    const real = await realpath(at).catch(() => undefined);
    if (real !== undefined) return real;
  }
  return sep;
}

/** Translates an error of the file system, in words that name the path. */
export function fileError(path: string, cause: unknown): AssayError {
  if (cause instanceof AssayError) return cause;
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  if (code === 'ERR_INVALID_ARG_VALUE')
    return new AssayError('SOURCE_NO_DATABASE', 'path: received a text with U+0000 in it, which no path has', {
      cause,
    });
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new AssayError('SOURCE_NO_DATABASE', `there is no file or folder "${path}" on this worker`, { cause });
    case 'EACCES':
    case 'EPERM':
      return new AssayError('SOURCE_NO_RIGHT', `the user that runs this worker may not read "${path}"`, { cause });
    case 'ELOOP':
      return new AssayError('SOURCE_BAD_DATA', `"${path}" is a symbolic link that leads back to itself`, { cause });
    case 'EMFILE':
    case 'ENFILE':
      return new AssayError('SOURCE_BUSY', `no more files can be opened while reading "${path}"`, { cause });
    case 'EIO':
    case 'ESTALE':
      return new AssayError('SOURCE_LOST', `reading "${path}" broke (${code})`, { cause });
    default:
      return new AssayError(
        'SOURCE_FAILED',
        `"${path}" cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
        { cause },
      );
  }
}
