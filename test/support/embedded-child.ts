import { createInterface } from 'node:readline';
import { openEmbedded } from '../../src/store/embedded/open-embedded.ts';

/**
 * A process of its own that joins an embedded server. Arguments: data folder. Writes `{"serverPid", "url"}` as one line when it
 * has joined, or `{"code", "message"}` when it could not; leaves when its input ends.
 */
try {
  const embedded = await openEmbedded(process.argv[2]!, { log: (line) => console.error(line) });
  console.log(JSON.stringify({ serverPid: embedded.serverPid(), url: embedded.connectionString() }));
  for await (const _ of createInterface({ input: process.stdin }));
  await embedded.release();
  console.log('"left"');
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  console.log(JSON.stringify({ code, message }));
  process.exitCode = 1;
}
