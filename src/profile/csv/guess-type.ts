/** What DuckDB guesses a column of just such texts to be, the first that fits. */
const FORMS: readonly (readonly [duckdbType: string, form: RegExp])[] = [
  ['BIGINT', /^-?(?:0|[1-9]\d*)$/],
  ['DOUBLE', /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/],
  ['BOOLEAN', /^(?:true|false)$/i],
  ['DATE', /^[1-9]\d{3}-\d\d-\d\d$/],
  ['TIMESTAMP', /^[1-9]\d{3}-\d\d-\d\d[ T]\d\d:\d\d:\d\d$/],
];

/** A word at the beginning, unless it is one that means a boolean, a number or a time. */
const WORD = /^\p{L}+/u;
const OTHERS = /^(?:t|f|y|n|tr|true|false|yes|no|on|off|na|nan|inf|infinity|infinite|epoch|null)$/i;
/** A word behind a number, unless it may be an exponent, digits of another base, or belong to a time. */
const BEHIND_NUMBER = /^\d{1,9} ?(?![abeoptxz])\p{L}{2,}/iu;

const isSurelyText = (value: string): boolean => {
  const word = WORD.exec(value)?.[0];
  return word === undefined ? BEHIND_NUMBER.test(value) : !OTHERS.test(word);
};

/**
 * The type that DuckDB's sniffer of CSV files finds of a column with these values, where that is plain to see; undefined where only
 * it can tell. One value that can be nothing but text makes the column text. Pure.
 */
export function guessType(values: readonly string[]): string | undefined {
  if (values.length === 0 || values.some(isSurelyText)) return 'VARCHAR';
  return FORMS.find(([, form]) => values.every((value) => form.test(value)))?.[0];
}
