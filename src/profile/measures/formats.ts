import { type FormatsPart, formatsOf, mergeFormats } from '../text/formats-part.ts';
import { groupedInHand, groupedValuesSql, readGroupedValues } from '../text/grouped-values.ts';
import { LONGEST_VALUE } from '../text/recognise.ts';
import type { Measure } from './measure.ts';
import { filledOf } from './patterns.ts';

/** A share is known to ±1.1 %; a value takes 1 to 3 µs. */
const VALUES = 8_192;
/** Values beyond are called text: a column of documents would be read through for the sake of one word. */
const LONGEST_JUDGED = 65_536;

/** What DuckDB says of a value that is longer than what is handed over; null for the others. */
const LONG = `CASE WHEN length(v) > ${LONGEST_VALUE} THEN CASE WHEN length(v) > ${LONGEST_JUDGED} THEN ''
  WHEN starts_with(ltrim(v), '{') AND json_valid(v) THEN 'json:object' WHEN starts_with(ltrim(v), '[') AND json_valid(v) THEN 'json:array'
  WHEN length(v) % 4 = 0 AND regexp_full_match(v, '[A-Za-z0-9+/]*={0,2}') AND regexp_matches(v, '[a-z]') AND regexp_matches(v, '[A-Z]') AND regexp_matches(v, '[0-9]')
    THEN 'base64:standard' ELSE '' END END`;

const NONE_LONG = new Map<number, string>();

/** Logical types of texts. Recognised in JavaScript: a hundred formats over a bounded number of values. */
export const formats: Measure<FormatsPart> = {
  name: 'formats',
  pass: 'groups',
  applies: ({ kind }) => kind === 'text',
  sql: (_column, { groups }) => groupedValuesSql(groups, VALUES, LONGEST_VALUE, { l: LONG }),
  inHand: (values, _column, known) =>
    values.texts.some((text) => text.length > LONGEST_VALUE)
      ? undefined
      : formatsOf(
          groupedInHand(values, VALUES, LONGEST_VALUE, (value) => value),
          filledOf(known),
          NONE_LONG,
        ),
  part(row, _column, known) {
    const { l } = JSON.parse(row.values ?? '{}') as { l?: (string | null)[] | null };
    const long = new Map((l ?? []).flatMap((said, i) => (said === null ? [] : [[i, said] as const])));
    const values = readGroupedValues(row, known.groups, VALUES, (value) => value);
    return formatsOf(values, filledOf(known), long);
  },
  merge: mergeFormats,
};
