import { type CharSet, intersection, LAST_POINT, overlap, single, union } from './char-set.ts';
import { parseJava } from './parse-java.ts';
import { settleEnds } from './settle-ends.ts';
import { EMPTY, type Tree } from './tree.ts';
import { FEW_WAYS, waysOf } from './ways.ts';
import { writeJavaScript } from './write-javascript.ts';

/**
 * The shape of a text, character by character: `0` for a digit, `A` and `a` for letters of ASCII, U+0080 for everything beyond ASCII; the
 * rest stays as it is.
 */
export const shapeOf = (text: string): string =>
  text.replaceAll(DIGITS, '0').replaceAll(CAPITALS, 'A').replaceAll(SMALL, 'a').replaceAll(BEYOND, '\u0080');

const [DIGITS, CAPITALS, SMALL] = [/[0-9]/g, /[A-Z]/g, /[a-z]/g];
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII begins with them
const BEYOND = /[^\x00-\x7f]/gv;

/** What each letter of a shape stands for; the rest of ASCII stands for itself. */
const STANDS_FOR: readonly (readonly [number, CharSet])[] = [
  [0x30, [[0x30, 0x39]]],
  [0x41, [[0x41, 0x5a]]],
  [0x61, [[0x61, 0x7a]]],
  [0x80, [[0x80, LAST_POINT]]],
];
const ITSELF: CharSet = [
  [0, 0x2f],
  [0x3a, 0x40],
  [0x5b, 0x60],
  [0x7b, 0x7f],
];
const SHAPES: CharSet = [
  [0, 0x30],
  [0x3a, 0x41],
  [0x5b, 0x61],
  [0x7b, 0x80],
];

/**
 * An expression that matches the shape of every text that a whole-value expression matches, and of others: what it does not match cannot match
 * the other. Undefined where it could take long, or where the expression cannot be read.
 */
export function shapesOf(source: string): RegExp | undefined {
  if (KEPT.has(source)) return KEPT.get(source);
  const made = make(source);
  if (KEPT.size >= MOST_KEPT) KEPT.delete(KEPT.keys().next().value as string);
  KEPT.set(source, made);
  return made;
}

const KEPT = new Map<string, RegExp | undefined>();
const MOST_KEPT = 10_000;

function make(source: string): RegExp | undefined {
  const { tree, problems } = parseJava(source);
  if (problems.length > 0) return undefined;
  const loose = loosened(settleEnds(tree, 'whole'));
  if (waysOf(loose) > FEW_WAYS) return undefined;
  try {
    return new RegExp(`^(?:${writeJavaScript(loose)})$`, 'v');
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Conditions that take no character are left out, and nothing is held on to: each can only keep a text from matching. */
function loosened(tree: Tree): Tree {
  switch (tree.type) {
    case 'set':
      return { type: 'set', set: shapesIn(tree.set) };
    case 'sequence':
    case 'choice':
      return { type: tree.type, items: tree.items.map(loosened) };
    case 'repeat':
      return { ...tree, item: loosened(tree.item), mode: 'greedy' };
    case 'group':
    case 'atomic':
      return loosened(tree.item);
    case 'look':
    case 'place':
      return EMPTY;
    case 'same':
      return {
        type: 'repeat',
        item: { type: 'set', set: SHAPES },
        least: 0,
        most: Number.POSITIVE_INFINITY,
        mode: 'greedy',
      };
  }
}

const shapesIn = (set: CharSet): CharSet =>
  union([
    intersection(set, ITSELF),
    ...STANDS_FOR.filter(([, of]) => overlap(set, of)).map(([letter]) => single(letter)),
  ]);
