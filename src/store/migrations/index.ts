import { up as foundation } from './0001-foundation.ts';
import { up as search } from './0002-search.ts';
import { up as signIn } from './0003-sign-in.ts';
import { up as scale } from './0004-scale.ts';
import { up as searchNotes } from './0005-search-notes.ts';
import { up as lanesAndValues } from './0006-lanes-and-values.ts';
import { up as profileFilters } from './0007-profile-filters.ts';
import { up as methods } from './0008-methods.ts';
import { up as machineAssertions } from './0009-machine-assertions.ts';
import { up as taskTime } from './0010-task-time.ts';

export interface Migration {
  name: string;
  /** SQL text of one or more statements; runs inside a transaction. */
  up: string;
}

/** Forward only, in this order. A released migration is never changed, renamed or removed. */
export const MIGRATIONS: readonly Migration[] = [
  { name: '0001-foundation', up: foundation },
  { name: '0002-search', up: search },
  { name: '0003-sign-in', up: signIn },
  { name: '0004-scale', up: scale },
  { name: '0005-search-notes', up: searchNotes },
  { name: '0006-lanes-and-values', up: lanesAndValues },
  { name: '0007-profile-filters', up: profileFilters },
  { name: '0008-methods', up: methods },
  { name: '0009-machine-assertions', up: machineAssertions },
  { name: '0010-task-time', up: taskTime },
];
