import { setImmediate } from 'node:timers/promises';
import { AssayError } from '../errors/assay-error.ts';
import { bestAliases } from '../identify/best-alias.ts';
import type { ColumnFacts } from '../identify/column-facts.ts';
import { feasibilityOf } from '../identify/feasibility.ts';
import { obstaclesOf } from '../identify/ingredients.ts';
import type { Method } from '../identify/method.ts';
import { RegexRunner } from '../identify/regex/regex-runner.ts';
import type { RegexTester } from '../identify/regex/regex-tester.ts';
import type { Db } from '../store/database.ts';
import { listColumnIds } from '../store/profiled-columns.ts';
import type { ProfileTarget } from '../store/profiles.ts';
import { NO_PROFILE } from './judge.ts';
import { readColumns, type Unseal } from './read-columns.ts';

/** A method that cannot judge a column, and what it lacks. */
export interface Lack {
  tableId: string;
  columnId: string;
  column: string;
  methodId: string;
  method: string;
  missing: string[];
}

/** Where a page ended: the place of a table among those of the scope, its id, and how many columns and methods of it are done. */
export type LackKey = readonly [sourceId: string, place: string, columns: number, methods: number];

export interface LackPage {
  lacks: Lack[];
  /** Columns that the page looked at. */
  columns: number;
  /** Pairs of a method and a column that it looked at. */
  pairs: number;
  /** Undefined after the last one. */
  next: LackKey | undefined;
}

/** Columns are read so many at a time. */
const COLUMNS_AT_ONCE = 100;
/** A page ends after so many columns, also where it has found little: each costs a look at its profile. */
const COLUMNS_OF_PAGE = 1_000;
/** And with the column in which it has looked at so many pairs: some 4 s. */
const PAIRS_OF_PAGE = 100_000;

/**
 * Which methods could not judge which columns, a page of at most `size` pairs in the order of tables, columns and methods. Nothing is
 * compared: only whether the stored profiles hold what each method needs.
 *
 * @param targets in the order of source and place
 */
export async function listLacks(
  db: Db,
  unseal: Unseal,
  {
    targets,
    methods,
    after,
    size,
  }: { targets: readonly ProfileTarget[]; methods: readonly Method[]; after: LackKey | undefined; size: number },
): Promise<LackPage> {
  await using tester = new RegexRunner();
  const page: LackPage = { lacks: [], columns: 0, pairs: 0, next: undefined };
  for (const target of targets) {
    const key = [target.sourceId, target.place] as const;
    const order = after ? compareKeys(key, [after[0], after[1]]) : 1;
    if (order < 0) continue;
    let [at, done] = after && order === 0 ? [after[2], after[3]] : [0, 0];
    const ids = await listColumnIds(db, target.id, target.columnIds);
    while (at < ids.length) {
      const chunk = ids.slice(at, at + COLUMNS_AT_ONCE);
      const there = new Map((await readColumns(db, unseal, chunk, true)).map((column) => [column.id, column]));
      for (const id of chunk) {
        const column = there.get(id);
        if (page.columns >= COLUMNS_OF_PAGE || page.pairs >= PAIRS_OF_PAGE || page.lacks.length >= size)
          return { ...page, next: [...key, at, done] };
        if (column) {
          // One in whose midst a page begins was counted by the page before.
          if (done === 0) page.columns++;
          // Of a thousand methods each column takes 40 ms, and others ask meanwhile.
          await setImmediate();
          for (; done < methods.length; done++) {
            if (page.lacks.length >= size) return { ...page, next: [...key, at, done] };
            const method = methods[done] as Method;
            const missing = column.facts ? await missingOf(method, column.facts, tester) : [NO_PROFILE];
            page.pairs++;
            if (missing.length > 0)
              page.lacks.push({
                ...{ tableId: target.id, columnId: column.id, column: column.name },
                ...{ methodId: method.id, method: method.name, missing },
              });
          }
        }
        at++;
        done = 0;
      }
    }
  }
  return page;
}

async function missingOf(method: Method, facts: ColumnFacts, tester: RegexTester): Promise<string[]> {
  if (obstaclesOf(facts).length > 0) return obstaclesOf(facts);
  try {
    const [alias] = await bestAliases(method, [facts.name], tester);
    return feasibilityOf(method, facts, alias).missing;
  } catch (error) {
    if (!(error instanceof AssayError) || error.code === 'INTERNAL') throw error;
    return [`an expression that breaks: ${error.message}`];
  }
}

function compareKeys(a: readonly [string, string], b: readonly [string, string]): number {
  for (const i of [0, 1] as const) {
    const order = Buffer.compare(Buffer.from(a[i]), Buffer.from(b[i]));
    if (order !== 0) return order;
  }
  return 0;
}
