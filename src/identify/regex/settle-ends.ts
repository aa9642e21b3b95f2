import { LINE_ENDS } from './named-sets.ts';
import type { Tree } from './tree.ts';

/**
 * `$` of Java also holds before a line end that is the last of the text. Where nothing follows it in the expression, that can be
 * said without looking ahead: of a whole value it is the end, in a name the end with a line end before it or none.
 */
export function settleEnds(tree: Tree, mode: 'whole' | 'anywhere'): Tree {
  const settle = (at: Tree, last: boolean): Tree => {
    switch (at.type) {
      case 'place':
        if (!last || at.place.at !== 'last line') return at;
        return mode === 'whole' ? END : { type: 'sequence', items: [lineEnd(at.place.unixLines), END] };
      case 'sequence': {
        // What only tells the end itself may follow.
        let still = last;
        const items = at.items.toReversed().map((item) => {
          const settled = settle(item, still);
          still &&= item.type === 'place' && (item.place.at === 'end' || item.place.at === 'last line');
          return settled;
        });
        return { ...at, items: items.toReversed() };
      }
      case 'choice':
        return { ...at, items: at.items.map((item) => settle(item, last)) };
      case 'group':
        return { ...at, item: settle(at.item, last) };
      case 'repeat':
        return { ...at, item: settle(at.item, last && at.most === 1 && at.mode !== 'possessive') };
      default:
        return at;
    }
  };
  return settle(tree, true);
}

const END: Tree = { type: 'place', place: { at: 'end' } };

const lineEnd = (unixLines: boolean): Tree => ({
  type: 'repeat',
  least: 0,
  most: 1,
  mode: 'greedy',
  item: unixLines
    ? { type: 'set', set: [[10, 10]] }
    : {
        type: 'choice',
        items: [
          {
            type: 'sequence',
            items: [
              { type: 'set', set: [[13, 13]] },
              { type: 'set', set: [[10, 10]] },
            ],
          },
          { type: 'set', set: LINE_ENDS },
        ],
      },
});
