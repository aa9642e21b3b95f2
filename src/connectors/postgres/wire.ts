import { isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { AssayError } from '../../errors/assay-error.ts';
import { dial as dialSocket } from '../dial.ts';
import { hostAndPort, isSocket } from '../server-address.ts';
import type { PostgresAddress } from './address.ts';

const SSL_REQUEST = packet(80877103);

/** Opens a bare connection to the server. */
export function dial(address: PostgresAddress, timeoutMs: number, signal?: AbortSignal): Promise<Socket> {
  const { host, port } = address;
  const target = isSocket(host) ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
  return dialSocket(target, at(address), timeoutMs, signal);
}

/**
 * Asks for TLS and says what came back: `offered`, `refused`, or the first bytes of something that is not PostgreSQL. The
 * socket stays open; after `offered` the TLS handshake must follow.
 */
export function askForTls(socket: Socket, address: PostgresAddress, timeoutMs: number): Promise<'offered' | 'refused'> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void): void => {
      clearTimeout(timer);
      socket.removeAllListeners();
      outcome();
    };
    const timer = setTimeout(
      () =>
        settle(() =>
          reject(
            new AssayError(
              'SOURCE_TIMEOUT',
              `${at(address)} accepts connections but stayed silent for ${timeoutMs} ms; expected a PostgreSQL server`,
            ),
          ),
        ),
      timeoutMs,
    );
    socket.once('data', (bytes) =>
      settle(() => {
        if (bytes.length === 1 && bytes[0] === 0x53) resolve('offered');
        else if (bytes.length === 1 && bytes[0] === 0x4e) resolve('refused');
        else reject(notPostgres(address));
      }),
    );
    socket.once('error', (error) => settle(() => reject(error)));
    socket.once('end', () => settle(() => reject(notPostgres(address))));
    socket.write(SSL_REQUEST);
  });
}

/** Tells the server to stop what a session is running. Resolves when the request was handed over, or could not be. */
export async function requestCancel(
  address: PostgresAddress,
  encrypted: boolean,
  key: { processId: number; secretKey: number },
  timeoutMs: number,
): Promise<void> {
  const request = packet(80877102, key.processId, key.secretKey);
  const socket = await dial(address, timeoutMs);
  socket.on('error', () => {});
  if (!encrypted) return finish(socket, request, timeoutMs);
  await askForTls(socket, address, timeoutMs);
  // The request carries a one-time key and no data; whom it goes to was checked when the session was opened.
  const secure = connectTls({
    socket,
    rejectUnauthorized: false,
    ...(isIP(address.host) ? {} : { servername: address.host }),
  });
  secure.on('error', () => {});
  return finish(secure, request, timeoutMs);
}

function finish(socket: Socket, request: Buffer, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.destroy(), timeoutMs);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.resume();
    socket.end(request);
  });
}

export const at = (address: PostgresAddress): string =>
  isSocket(address.host) ? `${address.host}/.s.PGSQL.${address.port}` : hostAndPort(address);

function notPostgres(address: PostgresAddress): AssayError {
  return new AssayError(
    'SOURCE_UNREACHABLE',
    `what answers at ${at(address)} is not a PostgreSQL server; check the port`,
  );
}

function packet(...words: number[]): Buffer {
  const bytes = Buffer.alloc(4 + words.length * 4);
  bytes.writeInt32BE(bytes.length, 0);
  words.forEach((word, index) => {
    bytes.writeInt32BE(word | 0, 4 + index * 4);
  });
  return bytes;
}
