import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Server, type Socket } from 'node:net';

/** Stands between a client and a server, and keeps the first bytes of each connection. */
export class TcpRelay {
  readonly openings: Buffer[] = [];
  readonly #server: Server;
  readonly #sockets: Socket[] = [];

  private constructor(to: NetConnectOpts) {
    this.#server = createServer((client) => {
      const server = connect(to);
      this.#sockets.push(client, server);
      client.once('data', (bytes) => this.openings.push(bytes));
      for (const [one, other] of [
        [client, server],
        [server, client],
      ] as const) {
        one.pipe(other);
        // Either side may be cut off.
        one.on('error', () => other.destroy());
        one.on('close', () => other.destroy());
      }
    });
  }

  static async start(to: NetConnectOpts): Promise<TcpRelay> {
    const relay = new TcpRelay(to);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
