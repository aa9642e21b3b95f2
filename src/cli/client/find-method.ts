import type { AnswerOf, AssayClient, MethodPath } from '../../client/index.ts';
import { AssayError } from '../../errors/assay-error.ts';

export type MethodHead = AnswerOf<'GET', '/dictionaries'>['data'][number];

export const METHOD_NOUNS: Record<MethodPath, { one: string; verb: string }> = {
  '/dictionaries': { one: 'dictionary', verb: 'dictionaries' },
  '/data-patterns': { one: 'data pattern', verb: 'patterns' },
};

const PAGE = 500;

/**
 * A dictionary or data pattern by its id, or by its whole name in any case.
 *
 * @param paths where it is looked for
 * @throws AssayError NOT_FOUND, or CONFLICT for a name that several have
 */
export async function findMethod(
  client: AssayClient,
  paths: readonly [MethodPath, ...MethodPath[]],
  given: string,
): Promise<MethodHead> {
  const named: MethodHead[] = [];
  for (const path of paths)
    for await (const method of client.items('GET', path, { query: { size: PAGE } })) {
      if (method._id === given) return method;
      if (method.name.toLowerCase() === given.toLowerCase()) named.push(method);
    }
  const [only] = named;
  if (only && named.length === 1) return only;
  const nouns = paths.map((path) => METHOD_NOUNS[path].one).join(' or ');
  const lists = paths.map((path) => `assay ${METHOD_NOUNS[path].verb} list`).join(' and ');
  throw new AssayError(
    named.length === 0 ? 'NOT_FOUND' : 'CONFLICT',
    named.length === 0
      ? `there is no ${nouns} with the id or name "${given}"; see ${lists}`
      : `"${given}" is the name of ${named.length}: give the id, ${named.map(({ _id }) => _id).join(' or ')}`,
  );
}
