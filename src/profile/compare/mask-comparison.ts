import { type Figure, isKnown } from '../figure.ts';
import type { ColumnProfile } from '../profile.ts';
import { HIDDEN, MASK, maskProfile } from '../shape.ts';
import type { SharedBin } from './bins.ts';
import { OTHERS } from './bins.ts';
import {
  type ColumnComparison,
  type Distance,
  type Drift,
  type Incomparable,
  incomparable,
  isComparable,
} from './comparison.ts';

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
      const of = name.startsWith('length.') ? 'length' : (name as 'min');
      const [a, b] = [hiddenOf(first[of]), hiddenOf(second[of])];
      const hidden = a ?? b;
      if (!hidden) return [name, figure];
      return [name, { before: a ?? figure.before, after: b ?? figure.after, change: incomparable(HIDDEN) }];
    }),
  );
  const meanHidden = [first, second].some(({ mean }) => hiddenOf(mean));
  const named = <T extends ColumnComparison['newValues']>(change: T): T =>
    isComparable(change as object)
      ? { ...change, named: (change as { named: object[] }).named.map((entry) => ({ ...entry, value: MASK })) }
      : change;
  return {
    ...comparison,
    figures,
    // How far the mean of few values moved tells that mean.
    drifts: comparison.drifts.filter(({ code }) => code !== 'MEAN_MOVED' || !meanHidden),
    distribution: maskBins(comparison.distribution),
    newValues: named(comparison.newValues),
    vanishedValues: named(comparison.vanishedValues),
  };
}

/** The figure, where it was hidden. */
function hiddenOf(figure: Figure<unknown> | undefined): Figure<unknown> | undefined {
  if (figure === undefined) return undefined;
  return (isKnown(figure) ? figure.value === MASK : figure.unknown === HIDDEN) ? figure : undefined;
}

/** Drifts of a table, without those that were hidden of its columns. */
export const shownDrifts = (drifts: readonly Drift[], columns: readonly ColumnComparison[]): Drift[] =>
  drifts.filter(
    (drift) =>
      drift.code !== 'MEAN_MOVED' ||
      columns.some(({ name, drifts: of }) => name === drift.column && of.some(({ code }) => code === drift.code)),
  );

function maskBins(distance: Distance | Incomparable): Distance | Incomparable {
  if (!isComparable(distance)) return distance;
  const hide = (bin: SharedBin): SharedBin => (bin.label === OTHERS ? bin : { ...bin, label: MASK });
  return { ...distance, bins: distance.bins.map(hide) };
}
