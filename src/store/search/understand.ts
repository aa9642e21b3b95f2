import { sql } from 'kysely';
import { canBeMistyped, isOneTypo, queryTokens, squash, TYPO_LENGTH, typoKeys } from '../../model/search-words.ts';
import type { Db } from '../database.ts';
import { findPaths, type PathsFound } from './find-paths.ts';
import { quoteWord } from './tsvector-text.ts';

/** What somebody looks for, as the statements of search read it. */
export interface Understood {
  /** The words as typed: each the beginning of a word. '' browses. */
  typed: string;
  /** The same words whole, and how many they are. */
  whole: string;
  words: number;
  /** As typed or one typo away; the same as `typed` when nothing like it is known or enough was found as typed. */
  loose: string;
  /** The same for an entity of which more than the name is known: in tags and terms, and in the name alone. */
  doc: { labels: string; typed: string; loose: string; whole: string };
  squash: string;
  term: string;
  /** Entities found by their place: `sales.customer.email`. */
  paths: PathsFound;
}

/** Typos are forgiven when fewer names than this match as typed. */
export const ENOUGH_NAMES = 20;
/** Words that one mistyped word may stand for. */
const GUESSES = 50;

/** Nothing typed, or the star of those who come from elsewhere: everything. */
export const isBrowsing = (term: string): boolean => term.trim() === '' || term.trim() === '*';

export async function understand(db: Db, given: string): Promise<Understood> {
  const term = given.trim();
  const tokens = isBrowsing(term) ? [] : queryTokens(term);
  const typed = toQuery(tokens, '');
  const typedInName = toQuery(tokens, 'D');
  const whole = tokens.flatMap((token) => token.parts.map(quoteWord));
  const understood: Understood = {
    typed,
    whole: whole.join(' & '),
    words: whole.length,
    loose: typed,
    doc: {
      labels: toQuery(tokens, 'AB'),
      typed: typedInName,
      loose: typedInName,
      whole: whole.map((word) => `${word}:D`).join(' & '),
    },
    squash: tokens.length === 0 ? '' : squash(term),
    term,
    paths: { found: [], cut: false },
  };
  if (tokens.length === 0) return understood;
  understood.paths = await findPaths(db, term, tokens);
  if (await isFew(db, typed)) {
    const guesses = await guessWords(db, [...new Set(tokens.flatMap((token) => token.parts))]);
    const guess = (part: string): string[] => (guesses.get(part) ?? []).map(quoteWord);
    understood.loose = toQuery(tokens, '', guess);
    understood.doc.loose = toQuery(tokens, 'D', (part) => guess(part).map((word) => `${word}:D`));
  }
  return understood;
}

async function isFew(db: Db, query: string): Promise<boolean> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM (SELECT FROM search_name WHERE words @@ ${query}::tsquery LIMIT ${ENOUGH_NAMES}) s`.execute(
    db,
  );
  return (rows[0]?.n ?? 0) < ENOUGH_NAMES;
}

/** One letter begins half of all words: it has to be the word, unless it is the last of several, which may only have begun. */
const prefix = (word: string, weights: string, mayGoOn = false): string => {
  const star = mayGoOn || [...word].length > 1 || /[^\p{ASCII}]/u.test(word) ? '*' : '';
  return `${quoteWord(word)}${star || weights ? `:${star}${weights}` : ''}`;
};

type Token = ReturnType<typeof queryTokens>[number];

/** @param guess other spellings of a part, as words of a query */
function toQuery(tokens: readonly Token[], weights: string, guess: (part: string) => string[] = () => []): string {
  const last = tokens.flatMap((token) => token.parts).length > 1 ? tokens.at(-1) : undefined;
  const ofToken = (token: Token): string => {
    const parts = token.parts.map((part, index) => {
      const begun = prefix(part, weights, token === last && index === token.parts.length - 1);
      const others = guess(part);
      return others.length === 0 ? begun : `(${[begun, ...others].join(' | ')})`;
    });
    const all = parts.join(' & ');
    // `addr1` is the words addr and 1, or the beginning of something spelled in one.
    return token.parts.length === 1 ? all : `((${all}) | ${prefix(token.whole, weights)})`;
  };
  return tokens.map(ofToken).join(' & ');
}

/** Known words that each of these may have been meant to be. */
async function guessWords(db: Db, words: readonly string[]): Promise<Map<string, string[]>> {
  // A letter may have been left out.
  const asked = words.filter((word) => [...word].length >= TYPO_LENGTH - 1 && !/\p{N}/u.test(word));
  if (asked.length === 0) return new Map();
  const keys = [...new Set(asked.flatMap(typoKeys))];
  const { rows } = await sql<{ word: string }>`
    SELECT word FROM search_word WHERE typos && ${`{${keys.join(',')}}`}::integer[] ORDER BY word LIMIT 5000`.execute(
    db,
  );
  const known = rows.map((row) => row.word).filter(canBeMistyped);
  return new Map(
    asked.map((word) => [word, known.filter((one) => one !== word && isOneTypo(word, one)).slice(0, GUESSES)]),
  );
}
