import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setInterval } from 'node:timers';
import { importUpload } from '../src/methods/import/import-upload.ts';
import { termHash } from '../src/sketch/term-hash.ts';
import { migrate } from '../src/store/migrate.ts';
import { openStore } from '../src/store/open-store.ts';
import { readNumbers } from './options.ts';
import { reportBench } from './report.ts';
import { treeOf, treePssMb } from './served.ts';

const USAGE = `How long it takes to build a dictionary from a CSV of one column: reading, hashing, sorting, packing, storing in the embedded PostgreSQL,
in one transaction. Beside it a bare run: reading the same file line by line and hashing each line, and nothing else. Memory is the
largest proportional set size of this process and of PostgreSQL, looked at four times a second.

  node bench/dictionary-build.ts
  node bench/dictionary-build.ts --terms 100000`;
const { terms } = readNumbers(USAGE, { terms: 10_000_000 });

const loadAverage = Number(loadavg()[0]!.toFixed(1));
const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
const file = join(folder, 'terms.csv');
const store = await openStore({ dataDir: join(folder, 'data'), applicationName: 'bench', log: () => {} });
const actor = { id: '0199f3a2-7c11-7bb2-9b1d-5a0f0f6ad001', username: 'bench' };

/** Names of places that there are not: two words of syllables and a number, 13 to 25 characters, each different. */
function* lines(): Generator<string> {
  const syllables = [
    'ba',
    'lo',
    'mer',
    'tin',
    'sa',
    'ven',
    'kor',
    'di',
    'pru',
    'ni',
    'gal',
    'ost',
    'wen',
    'ra',
    'chi',
    'ul',
  ];
  const word = (n: number): string => {
    const text = `${syllables[n & 15]}${syllables[(n >> 4) & 15]}${syllables[(n >> 8) & 15]}`;
    return text.charAt(0).toUpperCase() + text.slice(1);
  };
  let piece = 'Term\n';
  for (let i = 0; i < terms; i++) {
    piece += `${word(i)} ${word((i * 2_654_435_761) >>> 16)} ${i}\n`;
    if (piece.length < 65_536) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

async function timed(work: () => Promise<void>): Promise<{ seconds: number; cpuSeconds: number }> {
  const [before, from] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - from) / 1000, cpuSeconds: (user + system) / 1e6 };
}

/** Kept, so that hashing is not left out. */
let smallest = Number.POSITIVE_INFINITY;
async function readAndHash(): Promise<void> {
  let rest = '';
  for await (const piece of createReadStream(file, { encoding: 'utf8' })) {
    const all = (rest + piece).split('\n');
    rest = all.pop() ?? '';
    for (const line of all) smallest = Math.min(smallest, termHash(line));
  }
}

try {
  await migrate(store.pool);
  await pipeline(Readable.from(lines()), createWriteStream(file));
  const postmaster = Number(readFileSync(join(folder, 'data/pg/cluster/postmaster.pid'), 'utf8').split('\n')[0]);
  const bare = await timed(readAndHash);
  const delay = monitorEventLoopDelay({ resolution: 10 });
  let [ours, database] = [0, 0];
  const watch = setInterval(() => {
    const held = treePssMb([postmaster]);
    ours = Math.max(ours, treePssMb([process.pid]) - (treeOf([process.pid]).includes(postmaster) ? held : 0));
    database = Math.max(database, held);
  }, 250);
  delay.enable();
  const built = await timed(async () => {
    const [verdict] = await importUpload(
      store.db,
      { type: 'csv', file, name: 'Places' },
      { kind: 'dictionary', actor },
    );
    if (verdict?.verdict !== 'created' || verdict.terms !== terms)
      throw new Error(`the dictionary is not whole: ${JSON.stringify(verdict)}`);
  });
  delay.disable();
  clearInterval(watch);
  const { rows } = await store.pool.query<{ texts: number; hashes: number }>(
    `SELECT pg_total_relation_size('term_chunk')::float8 / 1048576 AS texts, pg_total_relation_size('term_hashes')::float8 / 1048576 AS hashes`,
  );
  const beside = (value: number) => ({ what: 'reading and hashing alone', value });
  const of = terms === 10_000_000 ? { goal: '≤ 30' } : {};
  reportBench('dictionary-build', { terms, fileMb: Math.round((await stat(file)).size / 2 ** 20), loadAverage }, [
    { what: 'building', value: built.seconds, unit: 's', beside: beside(bare.seconds), ...of },
    { what: 'processor time, this process', value: built.cpuSeconds, unit: 'CPU s', beside: beside(bare.cpuSeconds) },
    { what: 'longest wait of others in this process', value: delay.max / 1e6, unit: 'ms' },
    { what: 'memory, this process', value: ours, unit: 'MB PSS' },
    { what: 'memory, embedded PostgreSQL', value: database, unit: 'MB PSS' },
    { what: 'stored texts', value: rows[0]!.texts, unit: 'MB' },
    { what: 'stored hashes', value: rows[0]!.hashes, unit: 'MB' },
  ]);
} finally {
  await store.close();
  await rm(folder, { recursive: true, force: true });
}
