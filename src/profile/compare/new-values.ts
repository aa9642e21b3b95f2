import { STANDARD_ERROR } from '../../sketch/distinct-counter.ts';
import { fromBase64, mergeCounters } from '../../sketch/distinct-counter-codec.ts';
import { fromBase64 as setFromBase64 } from '../../sketch/value-set-codec.ts';
import { isKnown } from '../figure.ts';
import { shareOfSample, Z95 } from '../interval.ts';
import type { ColumnProfile } from '../profile.ts';
import { type Incomparable, incomparable, type ValueChange } from './comparison.ts';
import { namedValues } from './distributions.ts';
import { intervalOf, weaker } from './figures.ts';

/**
 * Values that the one profile has and the other has not. Exact when both name every value they have; else counted by
 * the value sets, which are complete up to 2,560 values and a uniform sample of the values beyond; without them by the
 * union of the distinct counters, which is an estimate: both counters err, by 1.7 % of what they count. Pure.
 */
export function compareValueSets(
  before: ColumnProfile,
  after: ColumnProfile,
): { newValues: ValueChange | Incomparable; vanishedValues: ValueChange | Incomparable } {
  if (before.kind !== after.kind) {
    const none = incomparable(`the type changed from ${before.nativeType} to ${after.nativeType}`);
    return { newValues: none, vanishedValues: none };
  }
  return { newValues: onlyIn(after, before), vanishedValues: onlyIn(before, after) };
}

/** Values of `here` that `there` does not have. */
function onlyIn(here: ColumnProfile, there: ColumnProfile): ValueChange | Incomparable {
  const [mine, other] = [namedValues(here), namedValues(there)];
  const complete = typeof other === 'object' && other.complete;
  const theirs = new Set(complete ? other.values.map(({ value }) => value) : []);
  const named =
    complete && typeof mine === 'object'
      ? mine.values.filter(({ value }) => !theirs.has(value)).map(({ value, count }) => ({ value, count }))
      : [];
  if (complete && typeof mine === 'object' && mine.complete) {
    const basis = weaker(here.topValues!, there.topValues!);
    return { count: named.length, basis, from: 'complete lists', named };
  }
  return fromSets(here, there, named) ?? fromCounters(here, there, named);
}

/**
 * By the value sets: how many of the hashes that both would have kept are not on the other side. Of canonical texts, so values
 * that differ only in case or outer white space are one. Undefined when a set is missing, or too little of the two overlaps.
 */
function fromSets(here: ColumnProfile, there: ColumnProfile, named: ValueChange['named']): ValueChange | undefined {
  if (!here.valueSet || !there.valueSet || !isKnown(here.distinct)) return undefined;
  const [mine, other] = [setFromBase64(here.valueSet), setFromBase64(there.valueSet)];
  // One of them was kept by an earlier version, which hashed in another way.
  if (mine.hash !== other.hash) return undefined;
  const { found, sampled, complete } = mine.containedIn(other);
  if (sampled === 0) return undefined;
  const sample = weaker(here.distinct, there.distinct) === 'sample';
  if (complete) return { count: sampled - found, basis: sample ? 'sample' : 'exact', from: 'value sets', named };
  const all = mine.estimate();
  const count = ((sampled - found) / sampled) * all;
  const { low, high } = shareOfSample(sampled - found, sampled);
  // Two independent estimates, a share and a number: their limits are joined by squares (G. Y. Zou and A. Donner, 2008).
  const ofAll = Z95 * mine.relativeError() * count;
  const most = intervalOf(here.distinct).high;
  return {
    count: Math.round(Math.min(count, most)),
    basis: sample ? 'sample' : 'estimate',
    low: Math.max(Math.floor(count - Math.hypot(count - low * all, ofAll)), 0),
    high: Math.ceil(Math.min(count + Math.hypot(high * all - count, ofAll), most)),
    from: 'value sets',
    named,
  };
}

function fromCounters(
  here: ColumnProfile,
  there: ColumnProfile,
  named: ValueChange['named'],
): ValueChange | Incomparable {
  if (!here.distinctCounter || !there.distinctCounter)
    return incomparable('neither all values nor a distinct counter were kept on both sides');
  if (!isKnown(there.distinct)) return incomparable(there.distinct.unknown);
  if (!isKnown(here.distinct)) return incomparable(here.distinct.unknown);
  const [mine, other] = [fromBase64(here.distinctCounter), fromBase64(there.distinctCounter)];
  const union = mergeCounters(mine, other).estimate();
  // Less what the other counter says, not less the exact count: the errors of the two go the same way, and equal sets give 0.
  const count = union - other.estimate();
  const error = Z95 * STANDARD_ERROR * union;
  const most = intervalOf(here.distinct).high;
  const within = (found: number): number => Math.round(Math.min(most, Math.max(named.length, found)));
  return {
    count: within(count),
    basis: weaker(here.distinct, there.distinct) === 'sample' ? 'sample' : 'estimate',
    low: within(count - error),
    high: within(count + error),
    from: 'distinct counters',
    named,
  };
}
