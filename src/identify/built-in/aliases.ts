import type { Alias } from '../method.ts';

/** How the names of columns speak of something. Letters are compared without regard to case; a blank stands for any separator or none. */
export interface Naming {
  /** Found anywhere in the name: long enough not to be part of another word by chance. */
  anywhere?: readonly string[];
  /** Whole words only: `zip` is one in `zip_code` and `customerZip`, not in `zipper`. In scripts without gaps, the whole name. */
  words?: readonly string[];
  /** Whole words that also name other things: half as much. */
  hints?: readonly string[];
  /** The whole name is this, which by itself says only so much: worth a hint. */
  exactly?: readonly string[];
  /** Found anywhere in names of things that look the same and are something else: worth less than no word at all. */
  against?: readonly string[];
}

/** What a name is worth: of the thing itself, of something that the thing may be called, of nothing at all, of another thing. */
export const NAME_SCORES = { speaks: 1, hints: 0.5, neutral: 0.2, against: 0.01 } as const;

/** Names that say nothing for or against any meaning: `col_3`, `value`, `F12`, `Spalte 2`. */
const NEUTRAL =
  '^(?i:c|col|column|f|fld|field|v|val|value|x|y|z|data|item|attr|attribute|text|string|str|unnamed|unknown|code|spalte|wert|feld|columna|columnas|valor|campo|colonne|valeur|champ|colonna|valore|coluna|kolom|kolumna|列|値|項目|열|값|значение|столбец)[ _.:-]*[0-9]*$';

/** Aliases of a definition: the best that matches a name counts. */
export function toAliases({ anywhere = [], words = [], hints = [], exactly = [], against = [] }: Naming): Alias[] {
  const speaking = [...(anywhere.length > 0 ? [`(?i:${choice(anywhere)})`] : []), ...asWords(words)];
  const hinting = [...asWords(hints), ...(exactly.length > 0 ? [wholeName(exactly)] : [])];
  return [
    ...speaking.map((nameRegex) => ({ nameRegex, score: NAME_SCORES.speaks })),
    ...hinting.map((nameRegex) => ({ nameRegex, score: NAME_SCORES.hints })),
    { nameRegex: NEUTRAL, score: NAME_SCORES.neutral },
    ...(against.length > 0 ? [{ nameRegex: `(?i:${choice(against)})`, score: NAME_SCORES.against }] : []),
  ];
}

/** One of the texts. Without the tables of Unicode, `(?i)` knows the letters of English: others are written in both cases. */
const choice = (texts: readonly string[]): string => texts.map(withBothCases).map(withSeparators).join('|');
const withSeparators = (text: string): string => text.replaceAll(' ', '[ _.-]*');
const withBothCases = (text: string): string =>
  text.replaceAll(/[^\p{ASCII}]/gu, (letter) =>
    letter.toUpperCase() !== letter && letter.toUpperCase().length === 1
      ? `[${letter}${letter.toUpperCase()}]`
      : letter,
  );
const wholeName = (texts: readonly string[]): string => `^(?i:${choice(texts)})$`;

/** Words between characters that are no letters, and words that begin with a capital behind a small letter: `orderZip`, `ZipCode`. */
function asWords(texts: readonly string[]): string[] {
  const gapped = texts.filter((text) => /^[\p{Script=Latin}0-9 ]+$/u.test(text));
  const others = texts.filter((text) => !gapped.includes(text));
  const capitalised = gapped.flatMap((text) => {
    const word = text.replaceAll(/(^| )(\p{Ll})/gu, (_, gap, letter) => gap + letter.toUpperCase());
    // Short ones are written in capitals too: `customerSSN`.
    return (text.length <= 5 ? [word, text.toUpperCase()] : [word]).map(withSeparators);
  });
  return [
    ...(gapped.length > 0
      ? [
          `(?:^|[^A-Za-zÀ-ž])(?i:${choice(gapped)})(?:$|[^A-Za-zÀ-ž])`,
          `(?:^|[^A-Za-zÀ-ž]|[a-z])(?:${capitalised.join('|')})(?:$|[^a-zà-ž])`,
        ]
      : []),
    ...(others.length > 0 ? [wholeName(others)] : []),
  ];
}
