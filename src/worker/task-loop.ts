import { openDatabase } from '../store/open-database.ts';
import { openSecrets } from '../store/secrets/secrets.ts';
import { doTask, type TaskHost } from './do-task.ts';
import type { ChildSetup, FromChild, ToChild } from './protocol.ts';
import { SharedConnections } from './shared-connections.ts';

/**
 * What a process that does tasks hears and does. It commits its results itself, with the fencing token of the attempt; the worker above
 * renews the lease, so nothing here has to hurry. When the worker is gone, so is it.
 */
let host: TaskHost | undefined;
let current: { id: number; abort: AbortController } | undefined;
/** Kept from one task of a lane to the next. */
const shared = new SharedConnections();

const send = (message: FromChild): void => {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
};

function open(setup: ChildSetup): TaskHost {
  const { db } = openDatabase(setup.connection, { max: 3, applicationName: 'assay-task' });
  return { db, secrets: openSecrets(Buffer.from(setup.secretKey, 'base64')), limits: setup.limits };
}

async function leave(code: number): Promise<never> {
  await host?.db.destroy().catch(() => {});
  process.exit(code);
}

process.on('message', (message: ToChild) => {
  if (message.type === 'setup') host = open(message.setup);
  else if (message.type === 'exit') void leave(0);
  else if (message.type === 'abort') {
    if (current?.id === message.taskId) current.abort.abort(new Error(message.reason));
  } else if (host) {
    const abort = new AbortController();
    const { id } = message.task;
    current = { id, abort };
    const onProgress = (fraction: number): void => send({ type: 'progress', taskId: id, fraction });
    const onLimit = (ms: number, reason: string): void => send({ type: 'limit', taskId: id, ms, reason });
    const { more } = message;
    void doTask(host, message.task, abort.signal, onProgress, { onLimit, shared }).then(async (error) => {
      if (!more) await shared.close();
      current = undefined;
      send(error ? { type: 'broken', taskId: id, error: error.toJSON() } : { type: 'ended', taskId: id });
    });
  }
});
// Without its worker nobody renews the lease: what it does could not be committed. SIGKILL, for an orderly exit would wait for
// a statement that DuckDB is in the middle of, which it does for ever.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// It may have gone while this process was still loading.
if (!process.connected) process.exit(1);
// Ctrl-C reaches the whole group of the terminal; the worker decides when its tasks end.
process.on('SIGINT', () => {});
