import { constants, openAsBlob } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { AssayClient, MethodPath, MethodUpload } from '../../client/index.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { confirm } from '../ask.ts';
import { findMethod, type MethodHead, METHOD_NOUNS as NOUNS } from '../client/find-method.ts';
import { openSession } from '../client/open-session.ts';
import { EXIT } from '../exit-codes.ts';
import { formatTable } from '../output/format-table.ts';
import { harmless } from '../output/text-width.ts';
import { toJsonText } from '../terminal.ts';
import type { VerbContext } from '../verb-context.ts';

const session = ({ config, terminal }: VerbContext): Promise<AssayClient> => openSession(config, terminal.signal);

export async function listMethods(
  context: VerbContext,
  path: MethodPath,
  options: { name?: string; category?: string; own?: boolean; disabled?: boolean },
): Promise<number> {
  const client = await session(context);
  const query = {
    name: options.name,
    category: options.category,
    ...(options.own ? { builtIn: 'false' as const } : {}),
    ...(options.disabled ? { enabled: 'false' as const } : {}),
  };
  const methods: MethodHead[] = [];
  for await (const method of client.items('GET', path, { query })) methods.push(method);
  const { terminal } = context;
  if (context.json) terminal.out(toJsonText(methods));
  else if (methods.length === 0) terminal.out(`No ${NOUNS[path].verb} fit.\n`);
  else {
    const dictionaries = path === '/dictionaries';
    const rows = methods.map((method) => [
      method.name,
      method.isEnabled ? 'on' : 'off',
      ...(dictionaries ? [method.termCount.toLocaleString('en-US')] : []),
      method.builtIn ? 'built in' : method.origin,
      method.categories.join(', '),
      method._id,
    ]);
    const terms = dictionaries ? [{ title: 'terms', align: 'right' as const }] : [];
    terminal.out(formatTable(['name', 'state', ...terms, 'from', 'categories', 'id'], rows, terminal.columns()));
  }
  return EXIT.done;
}

export async function showMethod(context: VerbContext, path: MethodPath, given: string): Promise<number> {
  const client = await session(context);
  const { _id } = await findMethod(client, [path], given);
  const { data } = await client.get(`${path}/{id}`, { path: { id: _id } });
  const { terminal } = context;
  if (context.json) terminal.out(toJsonText(data));
  else {
    const rows = Object.entries(data)
      .filter(([, value]) => value !== '' && value !== null && !(Array.isArray(value) && value.length === 0))
      .map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]);
    terminal.out(formatTable(['field', 'value'], rows, terminal.columns()));
  }
  return EXIT.done;
}

export async function importMethods(
  context: VerbContext,
  path: MethodPath,
  files: readonly string[],
  options: { name?: string; tag?: string },
): Promise<number> {
  if (files.length > 1 && options.name !== undefined)
    throw new AssayError('BAD_REQUEST', '--name: names one dictionary, and several files were given');
  const uploads = await Promise.all(files.map((file) => toUpload(path, file, options)));
  const client = await session(context);
  const { terminal } = context;
  const verdicts = [];
  for (const [i, upload] of uploads.entries()) {
    const { data, message } = await client.importMethods(path, upload);
    verdicts.push(...data);
    if (!context.json) terminal.err(`${files[i]}: ${message}\n`);
  }
  if (context.json) terminal.out(toJsonText(verdicts));
  else {
    const rows = verdicts.map(({ member, verdict, name, terms }) => [
      member,
      verdict,
      name,
      terms.toLocaleString('en-US'),
    ]);
    const columns = ['member', 'verdict', 'name', { title: 'terms', align: 'right' as const }];
    terminal.out(formatTable(columns, rows, terminal.columns()));
    for (const { member, problems, warnings } of verdicts)
      for (const text of [...problems, ...warnings]) terminal.err(`  ${harmless(member)}: ${harmless(text)}\n`);
    const other = path === '/dictionaries' ? '/data-patterns' : '/dictionaries';
    if (verdicts.some(({ problems }) => problems.some((text) => text.startsWith(`type: received ${TYPE_OF[other]}`))))
      terminal.err(`Some are of the other kind: use assay ${NOUNS[other].verb} import.\n`);
  }
  return verdicts.some(({ verdict }) => verdict === 'rejected') ? EXIT.failed : EXIT.done;
}

/** What a definition says it is. */
const TYPE_OF: Record<MethodPath, string> = { '/dictionaries': 'Dictionary', '/data-patterns': 'DataPattern' };

const TYPES: Record<string, MethodUpload['type']> = {
  '.zip': 'application/zip',
  '.json': 'application/json',
  '.csv': 'text/csv',
};

async function toUpload(
  path: MethodPath,
  file: string,
  options: { name?: string; tag?: string },
): Promise<MethodUpload> {
  const type = TYPES[extname(file).toLowerCase()];
  if (type === undefined || (type === 'text/csv' && path !== '/dictionaries'))
    throw new AssayError(
      'BAD_REQUEST',
      `${file}: expected a file that ends with ${path === '/dictionaries' ? '.zip, .json or .csv' : '.zip or .json'}`,
    );
  const content = await openFile(file);
  if (type !== 'text/csv') return { content, type };
  return { content, type, name: options.name ?? basename(file, extname(file)), tag: options.tag };
}

async function openFile(file: string): Promise<Blob> {
  try {
    await access(file, constants.R_OK);
    return await openAsBlob(file);
  } catch (cause) {
    throw new AssayError('BAD_REQUEST', `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

export async function exportMethods(
  context: VerbContext,
  path: MethodPath,
  given: readonly string[],
  options: { output: string },
): Promise<number> {
  const client = await session(context);
  const ids: string[] = [];
  for (const one of given) ids.push((await findMethod(client, [path], one))._id);
  const zip = await client.exportMethods(path, ids);
  await writeFile(options.output, zip.stream()).catch((error: Error) => {
    throw new AssayError('BAD_REQUEST', `the zip cannot be written to ${options.output}: ${error.message}`);
  });
  const facts = { file: options.output, bytes: zip.size };
  const kilobytes = Math.ceil(zip.size / 1000).toLocaleString('en-US');
  context.terminal.out(context.json ? toJsonText(facts) : `${options.output} (${kilobytes} KB)\n`);
  return EXIT.done;
}

export async function switchMethod(
  context: VerbContext,
  path: MethodPath,
  given: string,
  word: 'enable' | 'disable',
): Promise<number> {
  const client = await session(context);
  const { _id } = await findMethod(client, [path], given);
  const { data } = await client.post(`${path}/{id}/${word}`, { path: { id: _id } });
  const said = `${word === 'enable' ? 'Enabled' : 'Disabled'} ${NOUNS[path].one} ${harmless(data.name)}.\n`;
  context.terminal.out(context.json ? toJsonText(data) : said);
  return EXIT.done;
}

export async function removeMethod(
  context: VerbContext,
  path: MethodPath,
  given: string,
  yes: boolean,
): Promise<number> {
  const client = await session(context);
  const method = await findMethod(client, [path], given);
  const { terminal } = context;
  if (!yes && !(await confirm(`Remove ${NOUNS[path].one} ${harmless(method.name)}?`, terminal.signal))) {
    terminal.err('Nothing was removed. Say --yes to remove without a question.\n');
    return EXIT.usage;
  }
  const { data } = await client.delete(`${path}/{id}`, { path: { id: method._id } });
  terminal.out(context.json ? toJsonText(data) : `Removed ${NOUNS[path].one} ${harmless(data.name)}.\n`);
  return EXIT.done;
}
