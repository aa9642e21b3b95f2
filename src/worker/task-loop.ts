import { openDatabase } from '../store/open-database.ts';
import { openSecrets } from '../store/secrets/secrets.ts';
import type { TaskHost } from './do-task.ts';
import type { ChildSetup, FromChild, ToChild } from './protocol.ts';
import { TaskRunner } from './task-runner.ts';

/**
 * What a process that does tasks hears and does. It commits its results itself, with the fencing token of the attempt; the worker above
 * renews the lease, so nothing here has to hurry. When the worker is gone, so is it.
 */
let host: TaskHost | undefined;
let runner: TaskRunner | undefined;

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
  if (message.type === 'setup') {
    host = open(message.setup);
    runner = new TaskRunner(host, {
      onProgress: (taskId, fraction) => send({ type: 'progress', taskId, fraction }),
      onLimit: (taskId, ms, reason) => send({ type: 'limit', taskId, ms, reason }),
      onRan: (taskId) => send({ type: 'ran', taskId }),
      onEnd: (tasks, error) => {
        const taskIds = tasks.map(({ id }) => id);
        send(error ? { type: 'broken', taskIds, error: error.toJSON() } : { type: 'ended', taskIds });
      },
      onUncommitted: (tasks) => send({ type: 'uncommitted', taskIds: tasks.map(({ id }) => id) }),
    });
  } else if (message.type === 'exit') void leave(0);
  else if (message.type === 'abort') runner?.abort(message.taskId, message.reason);
  else if (message.type === 'last') void runner?.last();
  else {
    if (message.confirm) send({ type: 'begun', taskId: message.task.id });
    void runner?.run(message.task, message.more);
  }
});
// Without its worker nobody renews the lease: what it does could not be committed. SIGKILL, for an orderly exit would wait for
// a statement that DuckDB is in the middle of, which it does for ever.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// It may have gone while this process was still loading.
if (!process.connected) process.exit(1);
// Ctrl-C reaches the whole group of the terminal; the worker decides when its tasks end.
process.on('SIGINT', () => {});
