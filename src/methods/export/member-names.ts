import type { StoredMethod } from '../../store/methods/read-methods.ts';

export interface MemberNames {
  /** The inner zip; none where the files lie flat. */
  zip?: string;
  json: string;
  /** None where there are no terms. */
  csv?: string;
}

/**
 * The names under which a method is exported: those it was imported with, else made of its own. Where another method has them already, it gets
 * an inner zip of another name, and keeps its own within it.
 */
export function nameMembers(
  method: Pick<StoredMethod, 'id' | 'kind' | 'name' | 'members' | 'termSet' | 'definition'>,
  taken: Set<string>,
): MemberNames {
  const { members, kind } = method;
  const own = fileName(method.name) || fileName(method.id) || 'method';
  const json = members.json ?? `${own}.json`;
  const named = typeof method.definition.csv === 'string' ? fileName(method.definition.csv.replace(/\.csv$/i, '')) : '';
  const csv = method.termSet === null ? undefined : (members.csv ?? `${named || own}.csv`);
  const wanted = members.zip ?? (members.json === undefined && kind === 'dictionary' ? `${own}.zip` : undefined);
  const files = csv === undefined ? [json] : [json, csv];
  if (wanted === undefined && files.every((name) => !taken.has(name.toLowerCase()))) {
    for (const name of files) taken.add(name.toLowerCase());
    return { json, ...(csv === undefined ? {} : { csv }) };
  }
  const zip = free(wanted ?? json.replace(/\.json$/i, '.zip'), taken);
  taken.add(zip.toLowerCase());
  return { zip, json, ...(csv === undefined ? {} : { csv }) };
}

/** What every system takes for a name of a file. */
const fileName = (text: string): string =>
  text
    .replace(/[\p{Cc}<>:"/\\|?*]+/gu, '_')
    .replace(/^[. ]+|[. ]+$/g, '')
    .slice(0, 100);

function free(name: string, taken: ReadonlySet<string>): string {
  const [, stem = name, ending = ''] = /^(.*?)(\.[^./]*)?$/s.exec(name) ?? [];
  let found = name;
  for (let n = 2; taken.has(found.toLowerCase()); n++) found = `${stem}-${n}${ending}`;
  return found;
}
