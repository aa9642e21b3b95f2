import { readFile } from 'node:fs/promises';

/** Terms of a built-in dictionary, one a line in `terms/<file>.txt`. */
export async function readTerms(file: string): Promise<string[]> {
  const text = await readFile(new URL(`./terms/${file}.txt`, import.meta.url), 'utf8');
  return text.split('\n').filter((line) => line !== '');
}
