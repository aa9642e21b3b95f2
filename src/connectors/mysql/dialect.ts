import { AssayError } from '../../errors/assay-error.ts';

/** A name as SQL spells it; valid whatever sql_mode says. */
export const quoteName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
export const quotePath = (path: readonly string[]): string => path.map(quoteName).join('.');

/** A text as SQL spells it, under the sql_mode that every session sets: backslashes escape. */
export const quoteText = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** Shown by SHOW PROCESSLIST in front of what runs, so that an administrator knows whose it is. */
export const tagged = (tag: string, sql: string): string =>
  `/* ${tag.replace(/[*/\\\p{Cc}]/gu, ' ').slice(0, 100)} */ ${sql}`;

export function tablePath(path: readonly string[]): [string, string] {
  const [schema, table, ...rest] = path;
  if (schema === undefined || table === undefined || rest.length > 0)
    throw new AssayError('WRONG_ENTITY_TYPE', `received /${path.join('/')}, expected a table or view: /database/table`);
  return [schema, table];
}
