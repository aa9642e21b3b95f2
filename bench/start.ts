/**
 * How long until `assay serve` answers: from exec of node to 200 on health, on an existing data folder after a clean stop.
 *
 *   node bench/start.ts [runs]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { percentile, reportBench } from './report.ts';
import { type Served, serveAssay, serveBareNode } from './served.ts';

const runs = Number(process.argv[2] ?? 7);
// Of the machine before the bench adds to it: a busy machine explains a slow start.
const loadAverage = Number(loadavg()[0]!.toFixed(1));
const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
const data = join(folder, 'data');

async function measure(start: () => Promise<Served>): Promise<{ listen: number; stop: number }> {
  const server = await start();
  const began = performance.now();
  await server.stop();
  return { listen: server.listeningMs / 1000, stop: (performance.now() - began) / 1000 };
}

try {
  const first = await measure(() => serveAssay(data));
  const listening: number[] = [];
  const stopping: number[] = [];
  const bare: number[] = [];
  for (let run = 0; run < runs; run++) {
    const { listen, stop } = await measure(() => serveAssay(data));
    listening.push(listen);
    stopping.push(stop);
    bare.push((await measure(serveBareNode)).listen);
  }
  const beside = { what: 'an empty HTTP server', value: percentile(bare, 50) };
  reportBench('start', { runs, loadAverage }, [
    { what: 'listening, existing folder, median', value: percentile(listening, 50), unit: 's', beside, goal: '≤ 2' },
    { what: 'listening, existing folder, slowest', value: Math.max(...listening), unit: 's', goal: '≤ 2' },
    { what: 'listening, new folder (makes the database)', value: first.listen, unit: 's' },
    { what: 'stopping on SIGTERM, median', value: percentile(stopping, 50), unit: 's' },
  ]);
} finally {
  await rm(folder, { recursive: true, force: true });
}
