/**
 * A statement that finds out, when it is prepared or explained, whether a user's text is one condition. Between CASE WHEN and THEN it
 * can't close the bracket that it will stand in when rows are read by it: what is whole between both pairs closes neither. On a line of
 * its own, for it may end in a comment. Pure.
 *
 * @param from what stands behind FROM
 */
export const conditionTest = (from: string, where: string): string =>
  `SELECT 1 FROM ${from} WHERE CASE WHEN\n${where}\nTHEN true END`;
