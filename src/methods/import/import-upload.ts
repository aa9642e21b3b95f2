import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AssayError } from '../../errors/assay-error.ts';
import { parseJson } from '../../model/parse-json.ts';
import type { Db } from '../../store/database.ts';
import { readTerms } from '../csv/read-terms.ts';
import { newDictionary } from '../new-definitions.ts';
import { MOST_MEMBERS } from '../zip/open-zip.ts';
import { withInlineTerms } from './inline-terms.ts';
import { type ImportOptions, type Member, storeMember } from './store-member.ts';
import type { ImportVerdict } from './verdict.ts';
import { membersOfZip } from './zip-members.ts';

/** What was uploaded, in a file of a folder of its own. */
export interface Upload {
  file: string;
  type: 'zip' | 'csv' | 'json';
  /** The largest upload allowed; four times as much may come out of a zip. */
  mostBytes: number;
  /** Of a dictionary that is made of a CSV alone. */
  name?: string;
  tag?: string;
}

const TIMES_UNPACKED = 4;

/**
 * Imports whatever was uploaded: a verdict for each member, in the order they stand there. A member that is wrong hinders no other.
 *
 * @throws BAD_REQUEST, TOO_LARGE for an upload that cannot be read at all or holds nothing
 */
export async function importUpload(
  db: Db,
  upload: Upload,
  options: Omit<ImportOptions, 'seen' | 'origin'>,
): Promise<ImportVerdict[]> {
  const all: ImportOptions = { ...options, origin: upload.type, seen: new Map() };
  const verdicts: ImportVerdict[] = [];
  for await (const one of membersOf(upload))
    verdicts.push('verdict' in one ? one : await storeMember(db, withInlineTerms(one), all));
  if (verdicts.length === 0)
    throw new AssayError('BAD_REQUEST', 'zip: holds no file; expected JSON files, with a CSV beside each dictionary');
  return verdicts;
}

async function* membersOf(upload: Upload): AsyncGenerator<Member | ImportVerdict> {
  const { file, type, name = '', mostBytes } = upload;
  if (type === 'zip') {
    const budget = { bytes: TIMES_UNPACKED * mostBytes, members: MOST_MEMBERS };
    yield* membersOfZip({ file }, { budget, folder: dirname(file), depth: 0, path: '' });
  } else if (type === 'json') {
    const definition = parseJson(await readFile(file), 'body');
    yield { member: 'body', definition, members: {} };
  } else {
    if (name.trim() === '')
      throw new AssayError(
        'BAD_REQUEST',
        'name: is missing; a CSV makes a dictionary when the query names it: ?name=Colours',
      );
    const definition = newDictionary(name.trim(), upload.tag);
    yield { member: 'body', definition, members: {}, open: async () => readTerms(createReadStream(file)) };
  }
}
