import { type CharSet, NOTHING, overlap, union } from './char-set.ts';
import type { Tree } from './tree.ts';

/**
 * With no more ways than these an engine that goes back takes no longer than so many times the length of the text, from each place
 * where it begins.
 */
export const FEW_WAYS = 500;

/**
 * In how many ways, at most, an engine that goes back when it fails can walk through an expression. 1: at every choice the next
 * character decides, so that each other way fails at once. A choice that it does not decide multiplies them by the number of
 * its branches; a repetition without end that it does not decide makes them infinite, and so does a reference to a group.
 *
 * @source the one-unambiguous expressions of A. Brüggemann-Klein and D. Wood (1998), counted where they are not
 */
export function waysOf(tree: Tree): number {
  const atMost = countBranches(tree);
  return atMost <= FEW_WAYS ? atMost : count(tree, NOTHING, false);
}

/** As if no character decided anything: enough for most expressions, and needs no sets of characters. */
function countBranches(tree: Tree): number {
  switch (tree.type) {
    case 'set':
    case 'place':
      return 1;
    case 'sequence':
      return tree.items.reduce((ways, item) => ways * countBranches(item), 1);
    case 'choice':
      return tree.items.reduce((ways, item) => ways + countBranches(item), 0);
    case 'group':
    case 'atomic':
      return countBranches(tree.item);
    case 'look':
      return 1 + countBranches(tree.item);
    case 'repeat':
      return (tree.most - tree.least + 1) * countBranches(tree.item) ** tree.most;
    case 'same':
      return Number.POSITIVE_INFINITY;
  }
}

/** @param follow the characters that may come behind; `endless`: within a repetition without end */
function count(tree: Tree, follow: CharSet, endless: boolean): number {
  switch (tree.type) {
    case 'set':
    case 'place':
      return 1;
    case 'sequence': {
      let ways = 1;
      let behind = follow;
      for (const item of tree.items.toReversed()) {
        ways *= count(item, behind, endless);
        behind = isNullable(item) ? union([firstOf(item), behind]) : firstOf(item);
      }
      return ways;
    }
    case 'choice': {
      const within = tree.items.map((item) => count(item, follow, endless));
      return decided(tree.items, follow) ? Math.max(...within) : within.reduce((sum, ways) => sum + ways, 0);
    }
    case 'group':
      return count(tree.item, follow, endless);
    case 'repeat': {
      const { item, least, most, mode } = tree;
      const unlimited = most === Number.POSITIVE_INFINITY;
      const behind = mode === 'possessive' ? NOTHING : follow;
      const inner = count(item, most > 1 ? union([firstOf(item), behind]) : behind, endless || unlimited);
      if (least === most) return inner ** most;
      if (isNullable(item)) return unlimited ? Number.POSITIVE_INFINITY : (inner + 1) ** most;
      const clear = !overlap(firstOf(item), behind);
      if (unlimited) return clear && inner === 1 ? 1 : Number.POSITIVE_INFINITY;
      return (clear ? 1 : most - least + 1) * inner ** most;
    }
    case 'atomic':
      return count(tree.item, NOTHING, endless);
    case 'look':
      // At each turn of a repetition it would look through the whole text again.
      return endless && isEndless(tree.item) ? Number.POSITIVE_INFINITY : 1 + count(tree.item, NOTHING, endless);
    case 'same':
      return Number.POSITIVE_INFINITY;
  }
}

/** The next character tells which branch it must be; of those that may be empty there is one at most. */
function decided(items: readonly Tree[], follow: CharSet): boolean {
  if (items.filter(isNullable).length > 1) return false;
  const firsts = items.map((item) => (isNullable(item) ? union([firstOf(item), follow]) : firstOf(item)));
  return firsts.every((first, i) => firsts.slice(i + 1).every((other) => !overlap(first, other)));
}

function isEndless(tree: Tree): boolean {
  if (tree.type === 'repeat' && tree.most === Number.POSITIVE_INFINITY) return true;
  if ('items' in tree) return tree.items.some(isEndless);
  return 'item' in tree && isEndless(tree.item);
}

/** It can match nothing at all. */
function isNullable(tree: Tree): boolean {
  switch (tree.type) {
    case 'set':
      return false;
    case 'sequence':
      return tree.items.every(isNullable);
    case 'choice':
      return tree.items.some(isNullable);
    case 'group':
    case 'atomic':
      return isNullable(tree.item);
    case 'repeat':
      return tree.least === 0 || isNullable(tree.item);
    default:
      return true;
  }
}

const FIRSTS = new WeakMap<Tree, CharSet>();

/** The characters that a match can begin with; too many rather than too few. */
function firstOf(tree: Tree): CharSet {
  const known = FIRSTS.get(tree);
  if (known) return known;
  const found = findFirst(tree);
  FIRSTS.set(tree, found);
  return found;
}

function findFirst(tree: Tree): CharSet {
  switch (tree.type) {
    case 'set':
      return tree.set;
    case 'sequence': {
      const firsts: CharSet[] = [];
      for (const item of tree.items) {
        firsts.push(firstOf(item));
        if (!isNullable(item)) break;
      }
      return union(firsts);
    }
    case 'choice':
      return union(tree.items.map(firstOf));
    case 'group':
    case 'atomic':
    case 'repeat':
      return firstOf(tree.item);
    default:
      return NOTHING;
  }
}
