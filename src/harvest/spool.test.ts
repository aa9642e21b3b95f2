import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { Spool } from './spool.ts';

it('keeps its file when a stream of its lines is destroyed, as by a COPY that fails', async () => {
  const spool = new Spool(tmpdir());
  const bank = { type: 'SCHEMA', path: ['bank'], metadata: {} } as Parameters<Spool['add']>[0];
  await spool.add(bank, true);
  const broken = await spool.read();
  await once(broken, 'readable');
  broken.destroy(new Error('the connection was lost'));
  await once(broken, 'error');
  if (!broken.closed) await once(broken, 'close');
  const lines: string[] = [];
  for await (const chunk of await spool.read()) lines.push(String(chunk));
  expect(lines.join('')).toContain('bank');
  // The number of its file may be that of another by now: it must be closed once only.
  await spool.remove();
});
