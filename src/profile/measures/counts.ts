import { isBlank as isBlankText } from '../text/alphabet.ts';
import { type Measure, requireCount } from './measure.ts';

export interface CountsPart {
  nonNull: number;
  /** Empty or white space only; 0 where the type has no blanks. */
  blanks: number;
  nan: number;
  infinite: number;
  /** Of decimals: values that are no numbers, and not among those that are not null. Absent: none. */
  beside?: { nan: number; infinite: number };
}

/** Unicode White_Space: what RE2 calls \s, U+000B, U+0085 and the separators. */
export const BLANK = String.raw`'[\s\x{0B}\x{85}\p{Z}]*'`;

/** No blank text begins with a printing character of ASCII: comparing takes a fifth of the time. */
const isBlank = (text: string): string =>
  `CASE WHEN ${text}::VARCHAR BETWEEN '!' AND '~' THEN false ELSE regexp_full_match(${text}, ${BLANK}) END`;

export const counts: Measure<CountsPart> = {
  name: 'counts',
  pass: 'scan',
  applies: () => true,
  sql({ ref, kind }): Record<string, string> {
    const sql: Record<string, string> = { non_null: `count(${ref})` };
    if (kind === 'text') sql.blanks = `count_if(${isBlank(ref)})`;
    if (kind === 'float') {
      sql.nan = `count_if(isnan(${ref}))`;
      sql.infinite = `count_if(isinf(${ref}))`;
    }
    return sql;
  },
  inHand({ texts, counts, rows }, { kind }) {
    const rowsOf = (of: (text: string) => boolean): number =>
      texts.reduce((sum, text, i) => (of(text) ? sum + (counts[i] as number) : sum), 0);
    return {
      nonNull: rows,
      blanks: kind === 'text' ? rowsOf(isBlankText) : 0,
      nan: kind === 'float' ? rowsOf((text) => text === 'nan') : 0,
      infinite: kind === 'float' ? rowsOf((text) => text === 'inf' || text === '-inf') : 0,
    };
  },
  part: (row) => ({
    nonNull: requireCount(row, 'non_null'),
    blanks: Number(row.blanks ?? 0),
    nan: Number(row.nan ?? 0),
    infinite: Number(row.infinite ?? 0),
  }),
  merge: (a, b) => ({
    nonNull: a.nonNull + b.nonNull,
    blanks: a.blanks + b.blanks,
    nan: a.nan + b.nan,
    infinite: a.infinite + b.infinite,
    ...(a.beside || b.beside ? { beside: addBeside(a.beside, b.beside) } : {}),
  }),
};

const NONE = { nan: 0, infinite: 0 };

const addBeside = (a = NONE, b = NONE): NonNullable<CountsPart['beside']> => ({
  nan: a.nan + b.nan,
  infinite: a.infinite + b.infinite,
});

/** Rows that have a value, whatever it is. */
export const filledRows = ({ nonNull, beside = NONE }: CountsPart): number => nonNull + beside.nan + beside.infinite;
