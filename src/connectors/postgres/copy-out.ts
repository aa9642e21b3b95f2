import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { Connection, Submittable } from 'pg';
import { CopyMessages } from './copy-messages.ts';

/** The server sends 8 KB at a time. Handed on in blocks, they cost whoever reads them a thirtieth of the wakeups. */
const BLOCK_BYTES = 2 ** 18;
/** Read ahead of whoever takes them. */
const AHEAD_BYTES = 2 ** 20;

type OnPacket = (packet: Buffer) => void;

/**
 * The rows of a COPY … TO STDOUT as bytes, run by `client.query(new CopyOut(sql))`. While rows come the driver is not asked: it makes
 * a message of each, which takes as long as all else on our side. What comes behind them is the driver's again. Fails with what the
 * server says; given up early, it takes no more and leaves it to others to stop the statement.
 */
export class CopyOut extends Readable implements Submittable {
  readonly #sql: string;
  readonly #toError: (thrown: unknown) => Error;
  readonly #messages = new CopyMessages(BLOCK_BYTES, (block) => {
    if (!this.push(block) && !this.destroyed) this.#socket?.pause();
  });
  #socket: Socket | undefined;

  /** @param toError what the driver says → what readers are told */
  constructor(sql: string, toError: (thrown: unknown) => Error) {
    super({ highWaterMark: AHEAD_BYTES });
    this.#sql = sql;
    this.#toError = toError;
  }

  submit(connection: Connection): void {
    const socket = connection.stream as Socket;
    const [ofDriver, ...others] = socket.listeners('data') as OnPacket[];
    if (!ofDriver || others.length > 0) throw new Error('the driver was expected to be the only reader of its socket');
    const onPacket = (packet: Buffer): void => {
      const end = this.#messages.take(packet);
      if (end === undefined) return;
      socket.off('data', onPacket);
      socket.on('data', ofDriver);
      // An error is told by the driver, in `handleError`.
      if (packet[end] === COPY_DONE) {
        this.push(Buffer.from(this.#messages.rest()));
        this.push(null);
      }
      this.#socket = undefined;
      socket.resume();
      ofDriver(packet.subarray(end));
    };
    socket.off('data', ofDriver);
    socket.on('data', onPacket);
    this.#socket = socket;
    connection.query(this.#sql);
  }

  override _read(): void {
    this.#socket?.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    // What the server still sends has to be read, or it never hears that it is to stop.
    this.#socket?.resume();
    done(error);
  }

  handleError(error: unknown): void {
    this.destroy(this.#toError(error));
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {}
}

const COPY_DONE = 0x63;
