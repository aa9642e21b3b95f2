import { exact, type Figure } from '../figure.ts';
import { finishColumn, finishLengths } from '../finish.ts';
import type { ColumnProfile } from '../profile.ts';
import { type PathPart, type PathsPart, sortPaths } from './paths-part.ts';

/** What profiling knows of one path within a column. `rows` counts its values, not rows of the table. */
export interface PathProfile
  extends Omit<
    Partial<ColumnProfile>,
    'name' | 'ordinal' | 'paths' | 'pathsLeftOut' | 'pathSketches' | keyof PathSketches
  > {
  /** `orders[].sku`. */
  path: string;
  /** Values of the path, nulls among them. */
  rows: Figure<number>;
  nonNull: Figure<number>;
  nulls: Figure<number>;
  /** Rows of the table that have at least one value of the path. */
  presentIn: Figure<number>;
  /** Of JSON: how many values are objects, arrays, strings, …; nulls are not among them. */
  types?: Record<string, number>;
  /** Of `[]` and `{}`: how many elements the arrays or maps have whose elements these are. */
  arrayLength?: ColumnProfile['length'];
}

/** What is kept of a path for questions that come later. Beside the figures, so that lists of columns need not read it. */
export type PathSketches = Pick<ColumnProfile, 'distinctCounter' | 'valueSet'>;

type Paths = Pick<ColumnProfile, 'paths' | 'pathsLeftOut' | 'pathSketches'>;

/** Pure. */
export function finishPaths(part: PathsPart): Paths {
  if (part.paths.length === 0 && part.leftOut.length === 0) return {};
  const finished = sortPaths(part.paths).map(finishPath);
  return {
    paths: finished.map(({ profile }) => profile),
    ...(part.leftOut.length > 0 ? { pathsLeftOut: part.leftOut } : {}),
    pathSketches: Object.fromEntries(
      finished
        .filter(({ sketches }) => Object.keys(sketches).length > 0)
        .map(({ profile, sketches }) => [profile.path, sketches]),
    ),
  };
}

function finishPath(part: PathPart): { profile: PathProfile; sketches: PathSketches } {
  const {
    name: _name,
    ordinal: _ordinal,
    distinctCounter,
    valueSet,
    ...figures
  } = part.values ? finishColumn(part.values, 0, part.rows) : ({} as Partial<ColumnProfile>);
  const profile = {
    path: part.path,
    ...figures,
    rows: exact(part.rows),
    nonNull: exact(part.nonNull),
    nulls: exact(part.rows - part.nonNull),
    presentIn: exact(part.presentIn),
    ...(part.types ? { types: part.types } : {}),
    ...(part.lengths ? { arrayLength: finishLengths(part.lengths) } : {}),
  };
  const sketches = { ...(distinctCounter ? { distinctCounter } : {}), ...(valueSet ? { valueSet } : {}) };
  return { profile, sketches };
}
