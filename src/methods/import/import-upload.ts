import { createReadStream } from 'node:fs';
import { dirname } from 'node:path';
import { AssayError } from '../../errors/assay-error.ts';
import type { Db } from '../../store/database.ts';
import { readTerms } from '../csv/read-terms.ts';
import { newDictionary } from '../new-definitions.ts';
import { MOST_MEMBERS } from '../zip/open-zip.ts';
import { withInlineTerms } from './inline-terms.ts';
import { type ImportOptions, type Member, storeMember } from './store-member.ts';
import type { ImportVerdict } from './verdict.ts';
import { membersOfZip } from './zip-members.ts';

/** What was uploaded: a definition, or a file in a folder of its own. */
export type Upload =
  | { type: 'json'; definition: unknown }
  /** @param mostBytes the largest upload allowed; four times as much may come out of a zip */
  | { type: 'zip'; file: string; mostBytes: number }
  /** A dictionary is made of it with a rule that fits most lists. */
  | { type: 'csv'; file: string; name?: string; tag?: string };

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
  if (upload.type === 'json') yield { member: 'body', definition: upload.definition, members: {} };
  else if (upload.type === 'zip') {
    const { file, mostBytes } = upload;
    const budget = { bytes: TIMES_UNPACKED * mostBytes, members: MOST_MEMBERS };
    yield* membersOfZip({ file }, { budget, folder: dirname(file), depth: 0, path: '' });
  } else {
    const { file, name = '', tag } = upload;
    if (name.trim() === '')
      throw new AssayError(
        'BAD_REQUEST',
        'name: is missing; a CSV makes a dictionary when the query names it: ?name=Colours',
      );
    const definition = newDictionary(name.trim(), tag);
    yield { member: 'body', definition, members: {}, open: async () => readTerms(createReadStream(file)) };
  }
}
