/** Numbers whose words are of the session, the server, rights, limits and names. MySQL and MariaDB share them. */
export const OF_SERVER: ReadonlySet<number> = new Set([
  1037, 1038, 1040, 1041, 1044, 1045, 1046, 1049, 1051, 1053, 1054, 1064, 1109, 1114, 1135, 1142, 1143, 1146, 1152,
  1153, 1158, 1159, 1160, 1161, 1194, 1195, 1203, 1205, 1213, 1226, 1227, 1290, 1304, 1305, 1317, 1345, 1356, 1370,
  1412, 1449, 1927, 1969, 3024, 3032, 4031,
]);

/** What may be said of the others: words of the server in which nothing of a row can stand. */
const SAYABLE: readonly RegExp[] = [
  /^(?:Truncated incorrect|Incorrect|Illegal) [A-Za-z]{1,20}(?:\(\d+(?:,\d+)?\))? value(?=: '| ')/,
  /^Invalid JSON (?:text|value for CAST|path expression)/,
  /^Syntax error in JSON (?:text|path)/,
  /^Cannot create a JSON value/,
  /^(?:Truncated|Illegal) non-JSON/,
  /in argument \d+ to function '?(?:json_[a-z_]{1,30}|cast_as_json|member of)\b/,
  /^(?:BIGINT|BIGINT UNSIGNED|DOUBLE|DECIMAL|INT|INTEGER) value is out of range/,
  /^Out of range value/,
  /^Data too long/,
  /^Data truncated/,
  /^Division by (?:0|zero)$/,
  /^Duplicate entry/,
  /^Subquery returns more than 1 row$/,
  /^Invalid utf8(?:mb[34])? character string/,
  /^(?:Got error|The regular expression|Illegal argument to a regular expression)/,
  /^XPATH syntax error/,
  /^Unknown or incorrect time zone/,
  /^Malformed GTID set/,
  /^Invalid GIS data/,
];

/**
 * The words of an error that came up while rows were read, without the value that the server stumbled over: messages are read
 * by people who may see no row. Told by what may stay, for a function of a view can signal any words. Pure.
 *
 * @param number of the error
 */
export function withoutValues(number: number, message: string): string {
  if (OF_SERVER.has(number)) return message;
  const said = SAYABLE.map((one) => one.exec(message)?.[0]).filter((one) => one !== undefined);
  return said.length > 0 ? said.join(' ') : 'it does not work with one of the values of a row';
}
