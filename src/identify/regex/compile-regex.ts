import { RE2JS } from 're2js';
import { AssayError } from '../../errors/assay-error.ts';
import { parseJava } from './parse-java.ts';
import type { Expression } from './regex-tester.ts';
import { settleEnds } from './settle-ends.ts';
import type { Tree } from './tree.ts';
import { FEW_WAYS, waysOf } from './ways.ts';
import { writeJavaScript } from './write-javascript.ts';
import { writeLinear } from './write-linear.ts';

/**
 * How an expression is run. `quick`: by JavaScript's own engine, which cannot get lost in it; anywhere in a text it begins at each
 * character anew, so that `forLong` is how it is run when a text has more than LONG_TEXT characters. `linear`: by RE2, whose time
 * is in proportion to the text; five times as long as the first. `stoppable`: by JavaScript's engine, with no bound known, so where
 * it can be stopped.
 */
export type CompiledRegex = { engine: 'quick'; test(text: string): boolean; forLong?: () => LongRegex } | LongRegex;
type LongRegex = { engine: 'linear'; test(text: string): boolean } | { engine: 'stoppable'; source: string };

/** Of a text of so many characters the quick engine looks at a million pairs of places at most: a few milliseconds. */
export const LONG_TEXT = 2_000;

/** Of all classes of an expression: more make it megabytes long, and take seconds to read. */
const MOST_SPANS = 100_000;

const KEPT = new Map<string, CompiledRegex>();
/** Those of some thousand methods; each takes some KB. */
const MOST_KEPT = 10_000;

/**
 * Makes an expression ready to be tried; the last 10,000 are kept.
 *
 * @throws AssayError BAD_REQUEST that names the method, the expression and its problems
 */
export function compileRegex({ source, mode, owner }: Expression): CompiledRegex {
  const key = `${mode} ${source}`;
  const kept = KEPT.get(key);
  if (kept) return kept;
  const built = buildRegex(source, mode);
  if ('problems' in built)
    throw new AssayError(
      'BAD_REQUEST',
      `method ${JSON.stringify(owner)}: the regular expression ${JSON.stringify(shortened(source))} cannot be used: ${built.problems.join('; ')}`,
      { problems: built.problems },
    );
  if (KEPT.size >= MOST_KEPT) KEPT.delete(KEPT.keys().next().value as string);
  KEPT.set(key, built);
  return built;
}

/** The same without keeping it, and with the problems as they are. */
export function buildRegex(source: string, mode: Expression['mode']): CompiledRegex | { problems: string[] } {
  const read = readRegex(source, mode);
  if ('problems' in read) return read;
  const { tree, own } = read;
  let long: LongRegex | undefined;
  const forLong = (): LongRegex => {
    if (long) return long;
    const linear = compileLinear(tree, mode);
    long = linear
      ? { engine: 'linear', test: (text) => linear.test(text) }
      : { engine: 'stoppable', source: own.source };
    return long;
  };
  if (waysOf(tree) > FEW_WAYS) return forLong();
  return { engine: 'quick', test: (text) => own.test(text), ...(mode === 'anywhere' ? { forLong } : {}) };
}

/**
 * What keeps a regular expression from being used: broken syntax, or something of Java that cannot be had here, each with its
 * place and what to write instead. `[]`: it can be used.
 */
export function problemsOfRegex(source: string): string[] {
  const read = readRegex(source, 'whole');
  return 'problems' in read ? read.problems : [];
}

function readRegex(source: string, mode: Expression['mode']): { tree: Tree; own: RegExp } | { problems: string[] } {
  const { tree: parsed, problems } = parseJava(source);
  if (problems.length > 0) return { problems };
  const tree = settleEnds(parsed, mode);
  const spans = countSpans(tree);
  if (spans > MOST_SPANS)
    return {
      problems: [
        `its classes have ${spans} ranges of characters together, ${MOST_SPANS} at most; a property such as \\p{L} has hundreds, so repeat it by a count`,
      ],
    };
  const written = writeJavaScript(tree);
  try {
    return { tree, own: new RegExp(mode === 'whole' ? `^(?:${written})$` : written, 'v') };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const says = error.message.replace(/^.*: /, '');
    return { problems: [`it is too large once its counts are written out (${says}); use smaller counts`] };
  }
}

function countSpans(tree: Tree): number {
  if (tree.type === 'set') return tree.set.length;
  if ('items' in tree) return tree.items.reduce((sum, item) => sum + countSpans(item), 0);
  return 'item' in tree ? countSpans(tree.item) : 0;
}

function compileLinear(tree: Tree, mode: Expression['mode']): RE2JS | undefined {
  const written = writeLinear(tree);
  if (written === undefined) return undefined;
  try {
    return RE2JS.compile(mode === 'whole' ? `\\A(?:${written})\\z` : written);
  } catch (error) {
    // Counts within counts that multiply to more than RE2 takes.
    if (error instanceof Error && error.name.startsWith('RE2JS')) return undefined;
    throw error;
  }
}

export const shortened = (source: string): string => (source.length > 200 ? `${source.slice(0, 200)}…` : source);
