import { AssayError } from '../../errors/assay-error.ts';
import { sayTold } from '../csv/told.ts';
import { doubtOf, TOLD } from '../encoding/detect.ts';
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
    const relation = await loadJsonFile(session, [file.path], limited);
    return { ...relation, warnings: [...told(file), ...relation.warnings] };
  } catch (error) {
    if (!(error instanceof AssayError) || error.code !== 'SOURCE_BAD_DATA' || !/UTF-8/.test(error.message)) throw error;
    const foreign = await findForeignBytes(session, file.path);
    if (file.encoding.basis === TOLD)
      return loadAnew(session, { ...file, encoding: { ...file.encoding, hasInvalid: true } }, limited);
    const again = await lookAtText(file.path, undefined, foreign);
    if (again.encoding.encoding === 'UTF-8' && !again.encoding.hasInvalid) throw error;
    return loadAnew(session, again, limited);
  }
}

const told = ({ encoding: { encoding, basis } }: TextFile): string[] => (basis === TOLD ? sayTold({ encoding }) : []);

async function loadAnew(session: Session, file: TextFile, limited: string): Promise<Relation> {
  const { encoding, basis } = file.encoding;
  const { path, hasReplaced } = await transcode(session, file);
  const relation = await loadJsonFile(session, [path], limited);
  const doubt = doubtOf(file.encoding);
  const warnings = [
    ...told(file),
    ...(encoding === 'UTF-8' || basis === TOLD ? [] : [`the file is not UTF-8; it was read as ${encoding} (${basis})`]),
    ...(doubt === undefined ? [] : [doubt]),
    ...(hasReplaced ? [`the file holds bytes that are invalid in ${encoding}; they were read as U+FFFD`] : []),
  ];
  return { ...relation, warnings: [...warnings, ...relation.warnings] };
}
