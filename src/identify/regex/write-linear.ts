import type { CharSet } from './char-set.ts';
import type { Tree } from './tree.ts';

/** RE2 refuses larger counts, for each makes a copy of what it repeats. */
const MOST_COPIES = 1_000;

/**
 * The expression in the syntax of RE2, which takes time in proportion to the text whatever it is; undefined where it needs
 * what RE2 has not: looking ahead or behind, references, what is not given up again, places within lines.
 */
export function writeLinear(tree: Tree): string | undefined {
  switch (tree.type) {
    case 'set':
      return writeSet(tree.set);
    case 'sequence':
      return join(tree.items, '');
    case 'choice': {
      const inner = join(tree.items, '|');
      return inner === undefined ? undefined : `(?:${inner})`;
    }
    case 'group': {
      const inner = writeLinear(tree.item);
      return inner === undefined ? undefined : `(?:${inner})`;
    }
    case 'repeat': {
      const { item, least, most, mode } = tree;
      if (mode === 'possessive' || least > MOST_COPIES || (most > MOST_COPIES && Number.isFinite(most)))
        return undefined;
      const inner = writeLinear(item);
      // Greedy or lazy: whether something matches is the same.
      return inner === undefined ? undefined : `(?:${inner})${timesOf(least, most)}`;
    }
    case 'place':
      if (tree.place.at === 'start') return '\\A';
      if (tree.place.at === 'end') return '\\z';
      if (tree.place.at === 'word' && !tree.place.unicode) return '\\b';
      return tree.place.at === 'not word' && !tree.place.unicode ? '\\B' : undefined;
    default:
      return undefined;
  }
}

function timesOf(least: number, most: number): string {
  if (most === Number.POSITIVE_INFINITY) return least === 0 ? '*' : least === 1 ? '+' : `{${least},}`;
  return least === 0 && most === 1 ? '?' : `{${least},${most}}`;
}

function join(items: readonly Tree[], between: string): string | undefined {
  const written = items.map(writeLinear);
  return written.every((item) => item !== undefined) ? written.join(between) : undefined;
}

function writeSet(set: CharSet): string {
  if (set.length === 0) return '[^\\x{0}-\\x{10ffff}]';
  return `[${set.map(([from, to]) => `\\x{${from.toString(16)}}-\\x{${to.toString(16)}}`).join('')}]`;
}
