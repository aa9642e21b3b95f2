import { isPassing } from './api-error.ts';
import type { JobEvent, JobStatus } from './generated.ts';
import { followStream } from './job-stream.ts';
import { pause } from './pause.ts';
import type { Transport } from './transport.ts';

export interface WaitOptions {
  /** Stops the waiting, not the job. */
  signal?: AbortSignal;
  /** Called with every new state of the job, the last one included. */
  onStatus?(status: JobStatus): void;
  /** Called with every entry of its event log. */
  onEvent?(event: JobEvent): void;
  /** Called when the connection is lost, is back, or live events do not come through and the state is asked for instead. */
  onConnection?(state: 'lost' | 'back' | 'polling', reason: string): void;
  /** `false` asks again and again instead of listening. */
  stream?: boolean;
  /** How long a server may be away, in milliseconds; 120,000 unless told. */
  patienceMs?: number;
}

const PATIENCE_MS = 120_000;
/** Short jobs are seen at once, long ones cost the server two requests a second. */
const POLL_MS = { first: 100, most: 1_000 };
const RECONNECT_MS = { first: 250, most: 5_000 };
/** A stream that ends sooner than this, so often in a row, is cut off by something on the way. */
const LIVED_MS = 2_000;
const CUT_OFF = 3;
/** The most that the server gives at once. */
const PAGE = 1_000;
const ENDED = ['COMPLETED', 'FAILED', 'CANCELLED'];

/**
 * Waits for the end of a job: listens to its live stream, resumes it where it broke off, and asks again and again where a
 * proxy lets no stream through. The answer is the last status; look at its `status` for how the job ended.
 *
 * @throws AssayApiError when there is no such job, or the server stays away for longer than `patienceMs`; and what the functions
 *   of the options throw
 */
export async function waitForJob(transport: Transport, id: string, options: WaitOptions = {}): Promise<JobStatus> {
  const signals = [transport.signal, options.signal].filter((signal) => signal !== undefined);
  const signal = AbortSignal.any(signals);
  const path = `/api/public/v1/jobs/${encodeURIComponent(id)}`;
  const patienceMs = options.patienceMs ?? PATIENCE_MS;
  let after = 0;
  let streaming = options.stream !== false;
  let heardAt = Date.now();
  let lost = false;
  /** The server closed the stream: why shows when it is asked. */
  let closed = false;
  let pollMs = POLL_MS.first;
  let reconnectMs = RECONNECT_MS.first;
  let cutOff = 0;
  let flaw: { error: unknown } | undefined;

  /** What the caller's own functions throw is no trouble with the connection, whatever it looks like. */
  const tell = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      flaw = { error };
      throw error;
    }
  };
  const onConnection = (state: 'lost' | 'back' | 'polling', reason: string): void =>
    tell(() => options.onConnection?.(state, reason));
  const heard = (): void => {
    heardAt = Date.now();
    reconnectMs = RECONNECT_MS.first;
    if (lost) onConnection('back', '');
    lost = false;
    closed = false;
  };
  const onEvent = (event: JobEvent): void => {
    if (event.seq <= after) return;
    after = event.seq;
    tell(() => options.onEvent?.(event));
  };
  const onStatus = (status: JobStatus): void => tell(() => options.onStatus?.(status));
  const poll = async (): Promise<JobStatus> => {
    // The status is read first: what the job logged before it ended is then seen in the events.
    const status = (await transport.call('GET', `${path}/status`, { signal })) as JobStatus;
    for (let full = true; full; ) {
      const query = { after, size: PAGE };
      const news = (await transport.call('GET', `${path}/events`, { query, signal })) as { data: JobEvent[] };
      for (const event of news.data) onEvent(event);
      full = news.data.length >= PAGE;
    }
    onStatus(status);
    return status;
  };

  // The first look is not patient: a wrong id, a wrong token or a wrong address is told at once.
  let status = await poll();
  while (!ENDED.includes(status.status)) {
    try {
      if (!streaming) {
        await pause(pollMs, signal);
        pollMs = Math.min(POLL_MS.most, pollMs * 1.5);
      }
      if (!streaming || lost || closed) {
        status = await poll();
        heard();
        continue;
      }
      cutOff += 1;
      const outcome = await followStream(transport, path, {
        after,
        signal,
        heard,
        onEvent,
        onStatus,
      });
      if (outcome.kind === 'end') return outcome.status;
      if (outcome.kind === 'dropped' && outcome.livedMs >= LIVED_MS) cutOff = 0;
      if (outcome.kind === 'blocked' || cutOff >= CUT_OFF) {
        streaming = false;
        onConnection('polling', outcome.reason);
      } else {
        closed = outcome.kind === 'dropped' && outcome.closed === true;
        lost = !closed;
        if (lost) onConnection('lost', outcome.reason);
        await pause(outcome.retryMs, signal);
      }
    } catch (error) {
      if (flaw) throw flaw.error;
      signal.throwIfAborted();
      if (!isPassing(error) || Date.now() - heardAt > patienceMs) throw error;
      if (!lost) onConnection('lost', error.message);
      lost = true;
      if (streaming && cutOff >= CUT_OFF) {
        streaming = false;
        onConnection('polling', error.message);
      }
      await pause(reconnectMs, signal);
      reconnectMs = Math.min(RECONNECT_MS.most, reconnectMs * 2);
    }
  }
  return status;
}
