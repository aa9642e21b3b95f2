import { AssayError } from '../../errors/assay-error.ts';
import { doubtOf } from '../encoding/detect.ts';
import { loadJsonFile } from './json-file.ts';
import type { Session } from './session.ts';
import type { Relation } from './staging.ts';
import { findForeignBytes, lookAtText, type TextFile, transcode } from './text-file.ts';

/** Loads JSON in any encoding: what is not UTF-8 is written anew in it, and bytes that are invalid become U+FFFD. */
export async function loadJsonText(session: Session, file: TextFile, limited: string): Promise<Relation> {
  const { encoding, hasInvalid } = file.encoding;
  if (encoding !== 'UTF-8' || hasInvalid || file.encoding.basis === 'byte order mark')
    return loadAnew(session, file, limited);
  try {
    return await loadJsonFile(session, [file.path], limited);
  } catch (error) {
    if (!(error instanceof AssayError) || error.code !== 'SOURCE_BAD_DATA' || !/UTF-8/.test(error.message)) throw error;
    const foreign = await findForeignBytes(session, file.path);
    const again = await lookAtText(file.path, foreign);
    if (again.encoding.encoding === 'UTF-8' && !again.encoding.hasInvalid) throw error;
    return loadAnew(session, again, limited);
  }
}

async function loadAnew(session: Session, file: TextFile, limited: string): Promise<Relation> {
  const { encoding, basis } = file.encoding;
  const { path, hasReplaced } = await transcode(session, file);
  const relation = await loadJsonFile(session, [path], limited);
  const doubt = doubtOf(file.encoding);
  const warnings = [
    ...(encoding === 'UTF-8' ? [] : [`the file is not UTF-8; it was read as ${encoding} (${basis})`]),
    ...(doubt === undefined ? [] : [doubt]),
    ...(hasReplaced ? [`the file holds bytes that are invalid in ${encoding}; they were read as U+FFFD`] : []),
  ];
  return { ...relation, warnings: [...warnings, ...relation.warnings] };
}
