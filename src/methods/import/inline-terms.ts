import { AssayError } from '../../errors/assay-error.ts';
import { isPlainObject } from '../../model/coerce.ts';
import { isBlank } from '../../profile/text/alphabet.ts';
import { LONGEST_TERM } from '../csv/term-lines.ts';
import type { Member } from './store-member.ts';

const NAMED = 20;

/** A member whose terms stand in its definition as a list of texts, if they do. Blank ones are left out. */
export function withInlineTerms(member: Member): Member {
  const { definition } = member;
  if (member.open || !isPlainObject(definition) || definition.terms === undefined) return member;
  const given = definition.terms;
  return { ...member, open: async () => ({ terms: [checkTerms(given)] }) };
}

/** @throws BAD_REQUEST naming each problem by its place in the list */
export function checkTerms(given: unknown): string[] {
  if (!Array.isArray(given)) throw new AssayError('BAD_REQUEST', 'terms: expected an array of texts');
  const problems: string[] = [];
  const terms: string[] = [];
  for (const [i, term] of given.entries()) {
    if (typeof term !== 'string') problems.push(`terms.${i}: received ${typeof term}, expected a text`);
    else if (term.length > LONGEST_TERM)
      problems.push(`terms.${i}: has ${term.length} characters, at most ${LONGEST_TERM} are allowed`);
    else if (!isBlank(term)) terms.push(term);
  }
  if (problems.length === 0) return terms;
  const listed = problems.slice(0, NAMED);
  if (problems.length > NAMED) listed.push(`and ${problems.length - NAMED} more problems`);
  throw new AssayError('BAD_REQUEST', listed.join('; '), { problems: listed });
}
