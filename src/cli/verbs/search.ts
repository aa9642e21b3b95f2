import type { InputOf, SearchRow } from '../../client/index.ts';
import { placeText } from '../client/find-things.ts';
import { openSession } from '../client/open-session.ts';
import { readCount } from '../client/read-count.ts';
import { EXIT } from '../exit-codes.ts';
import { formatTable } from '../output/format-table.ts';
import { harmless } from '../output/text-width.ts';
import { toJsonText } from '../terminal.ts';
import type { VerbContext } from '../verb-context.ts';

export interface SearchOptions {
  type?: string[];
  source?: string[];
  tag?: string[];
  page: string;
  limit: string;
}

type Facets = NonNullable<InputOf<'POST', '/search'>['body']['searchFacets']>;

/** Prints what the catalog finds for some words, best first, and why. */
export async function search(context: VerbContext, words: readonly string[], options: SearchOptions): Promise<number> {
  const { terminal, config, json } = context;
  const searchFacets: Facets = {};
  // What the server does not know, it names.
  if (options.type) searchFacets.type = options.type.flatMap((one) => one.split(',')) as Facets['type'];
  if (options.source) searchFacets.dataSource = options.source;
  if (options.tag) searchFacets.tags = options.tag;
  const page = readCount('--page', options.page);
  const client = await openSession(config, terminal.signal);
  const found = await client.post('/search', {
    body: { searchTerm: words.join(' '), searchFacets, page, perPage: readCount('--limit', options.limit) },
  });
  if (json) {
    terminal.out(toJsonText(found));
    return EXIT.done;
  }
  const { totalMatchCount, totalIsExact, totalPages } = found.pageInfo;
  if (found.data.length > 0) {
    const rows = found.data.map((row) => [row.type, placeText(row), why(row), row.score, row._id]);
    const columns = ['type', 'place', 'found by', { title: 'score', align: 'right' as const }, 'id'];
    terminal.out(formatTable(columns, rows, terminal.columns()));
  }
  const count = `${totalIsExact ? '' : 'at least '}${totalMatchCount.toLocaleString('en-US')}`;
  terminal.out(totalMatchCount === 0 ? 'Nothing found.\n' : `${count} found; page ${page} of ${totalPages}.\n`);
  return EXIT.done;
}

/** `name`, or the words of a description around the first that matched. */
function why(row: SearchRow): string {
  const told = row.highlights.find(({ field }) => field === 'description' || field === 'tags' || field === 'terms');
  if (row.matchedOn.includes('name') || !told) return row.matchedOn.join(', ');
  const start = Math.max(0, (told.ranges[0]?.[0] ?? 0) - 15);
  return `${told.field}: ${harmless(`${start > 0 ? '…' : ''}${told.text.slice(start, start + 60)}`)}`;
}
