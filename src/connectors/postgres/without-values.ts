/** States and classes whose words are of the session, the server, rights, limits and damaged files. */
const OF_SERVER = /^(?:08|25|28|40|42501|53|54|55|57|XX00[12])/;

const TYPES =
  '(?:small|big)?int(?:eger|2|4|8)?|oid|xid|real|double precision|float[48]|numeric|money|bool(?:ean)?|date|time(?:stamp)?(?: with(?:out)? time zone)?|interval|uuid|jsonb?|jsonpath|xml|bytea|bit|inet|cidr|macaddr8?|point|line|lseg|box|path|polygon|circle|tsvector|tsquery|pg_lsn|tid';

/** What may be said of the others: words of the server in which nothing of a row can stand. */
const SAYABLE: readonly RegExp[] = [
  new RegExp(`^invalid input syntax for type (?:${TYPES})(?=$|:)`),
  /^invalid input value for enum/,
  new RegExp(`(?:is )?out of range for type (?:${TYPES})$`),
  new RegExp(`^(?:value|numeric field|(?:${TYPES})) (?:out of range|overflow)`),
  new RegExp(`^cannot (?:cast|convert) (?:jsonb \\w+|NaN|infinity) to (?:type )?(?:${TYPES})$`),
  /^value too long for type (?:character(?: varying)?|bit(?: varying)?)\(\d+\)$/,
  /^(?:date\/time|interval|time) field value out of range/,
  /^time zone (?:displacement out of range)?/,
  /^division by zero$/,
  /^cannot take (?:logarithm of (?:zero|a negative number)|square root of a negative number)$/,
  /^more than one row returned by a subquery used as an expression$/,
  /^(?:malformed|invalid) (?:array|record|range|multirange) literal/,
  /^invalid byte sequence for encoding "[A-Z0-9_]+"/,
  /^invalid (?:regular expression|hexadecimal digit|symbol|value|time zone|XML|Unicode)\b/,
  /^unsupported Unicode escape sequence$/,
  /^syntax error in tsquery/,
  /^could not (?:open|read|access|stat) file/,
  /^(?:relation|table|column|function|operator|type|schema|role|database)\b(?=.* does not exist$)/s,
  /does not exist$/,
  /not recognized$/,
  /violates check constraint/,
];

/**
 * The words of an error that came up while rows were read, without the value that PostgreSQL stumbled over: messages are read
 * by people who may see no row. Told by what may stay, for a function of a view can raise any words. Pure.
 *
 * @param state SQLSTATE
 */
export function withoutValues(state: string, message: string): string {
  if (OF_SERVER.test(state)) return message;
  const said = SAYABLE.map((one) => one.exec(message)?.[0].trim()).filter((one) => one !== undefined);
  return said.length > 0 ? said.join(' … ') : 'it does not work with one of the values of a row';
}
