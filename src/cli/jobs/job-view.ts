import type { JobScope } from '../../client/index.ts';
import type { Effects } from '../../model/job-status.ts';

/** `created 210 columns, 21 tables; unchanged 4 schemas`: what a job did, in a line per kind, and one per reason why things were left out. */
export function effectLines(effects: Effects | null | undefined): string[] {
  if (!effects) return [];
  const kinds: [keyof Effects, string][] = [
    ['created', 'created'],
    ['changed', 'changed'],
    ['deleted', 'deleted'],
    ['unchanged', 'unchanged'],
    ['skipped', 'skipped'],
    ['notDone', 'not done'],
  ];
  return kinds.flatMap(([kind, word]) => {
    const counts = Object.entries(effects[kind] ?? {})
      .filter(([, count]) => count > 0)
      .toSorted(([a], [b]) => rankOf(a) - rankOf(b));
    if (kind === 'skipped' || kind === 'notDone')
      return counts
        .toSorted(([, a], [, b]) => b - a)
        .map(([reason, count]) => `${word} ${count.toLocaleString('en-US')}: ${reason}`);
    if (counts.length === 0) return [];
    const what = counts
      .map(([key, count]) => `${count.toLocaleString('en-US')} ${toWords(key, kind, count)}`)
      .join(', ');
    return [`${word} ${what}`];
  });
}

/** From the outside in; the database gives keys in an order of its own. */
const NOUNS = ['source', 'schema', 'folder', 'file', 'table', 'view', 'column'];
const rankOf = (key: string): number => {
  const rank = NOUNS.findIndex((noun) => key.toLowerCase().includes(noun));
  return rank < 0 ? NOUNS.length : rank;
};

/** `tablesCreated` under `created` → `tables`, one of them `table`. */
function toWords(key: string, kind: string, count: number): string {
  const words = key
    .replace(new RegExp(`${kind}$`, 'i'), '')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return count === 1 ? words.replace(/(ie)?s$/, (_, ie) => (ie ? 'y' : '')) : words;
}

/** What a job works on, for a title: the source, or the first things of its scope. */
export function scopeTitle(job: { scope: JobScope }): string {
  const titles = [...(job.scope?.dataSources ?? []), ...(job.scope?.scope ?? [])].map((one) => one.title);
  const named = [...new Set(titles.filter(Boolean))];
  return named.length > 2 ? `${named[0]} and ${named.length - 1} more` : named.join(', ');
}
