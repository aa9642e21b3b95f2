import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import type { VerbContext } from '../../src/cli/verb-context.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { TestApi } from './test-api.ts';

/** Runs a verb of the command line against a server, mostly one that answers as told, with a terminal that keeps what is said. */
export class VerbBench {
  readonly said: string[] = [];
  #server: Server | undefined;

  constructor() {
    afterEach(() => {
      this.#server?.close();
      this.said.length = 0;
    });
  }

  async against(answer: RequestListener): Promise<VerbContext> {
    const server = createServer(answer);
    this.#server = server;
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    return this.at((server.address() as AddressInfo).port, 'any');
  }

  /** Against a real API, as one of its stewards. */
  async asSteward(api: TestApi, columns: number): Promise<VerbContext> {
    await api.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = api.app.server.address() as AddressInfo;
    const { token } = await api.signUp('data_steward');
    return this.at(port, token, columns);
  }

  /** Against a server that runs already. */
  at(port: number, token: string, columns = 120): VerbContext {
    const say = (text: string): void => void this.said.push(text);
    const terminal = {
      out: say,
      err: say,
      interactive: false,
      columns: () => columns,
      signal: new AbortController().signal,
      close: () => undefined,
    };
    const env = { ASSAY_URL: `http://127.0.0.1:${port}`, ASSAY_TOKEN: token };
    return { terminal, config: loadConfig({ env }), json: false };
  }
}
