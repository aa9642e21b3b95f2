import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { AssayError } from '../errors/assay-error.ts';

/**
 * Opens a bare connection. Rejects with the system's error, or SOURCE_UNREACHABLE after `timeoutMs` of silence.
 *
 * @param at the place in the words of a message
 */
export function dial(target: NetConnectOpts, at: string, timeoutMs: number, signal?: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(target);
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.destroy();
      reject(error);
    };
    const abort = (): void => fail(new AssayError('CANCELLED', 'the work was cancelled while connecting'));
    const timer = setTimeout(() => fail(silent(at, timeoutMs)), timeoutMs);
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort, { once: true });
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.removeListener('error', fail);
      resolve(socket);
    });
  });
}

export function silent(at: string, timeoutMs: number): AssayError {
  return new AssayError(
    'SOURCE_UNREACHABLE',
    `${at} did not answer within ${timeoutMs} ms; a firewall may drop the packets, or host or port are wrong`,
  );
}
