import { sql } from 'kysely';
import { canBeMistyped, typoKeys } from '../../model/search-words.ts';
import type { Trx } from '../database.ts';

/** Remembers words so that their misspellings can be found. They stay: a word of a name that is gone leads nowhere. */
export async function addWords(trx: Trx, all: Iterable<string>): Promise<void> {
  const words = [...new Set(all)].filter(canBeMistyped).sort();
  if (words.length === 0) return;
  const { rows } = await sql<{ word: string }>`
    SELECT w.word FROM unnest(${words}::text[]) w(word)
    WHERE NOT EXISTS (SELECT FROM search_word s WHERE s.word = w.word COLLATE "C")`.execute(trx);
  if (rows.length === 0) return;
  const fresh = rows.map((row) => row.word);
  const keys = fresh.map((word) => `{${typoKeys(word).join(',')}}`);
  await sql`
    INSERT INTO search_word (word, typos)
    SELECT w.word, w.keys::integer[] FROM unnest(${fresh}::text[], ${keys}::text[]) w(word, keys)
    ON CONFLICT DO NOTHING`.execute(trx);
}
