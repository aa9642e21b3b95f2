import type { Db } from '../src/store/database.ts';
import { loadEntities } from '../src/store/entities.ts';
import { type EntityFilter, filterEntityIds } from '../src/store/filter-entities.ts';
import { type Figure, percentile } from './report.ts';

/** Pages of `entities/filter`, as its route reads them: the ids of a page and one more, then what is kept about each. */
const PAGE = 100;
/** Pages of a walk; the next begins somewhere else. */
const WALK = 5;
const WALKS = 8;

/**
 * Times pages of each kind of filter: the first ones, and those behind cursors spread over all ids.
 *
 * @param cursors ids over the whole range, in any order
 */
export async function measureFilterPages(
  db: Db,
  filters: Readonly<Record<string, EntityFilter>>,
  cursors: readonly string[],
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [what, filter] of Object.entries(filters)) {
    const times: number[] = [];
    for (let walk = 0; walk < WALKS; walk++) {
      let after = walk === 0 ? undefined : cursors[walk % cursors.length];
      for (let page = 0; page < WALK; page++) {
        const start = performance.now();
        const ids = await filterEntityIds(db, filter, after, PAGE + 1);
        await loadEntities(db, ids.slice(0, PAGE));
        times.push(performance.now() - start);
        after = ids[PAGE - 1];
        if (ids.length <= PAGE) break;
      }
    }
    figures.push({
      what: `filter page by ${what}, p95`,
      value: percentile(times, 95),
      unit: 'ms',
      goal: '≤ 50',
    });
  }
  return figures;
}
