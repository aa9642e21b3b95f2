import type pg from 'pg';
import { CANCEL_CHANNEL, TASK_CHANNEL } from './settings.ts';

export interface ListenHandlers {
  onTask(affinity: string): void;
  onCancel(jobId: string): void;
  /** The connection broke; it is opened again by itself. */
  onLost(error: Error): void;
}

const REOPEN_MS = 1_000;

/** Keeps one connection that waits for notifications. What is missed while it is away, polling finds. */
export function listen(pool: pg.Pool, handlers: ListenHandlers): { close(): Promise<void> } {
  let closed = false;
  let client: pg.PoolClient | undefined;
  let timer: NodeJS.Timeout | undefined;

  const lost = (error: Error): void => {
    if (!client) return;
    client.removeAllListeners('notification');
    client.release(error);
    client = undefined;
    if (closed) return;
    handlers.onLost(error);
    timer = setTimeout(open, REOPEN_MS);
  };
  const open = (): void => {
    pool.connect().then(
      async (opened) => {
        // Closed while it was being opened: kept, it would hold the end of the pool for ever.
        if (closed) {
          opened.release(true);
          return;
        }
        client = opened;
        opened.on('error', lost);
        opened.on('end', () => lost(new Error('the connection ended')));
        opened.on('notification', ({ channel, payload = '' }) => {
          if (channel === TASK_CHANNEL) handlers.onTask(payload);
          else if (channel === CANCEL_CHANNEL) handlers.onCancel(payload);
        });
        await opened.query(`LISTEN ${TASK_CHANNEL}; LISTEN ${CANCEL_CHANNEL}`).catch(lost);
        // What came before the LISTEN took effect.
        handlers.onTask('*');
      },
      (error: Error) => {
        if (closed) return;
        handlers.onLost(error);
        timer = setTimeout(open, REOPEN_MS);
      },
    );
  };
  open();

  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      client?.removeAllListeners('notification');
      client?.release(true);
      client = undefined;
    },
  };
}
