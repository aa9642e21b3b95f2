import { type CharSet, single } from './char-set.ts';
import { LINE_ENDS, wordSet } from './named-sets.ts';
import type { Place, Tree } from './tree.ts';
import { toClass } from './unicode-sets.ts';

/**
 * The expression for JavaScript's own engine, with the flag v alone: what flags of Java do is in its sets. Groups that nothing
 * refers to capture nothing. What may not be given up again is looked ahead for, captured, and then matched as it was: looking
 * ahead never goes back.
 */
export function writeJavaScript(tree: Tree): string {
  const referred = referredGroups(tree);
  let atomics = 0;
  const write = (at: Tree): string => {
    switch (at.type) {
      case 'set':
        return toClass(at.set);
      case 'sequence':
        return at.items.map(write).join('');
      case 'choice':
        return `(?:${at.items.map(write).join('|')})`;
      case 'group':
        return referred.has(at.number) ? `(?<g${at.number}>${write(at.item)})` : `(?:${write(at.item)})`;
      case 'repeat': {
        const { item, least, most, mode } = at;
        const times = `{${least},${most === Number.POSITIVE_INFINITY ? '' : most}}`;
        const greedy = `${item.type === 'set' ? write(item) : `(?:${write(item)})`}${times}`;
        return mode === 'possessive' ? atomic(greedy) : mode === 'lazy' ? `${greedy}?` : greedy;
      }
      case 'atomic':
        return atomic(write(at.item));
      case 'look':
        return `(?${at.ahead ? '' : '<'}${at.negative ? '!' : '='}${write(at.item)})`;
      case 'same':
        return at.anyCase ? `(?i:\\k<g${at.number}>)` : `\\k<g${at.number}>`;
      case 'place':
        return writePlace(at.place);
    }
  };
  const atomic = (inner: string): string => {
    const name = `a${++atomics}`;
    return `(?=(?<${name}>${inner}))\\k<${name}>`;
  };
  return write(tree);
}

function referredGroups(tree: Tree): Set<number> {
  const found = new Set<number>();
  const look = (at: Tree): void => {
    if (at.type === 'same') found.add(at.number);
    else if ('items' in at) at.items.forEach(look);
    else if ('item' in at) look(at.item);
  };
  look(tree);
  return found;
}

/** Not between the two characters of one line end. */
const WITHIN_CRLF = '(?<!\\r(?=\\n))';

function writePlace(place: Place): string {
  switch (place.at) {
    case 'start':
      return '^';
    case 'end':
      return '$';
    case 'last line':
      return place.unixLines ? '(?=\\n?$)' : `${WITHIN_CRLF}(?=(?:\\r\\n|${toClass(LINE_ENDS)})?$)`;
    case 'line start': {
      const after = toClass(lineEnds(place.unixLines));
      return `(?:^|(?<=${after})${place.unixLines ? '' : WITHIN_CRLF})(?!$)`;
    }
    case 'line end':
      return `(?=${toClass(lineEnds(place.unixLines))}|$)${place.unixLines ? '' : WITHIN_CRLF}`;
    case 'word':
    case 'not word': {
      if (!place.unicode) return place.at === 'word' ? '\\b' : '\\B';
      const word = toClass(wordSet(true));
      const [behind, ahead] = [`(?<=${word})`, `(?=${word})`];
      const [notBehind, notAhead] = [`(?<!${word})`, `(?!${word})`];
      return place.at === 'word'
        ? `(?:${behind}${notAhead}|${notBehind}${ahead})`
        : `(?:${behind}${ahead}|${notBehind}${notAhead})`;
    }
  }
}

const lineEnds = (unixLines: boolean): CharSet => (unixLines ? single(10) : LINE_ENDS);
