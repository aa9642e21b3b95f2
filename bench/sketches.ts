import { type DistinctCounter, REGISTERS, STANDARD_ERROR } from '../src/sketch/distinct-counter.ts';
import { emptyCounter, toBytes } from '../src/sketch/distinct-counter-codec.ts';
import { valueHash } from '../src/sketch/value-hash.ts';
import { MOST_HASHES, ValueSet } from '../src/sketch/value-set.ts';
import { toBytes as setBytes, valueSetHash } from '../src/sketch/value-set-codec.ts';
import { readNumbers } from './options.ts';
import { type Figure, reportBench } from './report.ts';
import { seededRandom } from './seeded-random.ts';

const USAGE = `Sketches: relative error and stored bytes of the distinct counter over many seeds, beside plain HyperLogLog with as many registers
of a byte each, and of the value set's estimate. Registers are drawn by the law that hashes follow instead of hashing ten
million values a thousand times; real hashes of 10,000 and 100,000 values are measured beside it.

  node bench/sketches.ts
  node bench/sketches.ts --seeds 100`;
const { seeds } = readNumbers(USAGE, { seeds: 1_000 });

/** Bits of a random word. */
function ones(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * How many of n fall on one side of an even chance: counted bit by bit up to 4,096, beyond by the normal law, which at that size
 * differs from the binomial by less than 0.0001 anywhere.
 */
function halve(n: number, next: () => number): number {
  if (n > 4_096) {
    const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    return Math.min(n, Math.max(0, Math.round(n / 2 + (normal * Math.sqrt(n)) / 2)));
  }
  let count = 0;
  let left = n;
  for (; left >= 32; left -= 32) count += ones(Math.floor(next() * 2 ** 32));
  return left === 0 ? count : count + ones(Math.floor(next() * 2 ** 32) >>> (32 - left));
}

/** The masks of all buckets after n hashes: each bucket gets its share by halving eleven times, and rank r half of what is left. */
function drawMasks(n: number, next: () => number): bigint[] {
  let buckets = [n];
  while (buckets.length < REGISTERS) {
    buckets = buckets.flatMap((count) => {
      const left = halve(count, next);
      return [left, count - left];
    });
  }
  return buckets.map((count) => {
    let mask = 0n;
    for (let [rank, left] = [0n, count]; left > 0 && rank < 54n; rank++) {
      const here = halve(left, next);
      if (here > 0) mask |= 1n << rank;
      left -= here;
    }
    return mask;
  });
}

/** HyperLogLog with linear counting for small numbers (Flajolet, Fusy, Gandouet, Meunier 2007), from the highest rank of each register. */
function plainHyperLogLog(counter: DistinctCounter): number {
  const alpha = 0.7213 / (1 + 1.079 / REGISTERS);
  const sum = counter.registers.reduce((total, register) => total + 2 ** -(register >> 2), 0);
  const estimate = (alpha * REGISTERS ** 2) / sum;
  const empty = counter.registers.filter((register) => register === 0).length;
  return estimate <= 2.5 * REGISTERS && empty > 0 ? REGISTERS * Math.log(REGISTERS / empty) : estimate;
}

const rootMeanSquare = (errors: readonly number[]): number =>
  Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const figures: Figure[] = [];
for (const n of [1e2, 1e4, 1e6, 1e7]) {
  const [ours, plain, stated]: number[][] = [[], [], []];
  let bytes = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const counter = emptyCounter();
    drawMasks(n, seededRandom(seed)).forEach((mask, bucket) => void counter.addMask(bucket, mask));
    ours?.push(counter.estimate() / n - 1);
    plain?.push(plainHyperLogLog(counter) / n - 1);
    stated?.push(counter.relativeError());
    bytes = Math.max(bytes, toBytes(counter).length);
  }
  figures.push(
    {
      what: `distinct counter at ${n.toExponential(0)}: relative error`,
      value: 100 * rootMeanSquare(ours ?? []),
      unit: '%',
      beside: { what: 'HyperLogLog, 2,048 bytes', value: 100 * rootMeanSquare(plain ?? []) },
      goal: '≤ 2',
    },
    { what: '  bias', value: 100 * mean(ours ?? []), unit: '%' },
    { what: '  error that it states', value: 100 * mean(stated ?? []), unit: '%' },
    { what: '  largest stored form', value: bytes, unit: 'bytes', goal: '≤ 2048' },
  );
}

for (const [n, runs] of [
  [1e4, Math.min(seeds, 200)],
  [1e5, Math.min(seeds, 40)],
] as const) {
  const [hashed, drawn, sets]: number[][] = [[], [], []];
  let bytes = 0;
  for (let seed = 1; seed <= runs; seed++) {
    const counter = emptyCounter();
    const texts = Array.from({ length: n }, (_, i) => `seed ${seed} value ${i}`);
    for (const text of texts) counter.add(valueHash(text));
    hashed?.push(counter.estimate() / n - 1);
    const other = emptyCounter();
    drawMasks(n, seededRandom(seed)).forEach((mask, bucket) => void other.addMask(bucket, mask));
    drawn?.push(other.estimate() / n - 1);
    if (seed > 40) continue;
    const set = new ValueSet(texts.map(valueSetHash));
    sets?.push(set.estimate() / n - 1);
    bytes = Math.max(bytes, setBytes(set).length);
  }
  const label = n.toExponential(0);
  figures.push(
    {
      what: `real hashes at ${label}, ${runs} seeds: relative error`,
      value: 100 * rootMeanSquare(hashed ?? []),
      unit: '%',
      beside: { what: 'drawn registers', value: 100 * rootMeanSquare(drawn ?? []) },
    },
    {
      what: `value set at ${label}, ${sets?.length} seeds: relative error`,
      value: 100 * rootMeanSquare(sets ?? []),
      unit: '%',
      beside: { what: '1/√(k − 2)', value: 100 / Math.sqrt(MOST_HASHES - 2) },
    },
    { what: '  largest stored form', value: bytes, unit: 'bytes', goal: '≤ 8192' },
  );
}
reportBench('sketches', { seeds, statedStandardError: STANDARD_ERROR }, figures);
