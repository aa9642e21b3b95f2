import type { ColumnFacts } from '../src/identify/column-facts.ts';
import { containmentOf } from '../src/identify/scores/similarity.ts';
import { HASH_BITS, MOST_HASHES, ValueSet } from '../src/sketch/value-set.ts';
import { toBytes } from '../src/sketch/value-set-codec.ts';
import { readNumbers } from './options.ts';
import { type Figure, percentile, reportBench } from './report.ts';
import { seededRandom } from './seeded-random.ts';

const USAGE = `Errors of the share of a column's values that are in a dictionary, by how large both are and how large the share is: the estimate of
the value set, which is looked up in all of the dictionary, beside HyperLogLog's, by inclusion and exclusion of as many bytes each. For
each pair of sizes the worst of the shares is told: the error that 95 of 100 runs stay below, and how often the 95 % interval holds the truth.

The hashes of a column's value set are drawn as the smallest of so many uniform ones are, each of them in the dictionary with the chance of its
rank; a HyperLogLog's registers by the law they follow. So no ten million texts are hashed for each run.

  node bench/containment.ts
  node bench/containment.ts --runs 1000`;
const { runs, seed } = readNumbers(USAGE, { runs: 200, seed: 1 });
const SPACE = 2 ** HASH_BITS;
const SIZES = [1e2, 1e3, 1e4, 1e5, 1e6, 1e7];
const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95, 1];
/** Bytes of a HyperLogLog: 8,192 registers of 6 bits take 6 KB, in bytes as many as a value set may take. */
const REGISTERS = 8_192;
const next = seededRandom(seed);

/** The n smallest of `of` uniform numbers of hash space, ascending: each next one is the smallest of those that are left (order statistics). */
function smallest(n: number, of: number): Float64Array {
  const hashes = new Float64Array(n);
  let reached = 0;
  for (let i = 0; i < n; i++) {
    reached += (1 - reached) * -Math.expm1(Math.log1p(-next()) / (of - i));
    const hash = Math.floor(reached * SPACE);
    hashes[i] = i > 0 && hash <= (hashes[i - 1] as number) ? (hashes[i - 1] as number) + 1 : hash;
  }
  return hashes;
}

/** How many of the k smallest are among the `inside` of `of` that are in the dictionary, plus those that only seem to be. */
function drawFound(k: number, inside: number, of: number, terms: number): number {
  const chance = -Math.expm1(terms * Math.log1p(-1 / SPACE));
  let [found, hits, left] = [0, inside, of];
  for (let i = 0; i < k; i++) {
    const isTerm = next() * left < hits;
    left--;
    if (isTerm) hits--;
    if (isTerm || next() < chance) found++;
  }
  return found;
}

const factsOf = (distinct: number, valueSet: ValueSet): ColumnFacts => ({
  entityId: '',
  tableId: '',
  name: '',
  kind: 'text',
  profileId: 0,
  profiledAt: '',
  rows: distinct,
  sampledRows: distinct,
  nonNull: distinct,
  blanks: 0,
  distinct,
  valueSet,
  patterns: { missing: '' },
  values: { missing: '' },
});

/** The largest rank of one register with n values: of each the rank is r with the chance 2^−r, so P(max ≤ r) = (1 − 2^−r)^n. */
function drawRank(n: number): number {
  if (n === 0) return 0;
  const u = next();
  let rank = 0;
  while (rank < 60 && (1 - 2 ** -rank) ** n < u) rank++;
  return rank;
}

/** Registers of so many different values, spread over them evenly but for chance (Poisson's, by the normal law where there are many). */
function drawRegisters(values: number): Uint8Array {
  const registers = new Uint8Array(REGISTERS);
  const mean = values / REGISTERS;
  for (let i = 0; i < REGISTERS; i++) registers[i] = drawRank(poisson(mean));
  return registers;
}

function poisson(mean: number): number {
  if (mean > 50) {
    const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    return Math.max(0, Math.round(mean + normal * Math.sqrt(mean)));
  }
  let [count, product] = [0, next()];
  for (const limit = Math.exp(-mean); product > limit; count++) product *= next();
  return count;
}

const union = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((rank, i) => Math.max(rank, b[i] as number));

/** Flajolet, Fusy, Gandouet, Meunier (2007), with linear counting for few values. */
function cardinality(registers: Uint8Array): number {
  const [sum, empty] = registers.reduce(([s, e], rank) => [s + 2 ** -rank, e + (rank === 0 ? 1 : 0)], [0, 0] as [
    number,
    number,
  ]);
  const estimate = ((0.7213 / (1 + 1.079 / REGISTERS)) * REGISTERS ** 2) / sum;
  return estimate <= 2.5 * REGISTERS && empty > 0 ? REGISTERS * Math.log(REGISTERS / empty) : estimate;
}

/** |A ∩ B| = |A| + |B| − |A ∪ B|, over |A|: three disjoint parts are drawn, and joined as the registers of a union are. */
function byInclusionExclusion(column: number, terms: number, inside: number): number {
  const both = drawRegisters(inside);
  const a = union(both, drawRegisters(column - inside));
  const b = union(both, drawRegisters(terms - inside));
  const of = cardinality(a);
  return Math.min(Math.max((of + cardinality(b) - cardinality(union(a, b))) / of, 0), 1);
}

const figures: Figure[] = [];
let [worst, bytes] = [0, 0];
/** Errors of all columns that are sampled, by the true share: 95 of 100 runs of one cell alone come out above or below by chance. */
const pooled = new Map<number, number[]>();
const [held, counted] = [new Map<boolean, number>(), new Map<boolean, number>()];
for (const column of SIZES) {
  for (const terms of SIZES) {
    let [ours, theirs, at] = [0, 0, 0];
    // A column has no more values in a dictionary than that has terms.
    for (const inside of new Set(SHARES.map((share) => Math.min(Math.round(share * column), terms)))) {
      const truth = inside / column;
      const [errors, others]: number[][] = [[], []];
      for (let run = 0; run < runs; run++) {
        const kept = smallest(Math.min(column, MOST_HASHES), column);
        const set = new ValueSet(kept, column > MOST_HASHES);
        if (run === 0) bytes = Math.max(bytes, toBytes(set).length);
        const found = drawFound(kept.length, inside, column, terms);
        const { similarity } = containmentOf(factsOf(column, set), set, found, terms);
        errors?.push(Math.abs(similarity.value - truth));
        if (set.cut) {
          const holds = similarity.low <= truth + 1e-12 && truth - 1e-12 <= similarity.high;
          const inner = truth < 1;
          counted.set(inner, (counted.get(inner) ?? 0) + 1);
          if (holds) held.set(inner, (held.get(inner) ?? 0) + 1);
        }
        if (run < Math.ceil(runs / 10)) others?.push(Math.abs(byInclusionExclusion(column, terms, inside) - truth));
      }
      const error = percentile(errors ?? [], 95);
      if (error >= ours) [ours, at] = [error, truth];
      if (column > MOST_HASHES) pooled.set(truth, [...(pooled.get(truth) ?? []), ...(errors ?? [])]);
      theirs = Math.max(theirs, percentile(others ?? [], 95));
    }
    worst = Math.max(worst, theirs);
    figures.push({
      what: `column ${column.toExponential(0)} × ${terms.toExponential(0)} terms, worst at ${Number(at.toPrecision(2))}`,
      value: ours,
      unit: 'of 1, at 95 %',
      beside: { what: 'HyperLogLog', value: theirs },
      goal: '≤ 0.02',
    });
  }
}
const most = Math.max(...[...pooled.values()].map((errors) => percentile(errors, 95)));
reportBench(
  'containment',
  { runs, seed, shares: SHARES, hyperLogLogRuns: Math.ceil(runs / 10), registers: REGISTERS },
  [
    {
      what: 'the worst share, all sizes together',
      value: most,
      unit: 'of 1, at 95 %',
      beside: { what: 'HyperLogLog', value: worst },
      goal: '≤ 0.02',
    },
    {
      what: 'largest stored value set',
      value: bytes,
      unit: 'bytes',
      beside: { what: 'HyperLogLog', value: REGISTERS },
      goal: '≤ 8192',
    },
    {
      what: 'intervals that hold a share below 1',
      value: (100 * (held.get(true) ?? 0)) / (counted.get(true) ?? 0),
      unit: '%',
      goal: '94 to 97',
    },
    {
      what: 'intervals that hold a share of 1',
      value: (100 * (held.get(false) ?? 0)) / (counted.get(false) ?? 0),
      unit: '%',
      goal: '≥ 95',
    },
    ...figures,
  ],
);
