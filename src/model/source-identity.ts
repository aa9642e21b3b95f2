/** Longest name or fqdnId, in characters: the unique index of the store holds some 2,700 bytes. */
const NAME_MAX = 500;

/**
 * What is wrong with the names of a data source, in sentences; `[]` when all is well. `fqdnId` begins every fqdn of the
 * source, so it must not look like two segments.
 */
export function listIdentityProblems(config: Readonly<Record<string, unknown>>): string[] {
  const problems: string[] = [];
  for (const name of ['resourceName', 'fqdnId', 'affinityId', 'databaseType']) {
    const value = config[name];
    if (typeof value !== 'string') continue;
    if (value.length > NAME_MAX)
      problems.push(`${name}: received ${value.length} characters, at most ${NAME_MAX} are allowed`);
    if (value.trim() === '') problems.push(`${name}: received only white space`);
    if (/\p{Cc}/u.test(value)) problems.push(`${name}: contains a control character`);
  }
  if (typeof config.fqdnId === 'string' && config.fqdnId.includes('/'))
    problems.push('fqdnId: contains "/", which separates the parts of an fqdn');
  return problems;
}
