import { isKnown } from '../figure.ts';
import type { ColumnProfile } from '../profile.ts';
import { MASK, maskProfile } from '../shape.ts';
import type { SharedBin } from './bins.ts';
import { OTHERS } from './bins.ts';
import { type ColumnComparison, type Distance, type Incomparable, incomparable, isComparable } from './comparison.ts';

/**
 * A comparison for those who may not see samples: what `maskProfile` hides of either profile is hidden here, and so are the
 * differences of what is hidden, the edges and names of bins, and the names of new and vanished values. Counts, shares and distances stay.
 */
export function maskComparison(
  comparison: ColumnComparison,
  before: ColumnProfile,
  after: ColumnProfile,
): ColumnComparison {
  const [first, second] = [maskProfile(before), maskProfile(after)];
  const figures = Object.fromEntries(
    Object.entries(comparison.figures).map(([name, figure]) => {
      const [a, b] = [first[name as 'min'], second[name as 'min']];
      const hidden = [a, b].some((side) => isKnown(side) && side.value === MASK);
      if (!hidden) return [name, figure];
      return [name, { before: a ?? figure.before, after: b ?? figure.after, change: incomparable(HIDDEN) }];
    }),
  );
  const named = <T extends ColumnComparison['newValues']>(change: T): T =>
    isComparable(change as object)
      ? { ...change, named: (change as { named: object[] }).named.map((entry) => ({ ...entry, value: MASK })) }
      : change;
  return {
    ...comparison,
    figures,
    distribution: maskBins(comparison.distribution),
    newValues: named(comparison.newValues),
    vanishedValues: named(comparison.vanishedValues),
  };
}

export const HIDDEN = 'its values are shown only to those with the right viewSamples';

function maskBins(distance: Distance | Incomparable): Distance | Incomparable {
  if (!isComparable(distance)) return distance;
  const hide = (bin: SharedBin): SharedBin => (bin.label === OTHERS ? bin : { ...bin, label: MASK });
  return { ...distance, bins: distance.bins.map(hide) };
}
