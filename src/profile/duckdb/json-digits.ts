import type { Session } from './session.ts';

/** Digits from the first that is not zero to the last: a double tells numbers of up to 17 apart. */
const MOST_DIGITS = 17;
const FRACTION = String.raw`[:,\[]\s*-?([0-9]+[.][0-9]+)`;
/** No shorter fraction has too many digits unless its whole part makes up for it, which is looked at for itself. */
const LONG = String.raw`[:,\[]\s*-?([0-9]+[.][0-9]{9,}|[0-9]{9,}[.][0-9])`;

/**
 * DuckDB reads fractions of JSON as doubles wherever they stand, so those of more digits become the nearest one. What was written is
 * in the records of `raw` alone.
 *
 * @returns a sentence where there are any; a text that looks like them counts as well
 */
export async function tellLongFractions(session: Session): Promise<string[]> {
  const [[found] = []] = await session.query(
    `SELECT count(*)::VARCHAR FROM (SELECT 1 FROM
       (SELECT unnest(regexp_extract_all(json::VARCHAR, '${FRACTION}', 1)) AS x FROM raw WHERE regexp_matches(json::VARCHAR, '${LONG}'))
     WHERE length(rtrim(regexp_replace(x, '^[0.]*|[.]', '', 'g'), '0')) > ${MOST_DIGITS} LIMIT 1)`,
    'looking at fractions',
  );
  if (Number(found ?? 0) === 0) return [];
  return [
    `fractions of more than ${MOST_DIGITS} digits are read as the nearest double: values that differ in further digits only count as one`,
  ];
}
