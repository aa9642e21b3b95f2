import type { AnswerOf, AssayClient } from '../../client/index.ts';
import { several } from '../../model/several.ts';
import { findMethod } from '../client/find-method.ts';
import { findPlace } from '../client/find-things.ts';
import { openSession } from '../client/open-session.ts';
import { readCount } from '../client/read-count.ts';
import { EXIT } from '../exit-codes.ts';
import { type Lack, linesOfLacks } from '../lack-lines.ts';
import { formatTable } from '../output/format-table.ts';
import { toJsonText } from '../terminal.ts';
import type { VerbContext } from '../verb-context.ts';

interface MethodOptions {
  dictionary?: string[];
  pattern?: string[];
  limit: string;
}

const PAGE = 1_000;
const IDS_AT_ONCE = 500;

/** Which methods could not judge which columns of these places, and what is missing. */
export async function showFeasibility(
  { config, terminal, json }: VerbContext,
  places: string[],
  { dictionary = [], pattern = [], limit }: MethodOptions,
): Promise<number> {
  const client = await openSession(config, terminal.signal);
  const most = readCount('--limit', limit);
  const scope: string[] = [];
  for (const place of places) scope.push((await findPlace(client, place))._id);
  const dictionaryIds: string[] = [];
  for (const one of dictionary) dictionaryIds.push((await findMethod(client, ['/dictionaries'], one))._id);
  const dataPatternIds: string[] = [];
  for (const one of pattern) dataPatternIds.push((await findMethod(client, ['/data-patterns'], one))._id);
  const lacks: Lack[] = [];
  const looked = { columns: 0, pairs: 0, methods: 0 };
  let cursor = '';
  const lines = () => linesOfLacks(lacks, looked.methods, cursor === '');
  const isEnough = () => (json ? lacks.length >= most : lines().length >= most);
  do {
    const page: AnswerOf<'POST', '/data-identification/feasibility'> = await client.post(
      '/data-identification/feasibility',
      {
        body: { scope, dictionaryIds, dataPatternIds },
        query: { size: json ? Math.min(PAGE, most - lacks.length) : PAGE, ...(cursor === '' ? {} : { cursor }) },
      },
    );
    lacks.push(...page.data);
    looked.columns += page.looked.columns;
    looked.pairs += page.looked.pairs;
    looked.methods = page.looked.methods;
    cursor = page.cursorInfo.cursor;
  } while (cursor !== '' && !isEnough());
  if (json) {
    terminal.out(toJsonText(lacks));
    return EXIT.done;
  }
  const all = lines();
  const shown = all.slice(0, most);
  if (shown.length > 0) {
    const tables = await namesOf(client, [...new Set(shown.map(({ tableId }) => tableId))]);
    const rows = shown.map(({ tableId, column, methods, missing }) => [
      `${tables.get(tableId) ?? tableId}.${column}`,
      methods,
      missing,
    ]);
    terminal.out(`${formatTable(['column', 'method', 'missing'], rows, terminal.columns())}\n`);
  }
  const { columns, pairs, methods } = looked;
  terminal.out(
    `Looked at ${several(methods, 'method', 'methods')} and ${several(columns, 'column', 'columns')}${cursor === '' ? '' : ', not all there are'}: ${lacks.length.toLocaleString('en-US')} of ${several(pairs, 'pair', 'pairs')} cannot be judged.\n`,
  );
  if (cursor !== '' || shown.length < all.length)
    terminal.out(`${several(shown.length, 'line', 'lines')} shown, and there are more: --limit takes more.\n`);
  return EXIT.done;
}

/** Names of tables, views and files by their ids. */
async function namesOf(client: AssayClient, ids: readonly string[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
    const { data } = await client.post('/entities/by-ids', { body: { ids: ids.slice(at, at + IDS_AT_ONCE) } });
    for (const { _id, name } of data) names.set(_id, name);
  }
  return names;
}
