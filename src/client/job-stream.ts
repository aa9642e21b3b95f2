import { readAnswer } from './api-error.ts';
import type { JobEvent, JobStatus } from './generated.ts';
import { SseParser } from './server-sent-events.ts';
import type { Transport } from './transport.ts';

export interface StreamOptions {
  /** Only events with a larger seq. */
  after: number;
  signal: AbortSignal;
  /** Called with every sign of life. */
  heard(): void;
  onEvent(event: JobEvent): void;
  onStatus?(status: JobStatus): void;
}

/** How one connection ended. */
export type StreamOutcome =
  | { kind: 'end'; status: JobStatus }
  /** Something between us and the server lets no stream through. */
  | { kind: 'blocked'; reason: string }
  | { kind: 'dropped'; reason: string; retryMs: number; livedMs: number };

/** The server speaks at once; a proxy that collects an answer before it passes it on never does. */
const FIRST_WORD_MS = 5_000;
/** The server says something every 15 s; three times that is a dead connection. */
const SILENCE_MS = 45_000;
/** Unless the server says otherwise. */
const RETRY_MS = 1_000;

/**
 * Listens to one connection of a job's stream until it ends.
 *
 * @throws AssayApiError when the server cannot be reached, or refuses us for a reason of its own
 */
export async function followStream(transport: Transport, path: string, options: StreamOptions): Promise<StreamOutcome> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), FIRST_WORD_MS);
  const signal = AbortSignal.any([options.signal, silence.signal]);
  const began = Date.now();
  let spoke = false;
  let retryMs = RETRY_MS;
  try {
    const header: Record<string, string> = options.after > 0 ? { 'last-event-id': String(options.after) } : {};
    const response = await transport.open(`${path}/stream`, header, signal);
    const type = response.headers.get('content-type') ?? '';
    if (!response.ok && (response.status === 401 || response.status >= 500 || response.status === 429))
      await readAnswer(response, `GET ${path}/stream`);
    if (!response.ok || !type.startsWith('text/event-stream') || !response.body) {
      await response.body?.cancel();
      return { kind: 'blocked', reason: `HTTP ${response.status} ${type} instead of a stream` };
    }
    const parser = new SseParser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      spoke = true;
      options.heard();
      for (const message of parser.push(chunk.value)) {
        retryMs = message.retryMs ?? retryMs;
        if (message.event === 'event') options.onEvent(JSON.parse(message.data) as JobEvent);
        if (message.event !== 'status' && message.event !== 'end') continue;
        const status = JSON.parse(message.data) as JobStatus;
        options.onStatus?.(status);
        if (message.event === 'end') return { kind: 'end', status };
      }
    }
    return { kind: 'dropped', reason: 'the connection ended', retryMs, livedMs: Date.now() - began };
  } catch (error) {
    options.signal.throwIfAborted();
    if (silence.signal.aborted && !spoke)
      return { kind: 'blocked', reason: `no word within ${FIRST_WORD_MS / 1000} s` };
    if (!spoke) throw error;
    const reason = silence.signal.aborted ? 'the connection fell silent' : 'the connection broke';
    return { kind: 'dropped', reason, retryMs, livedMs: Date.now() - began };
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}
