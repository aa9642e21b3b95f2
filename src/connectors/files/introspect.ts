import type { Dirent, Stats } from 'node:fs';
import { lstat, opendir, readlink, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { toAssayError } from '../../errors/assay-error.ts';
import type { IntrospectRequest, ListingEvent, ObjectPath, SourceObject } from '../connector.ts';
import { fileError, readablePath } from '../readable-path.ts';
import type { FileSource } from './connect.ts';
import { extensionOf, nameFromBytes } from './types.ts';

const BATCH = 500;

/**
 * Walks the tree depth first, in the order of the names. A folder that cannot be listed fails alone and is not complete; the
 * rest goes on. Links are described and followed only when the source says so; one that leads back is not followed twice.
 */
export async function* walk(source: FileSource, request: IntrospectRequest): AsyncIterable<ListingEvent> {
  if (source.isFile) {
    const name = basename(source.root);
    yield { kind: 'objects', objects: [describe([name], await stat(source.root), undefined, false)] };
    yield { kind: 'complete', path: [] };
    return;
  }
  yield* walkFolder(source, request, [], source.root, new Set([source.root]));
}

async function* walkFolder(
  source: FileSource,
  request: IntrospectRequest,
  path: ObjectPath,
  folder: string,
  ancestors: ReadonlySet<string>,
): AsyncIterable<ListingEvent> {
  let whole = true;
  const below: { path: ObjectPath; real: string }[] = [];
  try {
    let batch: SourceObject[] = [];
    for (const entry of await list(folder)) {
      request.signal.throwIfAborted();
      const place = [...path, entry.name];
      if (request.mayContain && !request.mayContain(place)) continue;
      try {
        const seen = await look(source, folder, place, entry);
        if (!seen) continue;
        batch.push(seen.object);
        if (seen.enter !== undefined && !ancestors.has(seen.enter)) below.push({ path: place, real: seen.enter });
      } catch (cause) {
        // Gone between listing and looking: a listing that shows it no more is the truth. Anything else spoils the proof.
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') continue;
        whole = false;
        yield { kind: 'failed', path: place, error: fileError(place.join('/'), cause) };
      }
      if (batch.length >= BATCH) {
        yield { kind: 'objects', objects: batch };
        batch = [];
      }
    }
    if (batch.length > 0) yield { kind: 'objects', objects: batch };
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    yield { kind: 'failed', path, error: fileError(folder, toCause(cause)) };
    return;
  }
  for (const one of below) yield* walkFolder(source, request, one.path, one.real, new Set([...ancestors, one.real]));
  if (whole) yield { kind: 'complete', path };
}

interface Entry {
  name: string;
  flagged: boolean;
  /** As the system knows it. */
  raw: Buffer;
}

/** Names in byte order, so that two listings of the same folder agree. Dotfiles are never listed. */
async function list(folder: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  const handle = await opendir(folder, { encoding: 'buffer' as never, bufferSize: 256 });
  for await (const dirent of handle as unknown as AsyncIterable<Dirent<Buffer>>) {
    const { name, flagged } = nameFromBytes(dirent.name);
    if (!name.startsWith('.')) entries.push({ name, flagged, raw: dirent.name });
  }
  return entries.sort((a, b) => Buffer.compare(a.raw, b.raw));
}

async function look(
  source: FileSource,
  folder: string,
  path: ObjectPath,
  entry: Entry,
): Promise<{ object: SourceObject; enter?: string } | undefined> {
  const full = entry.flagged ? Buffer.concat([Buffer.from(`${folder}/`), entry.raw]) : join(folder, entry.name);
  let found = await lstat(full);
  let target: string | undefined;
  let real = typeof full === 'string' ? full : undefined;
  if (found.isSymbolicLink()) {
    target = await readlink(full);
    if (source.followSymLinks && typeof full === 'string') {
      // A link out of the allowed folders, or to nothing, is described as a link and not followed.
      real = await readablePath(full, source.context).catch(() => undefined);
      if (real !== undefined) found = await stat(real);
    } else real = undefined;
  }
  if (found.isDirectory()) return { object: describe(path, found, target, entry.flagged, 'FOLDER'), enter: real };
  if (found.isFile() || found.isSymbolicLink()) return { object: describe(path, found, target, entry.flagged) };
  // Sockets, pipes and devices hold no data at rest.
  return undefined;
}

/** Without the access time: reading the file to profile it would change it, and an unchanged ingest must change nothing. */
function describe(
  path: ObjectPath,
  found: Stats,
  target: string | undefined,
  flagged: boolean,
  type: 'FILE' | 'FOLDER' = 'FILE',
): SourceObject {
  const name = path.at(-1) ?? '';
  const file: Record<string, unknown> = {
    path: path.join('/'),
    parentPath: path.slice(0, -1).join('/'),
    pathType: type,
    extension: type === 'FILE' ? extensionOf(name) : '',
    ...(type === 'FILE' ? { size: found.size } : {}),
    owner: String(found.uid),
    group: String(found.gid),
    isSymlink: target !== undefined,
    symLinkTarget: target ?? '',
    createdAt: found.birthtime.toISOString(),
    modifiedAt: found.mtime.toISOString(),
  };
  if (flagged) file.nameIsNotUtf8 = true;
  return {
    type,
    path,
    metadata: { file, stats: { bytes: type === 'FILE' ? found.size : 0 } },
  };
}

const toCause = (thrown: unknown): unknown => (thrown instanceof Error ? thrown : toAssayError(thrown));
