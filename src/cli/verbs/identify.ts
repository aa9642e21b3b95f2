import { readFile } from 'node:fs/promises';
import { AssayError } from '../../errors/assay-error.ts';
import type { Evidence } from '../../identify/verdict.ts';
import { findPlace, placeText } from '../client/find-things.ts';
import { openSession } from '../client/open-session.ts';
import { readCount } from '../client/read-count.ts';
import { reasonsText } from '../evidence-text.ts';
import { EXIT } from '../exit-codes.ts';
import { formatTable } from '../output/format-table.ts';
import { harmless } from '../output/text-width.ts';
import { toJsonText } from '../terminal.ts';
import type { VerbContext } from '../verb-context.ts';

interface MethodOptions {
  dictionary?: string[];
  pattern?: string[];
  limit: string;
}

const PAGE = 1_000;

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
  const ask = (cursor: string, size: number) =>
    client.post('/data-identification/feasibility', {
      body: { scope, dictionaryIds: dictionary, dataPatternIds: pattern },
      query: { size, ...(cursor === '' ? {} : { cursor }) },
    });
  let page = await ask('', Math.min(PAGE, most));
  const lacks = [...page.data];
  let { columns, pairs } = page.looked;
  while (page.cursorInfo.cursor !== '' && lacks.length < most) {
    page = await ask(page.cursorInfo.cursor, Math.min(PAGE, most - lacks.length));
    lacks.push(...page.data);
    columns += page.looked.columns;
    pairs += page.looked.pairs;
  }
  if (json) {
    terminal.out(toJsonText(lacks));
    return EXIT.done;
  }
  if (lacks.length > 0) {
    const rows = lacks.map(({ column, method, missing }) => [column, method, missing.join('; ')]);
    terminal.out(`${formatTable(['column', 'method', 'missing'], rows, terminal.columns())}\n`);
  }
  const rest = page.cursorInfo.cursor === '' ? '' : ', and there are more: --limit';
  terminal.out(
    `${lacks.length} of ${pairs} pairs of a method and a column cannot be judged (${page.looked.methods} methods, ${columns} columns looked at${rest})\n`,
  );
  return EXIT.done;
}

/** What a method says of a column; nothing is written. */
export async function tryMethod(
  { config, terminal, json }: VerbContext,
  place: string,
  options: { method?: string; definition?: string; terms?: string },
): Promise<number> {
  const client = await openSession(config, terminal.signal);
  const column = await findPlace(client, place);
  const { data } = await client.post('/data-identification/try', {
    body: {
      columnId: column._id,
      ...(options.method === undefined ? {} : { methodId: options.method }),
      ...(options.definition === undefined ? {} : { definition: await readDefinition(options.definition) }),
      ...(options.terms === undefined ? {} : { terms: await readLines(options.terms) }),
    },
  });
  if (json) {
    terminal.out(toJsonText(data));
    return EXIT.done;
  }
  const { outcome, method, missing, evidence, actions } = data;
  terminal.out(`${harmless(placeText(column))}: ${harmless(method)}: ${outcome}\n`);
  for (const one of missing) terminal.out(`  missing: ${harmless(one)}\n`);
  if (evidence) terminal.out(reasonsText(evidence as Evidence, terminal.columns()));
  for (const { tags, tableTags, terms, sensitivity } of actions) {
    const words = [
      ...tags.map((tag) => `tag ${tag}`),
      ...tableTags.map((tag) => `tag ${tag} of the table`),
      ...terms.map((term) => `term ${term.name}`),
      ...(sensitivity ? [`sensitivity ${sensitivity}`] : []),
    ];
    terminal.out(`would apply ${harmless(words.join(', '))}\n`);
  }
  return EXIT.done;
}

async function readDefinition(file: string): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new AssayError('BAD_REQUEST', `--definition: ${file} is not a file of JSON: ${words}`, { cause });
  }
}

async function readLines(file: string): Promise<string[]> {
  try {
    return (await readFile(file, 'utf8')).split(/\r?\n/).filter((line) => line.trim() !== '');
  } catch (cause) {
    throw new AssayError('BAD_REQUEST', `--terms: ${file} cannot be read`, { cause });
  }
}
