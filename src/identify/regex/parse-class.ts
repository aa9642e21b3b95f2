import { bothCases, type CharSet, complement, intersection, NOTHING, single, union } from './char-set.ts';
import { type Escape, parseEscape } from './parse-escape.ts';
import { DEEPEST_GROUP } from './parse-limits.ts';
import type { SourceReader } from './source-reader.ts';
import { inAnyCase } from './unicode-sets.ts';

/** Of either case where the flags say so: for ASCII alone, unless `(?u)`. */
export function withCase(set: CharSet, { flags }: SourceReader): CharSet {
  if (!flags.i) return set;
  const [known, widen] = flags.u || flags.U ? [IN_ANY_CASE, inAnyCase] : [IN_BOTH_CASES, bothCases];
  const found = known.get(set) ?? widen(set);
  known.set(set, found);
  return found;
}

/** Sets of properties have hundreds of spans, and are the same object each time they are asked for. */
const IN_BOTH_CASES = new WeakMap<CharSet, CharSet>();
const IN_ANY_CASE = new WeakMap<CharSet, CharSet>();

/**
 * A class, its `[` taken: unions bind tighter than `&&`, and `^` negates all of it (as Java does since 9).
 *
 * @source https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/regex/Pattern.html
 */
export function parseClass(reader: SourceReader, depth = 0): CharSet {
  const from = reader.position - 1;
  if (depth > DEEPEST_GROUP) reader.fail(`classes are nested more than ${DEEPEST_GROUP} deep`, from);
  const negative = reader.accept('^');
  const operands: CharSet[] = [];
  let parts: CharSet[] = [];
  const endOperand = (): void => {
    if (parts.length === 0) reader.fail('&& needs something on both sides');
    operands.push(union(parts));
    parts = [];
  };
  for (;;) {
    skipSpace(reader);
    if (reader.done) reader.fail('[ is not closed by ]', from);
    if (!reader.quoted && reader.peek() === ']' && (parts.length > 0 || operands.length > 0)) break;
    if (!reader.quoted && reader.accept('&&')) {
      // `[a&&&&b]` is `[a&&b]`, and `[&&a]` is `[a]`.
      while (reader.accept('&&'));
      if (parts.length > 0) endOperand();
      continue;
    }
    if (!reader.quoted && reader.accept('[')) {
      parts.push(parseClass(reader, depth + 1));
      continue;
    }
    const part = parsePart(reader);
    if (part) parts.push(part);
  }
  endOperand();
  reader.take();
  const set =
    operands.reduce(
      (all, operand) => (all === undefined ? operand : intersection(all, operand)),
      undefined as CharSet | undefined,
    ) ?? NOTHING;
  return negative ? complement(set) : set;
}

/** A character, a set, or a range; nothing for the marks of `\Q…\E`. */
function parsePart(reader: SourceReader): CharSet | undefined {
  const from = reader.position;
  const first = parseItem(reader);
  if (first === undefined) return undefined;
  if ('set' in first) return first.cased ? first.set : withCase(first.set, reader);
  const next = reader.peek(1);
  if (reader.quoted || reader.peek() !== '-' || next === ']' || next === '[' || next === '')
    return withCase(single(first.point), reader);
  reader.take();
  skipSpace(reader);
  const last = parseItem(reader);
  if (last === undefined || 'set' in last)
    return reader.fail('a range needs a character at both ends; write \\- for the character', from);
  if (last.point < first.point) reader.fail('the range ends before it begins', from);
  return withCase([[first.point, last.point]], reader);
}

function parseItem(reader: SourceReader): Escape | undefined {
  if (reader.quoted) {
    if (!reader.accept('\\E')) return { point: reader.take().codePointAt(0) as number };
    reader.quoted = false;
    return undefined;
  }
  if (reader.accept('\\Q')) {
    reader.quoted = true;
    return undefined;
  }
  const from = reader.position;
  const character = reader.take();
  if (character !== '\\') return { point: character.codePointAt(0) as number };
  if (reader.accept('E')) return undefined;
  return parseEscape(reader) ?? reader.fail(`\\${reader.peek()} has no meaning within a class`, from);
}

/** With `(?x)` white space and comments are for readers alone. */
export function skipSpace(reader: SourceReader): void {
  if (!reader.flags.x || reader.quoted) return;
  for (;;) {
    if (/[ \t\n\v\f\r]/.test(reader.peek())) reader.take();
    else if (reader.peek() === '#') while (!reader.done && reader.take() !== '\n');
    else return;
  }
}
