import type { ObjectPath } from '../connectors/connector.ts';
import type { EntityType } from '../model/entity.ts';
import type { VanishedEntity } from '../store/ingest.ts';
import { fromPlace, toPlace } from './object-path.ts';

/**
 * What one run wants of a listing.
 * - `own`: refreshed, created, and deleted when it is proven to be gone;
 * - `context`: only there to find the parent of something wanted;
 * - `hidden`: neither read nor touched.
 */
export type Wanted = 'own' | 'context' | 'hidden';

export interface Selection {
  judge(type: EntityType, path: ObjectPath): Wanted;
  /** For the connector: false when nothing at or below this path is wanted. */
  mayContain(path: ObjectPath): boolean;
  /** New folders and schemas are kept only when something wanted lies below them. */
  readonly bareHidden: boolean;
  /** Which of the vanished may go. Absent: all. */
  chooseVanished?(vanished: readonly VanishedEntity[]): string[];
}

/** Matches the names of a path, as `model/glob` makes it. */
export type PathMatch = (path: ObjectPath) => boolean;

export const selectAll: Selection = { judge: () => 'own', mayContain: () => true, bareHidden: false };

/**
 * Selection by globs. For a database they say which tables and views; columns follow their table. For files they say which
 * files; an excluded folder takes along what is below it.
 */
export function selectByPatterns(shape: 'database' | 'files', include: PathMatch[], exclude: PathMatch[]): Selection {
  if (include.length === 0 && exclude.length === 0) return selectAll;
  const excluded = (path: ObjectPath): boolean => exclude.some((match) => match(path));
  const included = (path: ObjectPath): boolean => include.length === 0 || include.some((match) => match(path));
  const wantsTable = (path: ObjectPath): boolean => included(path) && !excluded(path);
  const underExcluded = (path: ObjectPath): boolean => {
    for (let length = 1; length <= path.length; length++) if (excluded(path.slice(0, length))) return true;
    return false;
  };
  const judgeDatabase = (type: EntityType, path: ObjectPath): Wanted => {
    if (type === 'SCHEMA') return 'own';
    return wantsTable(type === 'COLUMN' ? path.slice(0, -1) : path) ? 'own' : 'hidden';
  };
  const judgeFiles = (type: EntityType, path: ObjectPath): Wanted => {
    if (underExcluded(path)) return 'hidden';
    return type === 'FOLDER' || included(path) ? 'own' : 'hidden';
  };
  const judge = shape === 'database' ? judgeDatabase : judgeFiles;
  return {
    judge,
    mayContain: (path) => (shape === 'database' ? path.length !== 2 || wantsTable(path) : !underExcluded(path)),
    bareHidden: include.length > 0,
    chooseVanished: (vanished) => chooseSelected(vanished, judge, include.length > 0),
  };
}

/** Selection of given objects and what is below them. */
export function selectTargets(targets: readonly ObjectPath[]): Selection {
  const places = new Set(targets.map(toPlace));
  const above = new Set(targets.flatMap((path) => path.map((_, index) => toPlace(path.slice(0, index)))));
  const judge = (path: ObjectPath): Wanted => {
    for (let length = 0; length <= path.length; length++) if (places.has(toPlace(path.slice(0, length)))) return 'own';
    return above.has(toPlace(path)) ? 'context' : 'hidden';
  };
  return {
    judge: (_type, path) => judge(path),
    mayContain: (path) => judge(path) !== 'hidden',
    bareHidden: false,
  };
}

/**
 * A container may go only when nothing that the filters hide is known below it; and, where patterns say what is wanted, when
 * something wanted went with it.
 */
function chooseSelected(
  vanished: readonly VanishedEntity[],
  judge: Selection['judge'],
  mustHoldWanted: boolean,
): string[] {
  const hidden = new Set<string>();
  const wanted: VanishedEntity[] = [];
  const isContainer = (type: EntityType): boolean => type === 'SCHEMA' || type === 'FOLDER' || type === 'RESOURCE';
  for (const entity of vanished) {
    const verdict = judge(entity.type, fromPlace(entity.place));
    if (verdict !== 'own') hidden.add(entity.id);
    else if (!isContainer(entity.type)) wanted.push(entity);
  }
  const parents = new Map(vanished.map((entity) => [entity.id, entity.parentId]));
  const pinned = climb(hidden, parents);
  const holding = climb(
    wanted.map((entity) => entity.id),
    parents,
  );
  const containers = vanished.filter(
    (entity) => isContainer(entity.type) && !pinned.has(entity.id) && (!mustHoldWanted || holding.has(entity.id)),
  );
  return [...wanted, ...containers].map((entity) => entity.id);
}

/** The given ids and all above them. */
function climb(ids: Iterable<string>, parents: ReadonlyMap<string, string>): Set<string> {
  const reached = new Set<string>();
  for (const id of ids) {
    for (let at: string | undefined = id; at !== undefined && !reached.has(at); at = parents.get(at)) reached.add(at);
  }
  return reached;
}
