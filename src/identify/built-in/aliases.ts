import type { Alias } from '../method.ts';

/** How the names of columns speak of something. Letters are compared without regard to case; a blank stands for any separator or none. */
export interface Naming {
  /** Found anywhere in the name: long enough not to be part of another word by chance. */
  anywhere?: readonly string[];
  /** Whole words only: `zip` is one in `zip_code` and `customerZip`, not in `zipper`. */
  words?: readonly string[];
  /** Whole words that also name other things: half as much. */
  hints?: readonly string[];
  /** The whole name is this, which by itself says only so much: worth a hint. */
  exactly?: readonly string[];
}

/** What a name is worth: of the thing itself, of something that the thing may be called, of nothing at all. */
export const NAME_SCORES = { speaks: 1, hints: 0.5, neutral: 0.2 } as const;

/** Names that say nothing for or against any meaning: `col_3`, `value`, `F12`, `Spalte 2`. */
const NEUTRAL =
  '^(?iu:c|col|column|f|fld|field|v|val|value|x|y|z|data|item|attr|attribute|text|string|str|unnamed|unknown|code|spalte|wert|feld|columna|columnas|valor|campo|colonne|valeur|champ|colonna|valore|coluna|kolom|kolumna|列|値|項目|열|값|значение|столбец)[ _.:-]*[0-9]*$';

/** Aliases of a definition: the best that matches a name counts. */
export function toAliases({ anywhere = [], words = [], hints = [], exactly = [] }: Naming): Alias[] {
  const speaking = [...(anywhere.length > 0 ? [anywhereIn(anywhere)] : []), ...asWords(words)];
  const hinting = [...asWords(hints), ...(exactly.length > 0 ? [`^(?iu:${exactly.map(spaced).join('|')})$`] : [])];
  return [
    ...speaking.map((nameRegex) => ({ nameRegex, score: NAME_SCORES.speaks })),
    ...hinting.map((nameRegex) => ({ nameRegex, score: NAME_SCORES.hints })),
    { nameRegex: NEUTRAL, score: NAME_SCORES.neutral },
  ];
}

const SEPARATORS = '[ _.-]*';
const spaced = (text: string): string => text.replaceAll(' ', SEPARATORS);
const anywhereIn = (texts: readonly string[]): string => `(?iu:${texts.map(spaced).join('|')})`;

/** Words between characters that are no letters, and words that begin with a capital behind a small letter: `orderZip`, `ZipCode`. */
function asWords(texts: readonly string[]): string[] {
  if (texts.length === 0) return [];
  const all = texts.map(spaced).join('|');
  const capitalised = texts.map((text) =>
    spaced(text.replaceAll(/(^| )(\p{Ll})/gu, (_, gap, letter) => gap + letter.toUpperCase())),
  );
  return [
    `(?:^|[^\\p{L}])(?iu:${all})(?:$|[^\\p{L}])`,
    `(?:^|[^\\p{L}]|\\p{Ll})(?:${capitalised.join('|')})(?:$|[^\\p{Ll}])`,
  ];
}
