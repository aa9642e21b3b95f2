import { AssayError } from '../../errors/assay-error.ts';
import { isPlainObject } from '../../model/coerce.ts';
import { parseJson } from '../../model/parse-json.ts';
import { readTerms } from '../csv/read-terms.ts';
import { type Budget, openZip, type ZipMember } from '../zip/open-zip.ts';
import { readMember, unpackInner } from '../zip/read-member.ts';
import type { Member } from './store-member.ts';
import { type ImportVerdict, rejected } from './verdict.ts';

/** Zips within the uploaded one, and zips within those. */
const DEEPEST = 2;

interface Place {
  budget: Budget;
  /** For inner zips that are large. */
  folder: string;
  depth: number;
  /** Path to this zip, for messages. */
  path: string;
  /** Name of the innermost zip; none for the uploaded one. */
  zip?: string;
}

/**
 * The methods in a zip and in the zips within it, one after the other, and verdicts on members that are none. Each is to be dealt with
 * before the next one is asked for: its terms are streamed from the zip.
 *
 * @throws BAD_REQUEST, TOO_LARGE for the uploaded zip; what is wrong with an inner one is a verdict
 */
export async function* membersOfZip(
  source: { file: string } | { bytes: Buffer },
  place: Place,
): AsyncGenerator<Member | ImportVerdict> {
  const zip = await openZip(source, place.budget);
  try {
    const readable: ZipMember[] = [];
    for (const member of zip.members) {
      if (member.problem === undefined) readable.push(member);
      else yield rejected(place.path + member.name, [member.problem]);
    }
    yield* methodsOf(readable, place);
    let inner = 0;
    for (const member of readable.filter(({ name }) => isOf(name, 'zip'))) yield* innerZip(member, place, inner++);
  } finally {
    zip.close();
  }
}

async function* innerZip(member: ZipMember, place: Place, number: number): AsyncGenerator<Member | ImportVerdict> {
  const path = place.path + member.name;
  if (place.depth === DEEPEST) {
    yield rejected(path, [`zips lie within each other more than ${DEEPEST} deep; send this one by itself`]);
    return;
  }
  let found = 0;
  try {
    const source = await unpackInner(member, place.folder, place.depth * 1_000_000 + number);
    const within = { ...place, depth: place.depth + 1, path: `${path}/`, zip: member.name };
    for await (const one of membersOfZip(source, within)) {
      found++;
      yield one;
    }
    if (found === 0) yield rejected(path, ['the zip holds no JSON file']);
  } catch (error) {
    yield rejected(path, problemsOf(error));
  }
}

async function* methodsOf(files: readonly ZipMember[], place: Place): AsyncGenerator<Member | ImportVerdict> {
  const lists = files.filter(({ name }) => isOf(name, 'csv'));
  const used = new Set<ZipMember>();
  const definitions = files.filter(({ name }) => isOf(name, 'json'));
  for (const file of definitions) {
    const member = place.path + file.name;
    let definition: unknown;
    try {
      definition = parseJson(await readMember(file), 'definition');
    } catch (error) {
      yield rejected(member, problemsOf(error));
      // Who mends the definition need hear nothing of its list.
      const list = listOf({ type: 'Dictionary' }, file, lists, definitions.length);
      if (typeof list === 'object') used.add(list);
      continue;
    }
    const members = { ...(place.zip === undefined ? {} : { zip: place.zip }), json: file.name };
    const list = listOf(definition, file, lists, definitions.length);
    if (typeof list === 'string') {
      yield rejected(member, [list], idOf(definition), nameOf(definition));
      continue;
    }
    if (list) used.add(list);
    yield list
      ? { member, definition, members: { ...members, csv: list.name }, open: async () => readTerms(await list.open()) }
      : { member, definition, members };
  }
  for (const list of lists.filter((one) => !used.has(one)))
    yield rejected(place.path + list.name, ['no JSON file of the zip names it; send it by itself as text/csv']);
  for (const { name } of files.filter((one) => !isOf(one.name, 'csv', 'json', 'zip')))
    yield rejected(place.path + name, ['expected files that end with .json, .csv or .zip']);
}

/** The list of a definition: the file it names, else the one of its own name, else the only one. @returns a text: why there is none */
function listOf(
  definition: unknown,
  file: ZipMember,
  lists: readonly ZipMember[],
  definitions: number,
): ZipMember | string | undefined {
  if (!isPlainObject(definition) || !/^dictionary$/i.test(String(definition.type))) return undefined;
  const named = typeof definition.csv === 'string' && definition.csv !== '' ? definition.csv : undefined;
  const own = file.name.replace(/\.json$/i, '.csv');
  const found =
    (named && lists.find(({ name }) => sameFile(name, folderOf(file.name) + named) || sameFile(name, named))) ||
    lists.find(({ name }) => sameFile(name, own)) ||
    (lists.length === 1 && definitions === 1 ? lists[0] : undefined);
  if (found || named === undefined || Array.isArray(definition.terms)) return found;
  const others = lists.map(({ name }) => `"${name}"`).slice(0, 5);
  return `csv: "${named}" is not in the zip${others.length > 0 ? `; it holds ${others.join(', ')}` : ''}`;
}

const isOf = (name: string, ...endings: string[]): boolean =>
  endings.some((end) => name.toLowerCase().endsWith(`.${end}`));
const sameFile = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const folderOf = (name: string): string => name.slice(0, name.lastIndexOf('/') + 1);
const idOf = (definition: unknown): string =>
  isPlainObject(definition) && typeof definition._id === 'string' ? definition._id.slice(0, 200) : '';
const nameOf = (definition: unknown): string =>
  isPlainObject(definition) && typeof definition.name === 'string' ? definition.name.slice(0, 200) : '';

/** What is no fault of the member is thrown on. */
function problemsOf(error: unknown): string[] {
  if (error instanceof AssayError && error.row.status < 500)
    return error.problems.length > 0 ? error.problems : [error.message];
  throw error;
}
