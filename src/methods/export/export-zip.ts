import { PassThrough, Readable } from 'node:stream';
import yazl from 'yazl';
import type { Db } from '../../store/database.ts';
import type { StoredMethod } from '../../store/methods/read-methods.ts';
import { streamTerms } from '../read-dictionaries.ts';
import { exportedDefinition } from './exported-definition.ts';
import { nameMembers } from './member-names.ts';
import { toCsv } from './to-csv.ts';

/** Lists of words lose most with little effort; more takes twice the time for a tenth less. */
const PACKED = { compress: true, compressionLevel: 4 };

/**
 * A zip of methods as the original has it: under the names they were imported with, else an inner zip with JSON and CSV for each
 * dictionary and a flat JSON file for each pattern. Streamed: of the terms a few thousand are in memory. The stream fails when the terms
 * of a dictionary are replaced while they are read.
 */
export function exportZip(db: Db, methods: readonly StoredMethod[]): Readable {
  const output = new PassThrough();
  const outer = new yazl.ZipFile();
  const fail = (error: unknown): void => void output.destroy(error instanceof Error ? error : new Error(String(error)));
  outer.on('error', fail);
  const taken = new Set<string>();
  for (const method of methods) {
    const names = nameMembers(method, taken);
    if (names.zip === undefined) addFiles(outer, db, method, names, fail);
    else
      outer.addReadStreamLazy(names.zip, { ...PACKED, mtime: method.updatedAt }, (give) => {
        const inner = new yazl.ZipFile();
        inner.on('error', fail);
        addFiles(inner, db, method, names, fail);
        inner.end();
        give(null, inner.outputStream);
      });
  }
  outer.end();
  (outer.outputStream as Readable).on('error', fail).pipe(output);
  return output;
}

function addFiles(
  zip: yazl.ZipFile,
  db: Db,
  method: StoredMethod,
  names: { json: string; csv?: string },
  fail: (error: unknown) => void,
): void {
  const options = { ...PACKED, mtime: method.updatedAt };
  const definition = exportedDefinition(method, names.csv);
  zip.addBuffer(Buffer.from(`${JSON.stringify(definition, null, 2)}\n`), names.json, options);
  if (names.csv === undefined) return;
  zip.addReadStreamLazy(names.csv, options, (give) =>
    give(null, Readable.from(toCsv(streamTerms(db, method)), { objectMode: false }).on('error', fail)),
  );
}
