import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalText } from '../src/sketch/canonical-text.ts';
import { buildLanguageTerms } from './built-in/languages.ts';
import { buildNameTerms } from './built-in/names.ts';
import { buildPlaceTerms } from './built-in/places.ts';
import { buildRegisterTerms } from './built-in/registers.ts';

/**
 * Writes the term files of the built-in dictionaries that come from packages and from the ICU of Node, one term a line. Run by
 * hand when a source is renewed; the files are committed, so that what a dictionary holds depends on no machine. Terms that
 * were written by hand lie beside them and are left alone.
 */
const FOLDER = join(import.meta.dirname, '..', 'src', 'identify', 'built-in', 'terms');

/** Different by canonical text, in the order of code points. */
function sorted(terms: readonly string[]): string[] {
  const different = new Map<string, string>();
  for (const term of terms) {
    const clean = term.replaceAll(/\s+/g, ' ').trim();
    const key = canonicalText(clean);
    if (key !== '' && !different.has(key)) different.set(key, clean);
  }
  return [...different.values()].sort((a, b) => (a < b ? -1 : 1));
}

await mkdir(FOLDER, { recursive: true });
const files = { ...buildLanguageTerms(), ...buildPlaceTerms(), ...buildNameTerms(), ...buildRegisterTerms() };
for (const [file, terms] of Object.entries(files)) {
  const lines = sorted(terms);
  if (lines.length < 4) throw new Error(`${file}: ${lines.length} terms were found, expected at least 4`);
  await writeFile(join(FOLDER, `${file}.txt`), `${lines.join('\n')}\n`);
}
console.log(`${Object.keys(files).length} files`);
