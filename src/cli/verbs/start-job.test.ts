import { expect, test } from 'vitest';
import { startJob } from './start-job.ts';

const terminal = {
  out: () => undefined,
  err: () => undefined,
  interactive: false,
  columns: () => 120,
  signal: new AbortController().signal,
  close: () => undefined,
};
// Nobody listens there: what is refused before the server is asked has another code.
const url = ['--url', 'http://127.0.0.1:1'];

test.each<[string, RegExp, ...string[]]>([
  ['data-profiling', /--source <name>.*or --scope/],
  ['data-profiling', /--source <name>.*or --scope/, '--scope', ','],
  ['metadata/re-ingest', /--source <name>.*or --scope/],
  ['remove-datasource', /--source <name>, or --id/],
])('%s without a place asks for the options that name one', async (type, advice, ...args) => {
  await expect(startJob([type, ...args, ...url], terminal)).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    message: expect.stringMatching(advice),
  });
});

test('what the options or the data name is enough', async () => {
  for (const args of [
    ['--source', 'bank'],
    ['--data', '{"scope":["bank"]}'],
  ])
    await expect(startJob(['data-profiling', ...args, ...url], terminal)).rejects.not.toMatchObject({
      code: 'BAD_REQUEST',
    });
});
