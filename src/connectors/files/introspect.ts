import type { Dirent, Stats } from 'node:fs';
import { lstat, opendir, readlink, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { AssayError, toAssayError } from '../../errors/assay-error.ts';
import type { IntrospectRequest, ListingEvent, ObjectPath, SourceObject } from '../connector.ts';
import { fileError, isBelow, readablePath } from '../readable-path.ts';
import type { FileSource } from './connect.ts';
import { extensionOf, nameFromBytes } from './types.ts';

const BATCH = 500;

/**
 * Walks the tree depth first, in the order of the names. A folder that cannot be listed fails alone and is not complete; the
 * rest goes on. Links are described and followed only when the source says so; one that leads back is not followed, and no
 * folder is entered through links twice: a few links among folders could otherwise spell more paths than there are atoms.
 * What is not entered is said to be unproven: which of two links is entered depends on their names, and what was found
 * below the other one before is still there.
 */
export async function* walk(source: FileSource, request: IntrospectRequest): AsyncIterable<ListingEvent> {
  const { path } = request.unit;
  try {
    request.signal.throwIfAborted();
    const start = await startOf(source, path);
    if (start.isFile) {
      const name = basename(start.real);
      yield { kind: 'objects', objects: [describe([name], await stat(start.real), undefined, false)] };
      yield { kind: 'complete', path };
      return;
    }
    const hidden = await Promise.all(
      source.context.protectedPaths.map((one) => realpath(one).catch(() => resolve(one))),
    );
    // Links back to a folder above the start are not followed, just as when the whole tree is listed.
    const above = await Promise.all(path.map((_, depth) => realpath(join(source.root, ...path.slice(0, depth)))));
    yield* walkFolder(
      { source, request, hidden, linked: new Set() },
      path,
      start.real,
      new Set([...above, start.real]),
    );
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    yield { kind: 'failed', path, error: fileError(path.join('/'), cause) };
  }
}

/** What one walk shares. */
interface Walk {
  source: FileSource;
  request: IntrospectRequest;
  /** Real paths that belong to Assay: not listed. */
  hidden: readonly string[];
  /** Real folders that were entered through a link. */
  linked: Set<string>;
}

async function startOf(source: FileSource, path: ObjectPath): Promise<{ real: string; isFile: boolean }> {
  if (path.length === 0) return { real: source.root, isFile: source.isFile };
  const shown = path.join('/');
  try {
    const real = await readablePath(join(source.root, ...path), source.context);
    if ((await stat(real)).isDirectory() && !source.isFile) return { real, isFile: false };
    throw new AssayError('WRONG_ENTITY_TYPE', `"${shown}" is not a folder`);
  } catch (cause) {
    const error = fileError(shown, cause);
    if (error.code !== 'SOURCE_NO_DATABASE') throw error;
    throw new AssayError('SOURCE_NO_OBJECT', `there is no folder "${shown}" (any more)`, { cause });
  }
}

async function* walkFolder(
  walk: Walk,
  path: ObjectPath,
  folder: string,
  ancestors: ReadonlySet<string>,
): AsyncIterable<ListingEvent> {
  const { source, request } = walk;
  let whole = true;
  const below: { path: ObjectPath; real: string }[] = [];
  let identity: string;
  try {
    identity = await identityOf(folder);
    let batch: SourceObject[] = [];
    for (const entry of await list(folder)) {
      request.signal.throwIfAborted();
      const place = [...path, entry.name];
      if (request.mayContain && !request.mayContain(place)) continue;
      try {
        const seen = await look(source, folder, place, entry);
        if (!seen || walk.hidden.some((one) => isBelow(seen.real, one))) continue;
        batch.push(seen.object);
        if (entry.flagged && seen.object.type === 'FOLDER')
          throw new AssayError(
            'NOT_SUPPORTED',
            `the name of folder "${place.join('/')}" is not UTF-8; rename it to have it listed`,
          );
        if (mayEnter(walk, seen, ancestors)) below.push({ path: place, real: seen.real });
        else if (seen.object.type === 'FOLDER' || seen.isUnreachable) yield { kind: 'unproven', path: place };
      } catch (cause) {
        // Gone between listing and looking: a listing that shows it no more is the truth, if the folder itself is still there.
        // Anything else spoils the proof.
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
          await requireSame(folder, identity);
          continue;
        }
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
  for (const one of below) yield* walkFolder(walk, one.path, one.real, new Set([...ancestors, one.real]));
  try {
    await requireSame(folder, identity);
    if (whole) yield { kind: 'complete', path };
  } catch (cause) {
    yield { kind: 'failed', path, error: fileError(folder, cause) };
  }
}

/** Which folder it is, whatever it is called. */
async function identityOf(folder: string): Promise<string> {
  const { dev, ino } = await stat(folder, { bigint: true });
  return `${dev}:${ino}`;
}

/** A share that is unmounted looks as if everything in it were removed; what was listed of it is no proof. */
async function requireSame(folder: string, identity: string): Promise<void> {
  if ((await identityOf(folder).catch(() => '')) === identity) return;
  throw new AssayError(
    'SOURCE_LOST',
    `the folder "${folder}" went away, or another took its place, while it was listed`,
  );
}

function mayEnter(walk: Walk, seen: Seen, ancestors: ReadonlySet<string>): boolean {
  if (seen.object.type !== 'FOLDER' || ancestors.has(seen.real)) return false;
  if (!seen.isLink) return true;
  if (walk.linked.has(seen.real)) return false;
  walk.linked.add(seen.real);
  return true;
}

interface Seen {
  object: SourceObject;
  /** Where it really is; of a link that is not followed the link itself. */
  real: string;
  isLink: boolean;
  /** A link that may not or cannot be followed now, or leads to nothing; what lay behind it may still be there. */
  isUnreachable: boolean;
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

async function look(source: FileSource, folder: string, path: ObjectPath, entry: Entry): Promise<Seen | undefined> {
  const full = entry.flagged ? Buffer.concat([Buffer.from(`${folder}/`), entry.raw]) : join(folder, entry.name);
  let found = await lstat(full);
  let target: string | undefined;
  let real = join(folder, entry.name);
  let isUnreachable = false;
  const isLink = found.isSymbolicLink();
  if (isLink) {
    target = (await readlink(full, { encoding: 'buffer' })).toString('utf8');
    if (source.followSymLinks && typeof full === 'string') {
      // A link out of the allowed folders, or to nothing, is described as a link and not followed. Nothing is there, too, while
      // a share is not mounted: only the link's own end tells that what lay behind it is gone.
      const followed = await readablePath(full, source.context)
        .then(async (path) => ({ path, found: await stat(path) }))
        .catch(() => undefined);
      isUnreachable = followed === undefined;
      found = followed?.found ?? found;
      real = followed?.path ?? real;
    }
  }
  if (found.isDirectory())
    return { object: describe(path, found, target, entry.flagged, 'FOLDER'), real, isLink, isUnreachable };
  if (found.isFile() || found.isSymbolicLink())
    return { object: describe(path, found, target, entry.flagged), real, isLink, isUnreachable };
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
