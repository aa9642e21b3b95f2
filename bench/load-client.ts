import { Agent, type ClientRequest, request } from 'node:http';
import { type LoadGround, type LoadKind, type LoadRequest, makeMix, toSequence } from './load-mix.ts';

/**
 * The clients, in a process of their own: requests at a constant rate whether or not earlier ones have been answered, each
 * timed from the moment it was due. A server that stalls is so charged with every request that it kept from being sent in
 * time (no coordinated omission); being late ourselves is charged to it as well.
 */
export interface LoadOrder {
  port: number;
  token: string;
  /** Requests per second. */
  rate: number;
  seconds: number;
  /** Without it all requests ask for `/health`. */
  ground: LoadGround | undefined;
}

export interface LoadReport {
  /** Milliseconds from due to the last byte, by kind, errors included. */
  latencies: Record<string, number[]>;
  /** Kind and what it was, with how often. */
  errors: Record<string, number>;
  startedJobs: string[];
  /** Processor time of these clients, in seconds. */
  cpuSeconds: number;
  /** 99th percentile of how late we sent, in milliseconds. */
  lateMs: number[];
}

/** Longer than the server lets a request take. */
const TIMEOUT_MS = 30_000;
const HEALTH: LoadKind = { what: 'health', share: 1, next: () => ({ method: 'GET', path: '/health' }) };

process.once('message', (order: LoadOrder) => {
  void run(order).then((report) => process.send!(report, () => process.disconnect()));
});

async function run(order: LoadOrder): Promise<LoadReport> {
  const report: LoadReport = { latencies: {}, errors: {}, startedJobs: [], cpuSeconds: 0, lateMs: [] };
  const kinds = order.ground ? makeMix(order.ground, (id) => report.startedJobs.push(id)) : [HEALTH];
  const sequence = toSequence(kinds);
  const agent = new Agent({ keepAlive: true });
  const headers = { authorization: `Bearer ${order.token}` };
  const count = order.rate * order.seconds;
  const cpuBefore = process.cpuUsage();
  const beganMs = performance.now();
  const answers: Promise<void>[] = [];
  const one = async (kind: LoadKind, dueMs: number): Promise<void> => {
    report.lateMs.push(performance.now() - dueMs);
    const error = await ask({ port: order.port, agent, headers }, kind.next());
    report.latencies[kind.what] ??= [];
    report.latencies[kind.what]!.push(performance.now() - dueMs);
    if (error === undefined) return;
    const name = `${kind.what}: ${error}`;
    report.errors[name] = (report.errors[name] ?? 0) + 1;
  };
  await new Promise<void>((resolve) => {
    const sendDue = (): void => {
      const nowMs = performance.now() - beganMs;
      while (answers.length < count && (answers.length / order.rate) * 1000 <= nowMs) {
        const at = answers.length;
        answers.push(one(sequence[at % sequence.length]!, beganMs + (at / order.rate) * 1000));
      }
      if (answers.length >= count) resolve();
      else setTimeout(sendDue, Math.max(0, (answers.length / order.rate) * 1000 - (performance.now() - beganMs)));
    };
    sendDue();
  });
  await Promise.all(answers);
  agent.destroy();
  const cpu = process.cpuUsage(cpuBefore);
  report.cpuSeconds = (cpu.user + cpu.system) / 1e6;
  return report;
}

interface Target {
  port: number;
  agent: Agent;
  headers: Record<string, string>;
}

/** @returns what was wrong with the answer, if anything */
function ask(target: Target, { method, path, body, onAnswer }: LoadRequest): Promise<string | undefined> {
  const payload = body ? JSON.stringify(body) : '';
  const { port, agent } = target;
  const headers = payload
    ? { ...target.headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }
    : target.headers;
  return new Promise((resolve) => {
    const call: ClientRequest = request(
      { host: '127.0.0.1', port, agent, method, path: `/api/public${path}`, headers, timeout: TIMEOUT_MS },
      (response) => {
        const { statusCode = 0 } = response;
        const good = statusCode >= 200 && statusCode < 300;
        const chunks: Buffer[] = [];
        if (good && !onAnswer) response.resume();
        else response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', (error) => resolve(error.message));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (good) onAnswer?.(JSON.parse(text));
          resolve(good ? undefined : `${statusCode} ${/"code":"(\w+)"/.exec(text)?.[1] ?? text.slice(0, 100)}`);
        });
      },
    );
    call.on('timeout', () => call.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    call.on('error', (error) => resolve(error.message));
    call.end(payload);
  });
}
