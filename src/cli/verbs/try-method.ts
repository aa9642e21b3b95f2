import { readFile } from 'node:fs/promises';
import { AssayError } from '../../errors/assay-error.ts';
import type { Evidence } from '../../identify/verdict.ts';
import { findMethod } from '../client/find-method.ts';
import { findPlace, placeText } from '../client/find-things.ts';
import { openSession } from '../client/open-session.ts';
import { reasonsText } from '../evidence-text.ts';
import { EXIT } from '../exit-codes.ts';
import { harmless } from '../output/text-width.ts';
import { toJsonText } from '../terminal.ts';
import type { VerbContext } from '../verb-context.ts';

/** What a method says of a column; nothing is written. */
export async function tryMethod(
  { config, terminal, json }: VerbContext,
  place: string,
  options: { method?: string; definition?: string; terms?: string },
): Promise<number> {
  const client = await openSession(config, terminal.signal);
  const column = await findPlace(client, place);
  const method =
    options.method === undefined
      ? undefined
      : await findMethod(client, ['/dictionaries', '/data-patterns'], options.method);
  const { data } = await client.post('/data-identification/try', {
    body: {
      columnId: column._id,
      ...(method === undefined ? {} : { methodId: method._id }),
      ...(options.definition === undefined ? {} : { definition: await readDefinition(options.definition) }),
      ...(options.terms === undefined ? {} : { terms: await readLines(options.terms) }),
    },
  });
  if (json) {
    terminal.out(toJsonText(data));
    return EXIT.done;
  }
  const { outcome, missing, evidence, actions } = data;
  terminal.out(`${harmless(placeText(column))}: ${harmless(data.method)}: ${outcome}\n`);
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
