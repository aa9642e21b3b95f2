import { buildInvertedIndex, type HashRun } from '../src/identify/inverted-index.ts';
import { HASH_BITS, MOST_HASHES } from '../src/sketch/value-set.ts';
import { readNumbers } from './options.ts';
import { reportBench } from './report.ts';
import { seededRandom } from './seeded-random.ts';

const USAGE = `Looking up columns in all dictionaries at once, beside merging each column with each dictionary. Hashes are drawn, not made of texts:
dictionaries of very unlike sizes, a third of whose terms other dictionaries hold too; columns of as many hashes as a value set
keeps, half of them all of a column's values, so that they lie all over hash space, half the smallest of a larger column. A
pool of columns is looked up in turn.

  node bench/identify-index.ts
  node bench/identify-index.ts --terms 1000000 --columns 10000`;
const options = readNumbers(USAGE, {
  dictionaries: 1_000,
  terms: 10_000_000,
  columns: 100_000,
  pool: 2_000,
  seed: 1,
  merged: 5,
});
const SPACE = 2 ** HASH_BITS;
const next = seededRandom(options.seed);
const draw = (): number => Math.floor(next() * SPACE);

/** So many numbers of hash space, ascending, each once; from what others hold where there is something. */
function drawHashes(count: number, shared: Float64Array): Float64Array {
  const drawn = new Float64Array(count);
  const [own, of] = [shared.length > 0 ? 2 / 3 : 1, shared.length];
  for (let i = 0; i < count; i++) drawn[i] = next() < own ? draw() : (shared[Math.floor(next() * of)] as number);
  return unique(drawn.sort());
}

function unique(sorted: Float64Array): Float64Array {
  let kept = 0;
  for (let i = 0; i < sorted.length; i++)
    if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[kept++] = sorted[i] as number;
  return sorted.slice(0, kept);
}

/** Sizes that fall off as the places of a ranking do: the largest has a seventh of all terms, most some hundreds to thousands. */
function sizesOf(count: number, total: number): number[] {
  const weights = Array.from({ length: count }, (_, i) => 1 / (i + 1));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => Math.max(1, Math.round((weight / sum) * total)));
}

const shared = drawHashes(200_000, new Float64Array(0));
const dictionaries = sizesOf(options.dictionaries, options.terms).map((size) => drawHashes(size, shared));
const terms = dictionaries.reduce((sum, { length }) => sum + length, 0);

/** The k hashes that the value set of a column keeps of whose values a share is in one dictionary. */
function drawColumn(i: number): Float64Array {
  const dictionary = dictionaries[Math.floor(next() * dictionaries.length)] as Float64Array;
  const share = next();
  const reach = i % 2 === 0 ? SPACE : (SPACE * MOST_HASHES) / 10 ** (4 + 3 * next());
  const inReach = dictionary.findLastIndex((hash) => hash < reach) + 1;
  const drawn = new Float64Array(MOST_HASHES);
  for (let at = 0; at < MOST_HASHES; at++)
    drawn[at] =
      next() < share && inReach > 0 ? (dictionary[Math.floor(next() * inReach)] as number) : Math.floor(next() * reach);
  return unique(drawn.sort());
}
const pool = Array.from({ length: Math.min(options.pool, options.columns) }, (_, i) => drawColumn(i));

/** As the store hands them up: runs of 16,384. */
function* runs(): Generator<HashRun> {
  for (const [dictionary, hashes] of dictionaries.entries())
    for (let from = 0; from < hashes.length; from += 16_384)
      yield { dictionary, hashes: hashes.subarray(from, from + 16_384) };
}

const megabytes = (): number => process.memoryUsage().arrayBuffers / 2 ** 20;
globalThis.gc?.();
const before = megabytes();
const buildFrom = performance.now();
const index = await buildInvertedIndex(runs(), dictionaries.length);
const buildSeconds = (performance.now() - buildFrom) / 1000;
globalThis.gc?.();
const indexMb = megabytes() - before;

let [hashes, pairs] = [0, 0];
const cpuBefore = process.cpuUsage();
const from = performance.now();
for (let column = 0; column < options.columns; column++) {
  const of = pool[column % pool.length] as Float64Array;
  hashes += of.length;
  for (const { found } of index.lookUp(of)) pairs += found;
}
const seconds = (performance.now() - from) / 1000;
const cpuSeconds = process.cpuUsage(cpuBefore).user / 1e6;

/** Two sorted lists side by side. */
function merge(a: Float64Array, b: Float64Array): number {
  let [i, j, found] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const [x, y] = [a[i] as number, b[j] as number];
    if (x === y) found++;
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return found;
}
const merged = pool.slice(0, options.merged);
const mergeFrom = performance.now();
const byMerging = merged.map((column) => dictionaries.map((dictionary) => merge(column, dictionary)));
const mergeSeconds = ((performance.now() - mergeFrom) / 1000 / merged.length) * options.columns;
for (const [i, column] of merged.entries()) {
  const found = new Map(index.lookUp(column).map((entry) => [entry.dictionary, entry.found]));
  const unlike = byMerging[i]?.findIndex((count, dictionary) => count !== (found.get(dictionary) ?? 0)) ?? -1;
  if (unlike >= 0) throw new Error(`column ${i} and dictionary ${unlike}: the index and merging disagree`);
}

reportBench('identify-index', { ...options, terms, pool: pool.length }, [
  { what: `building, ${index.entries} hashes`, value: buildSeconds, unit: 's' },
  { what: 'memory of the index', value: indexMb, unit: 'MB', goal: '≤ 1024' },
  {
    what: `${options.columns} columns in ${options.dictionaries} dictionaries`,
    value: seconds,
    unit: 's',
    beside: { what: `merging pairs, from ${merged.length} columns`, value: mergeSeconds },
    goal: '≤ 40',
  },
  { what: '  of that on the processor', value: cpuSeconds, unit: 's' },
  { what: 'building and looking up', value: buildSeconds + seconds, unit: 's', goal: '≤ 60' },
  { what: 'hashes looked up in a second', value: hashes / seconds / 1e6, unit: 'million' },
  { what: 'one hash, on the processor', value: (cpuSeconds / hashes) * 1e9, unit: 'ns' },
  { what: 'found for each column, all dictionaries', value: pairs / options.columns, unit: 'hashes' },
]);
