import { expect, test } from 'vitest';
import { VerbBench } from '../../../test/support/verb-bench.ts';
import { describeError, exitCodeOf } from '../exit-codes.ts';
import { watch } from '../verbs/jobs.ts';

const bench = new VerbBench();

test('a sign-in that ends while a job is watched is told as such, with what to do', async () => {
  let closed = false;
  const context = await bench.against((request, response) => {
    const path = request.url!.split('?')[0]!;
    if (path.endsWith('/stream')) {
      closed = true;
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 10\n\n');
      setImmediate(() => response.end());
    } else if (closed) response.writeHead(401).end('{"code":"UNAUTHENTICATED","message":"The token ran out."}');
    else {
      const status = {
        workerId: 'j',
        workerName: 'COUNT',
        activity: 'Count',
        status: 'RUNNING',
        progress: 1,
        message: '',
      };
      const statistics = { total: 1, done: 0, failed: 0, skipped: 0 };
      response.end(JSON.stringify(path.endsWith('/status') ? { ...status, statistics, scope: {} } : { data: [] }));
    }
  });
  const error = await watch(context, 'j').catch((thrown: unknown) => thrown);
  expect(describeError(error)).toMatch(
    /^assay: Your sign-in at http:\S+ ended \(The token ran out\)\. The job goes on\. Sign in again with: assay login --url http:\S+ \(or .*\); then follow it with: assay jobs watch j\n$/,
  );
  expect(exitCodeOf(error)).toBe(3);
  expect(bench.said.join('')).not.toContain('connection lost');
});
