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
  /** `closed`: by the server, as it does when it stops and when the sign-in is no longer good. */
  | { kind: 'dropped'; reason: string; retryMs: number; livedMs: number; closed?: true };

/** The server speaks at once; a proxy that collects an answer before it passes it on never does. */
const FIRST_WORD_MS = 5_000;
/** The server says something every 15 s; three times that is a dead connection. */
const SILENCE_MS = 45_000;
/** Unless the server says otherwise. */
const RETRY_MS = 1_000;

/**
 * Listens to one connection of a job's stream until it ends. What the callbacks throw goes through.
 *
 * @throws AssayApiError when the server cannot be reached, or refuses us for a reason of its own
 */
export async function followStream(transport: Transport, path: string, options: StreamOptions): Promise<StreamOutcome> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), FIRST_WORD_MS);
  const began = Date.now();
  let spoke = false;
  let retryMs = RETRY_MS;
  const dropped = (reason: string): Extract<StreamOutcome, { kind: 'dropped' }> => ({
    kind: 'dropped',
    reason,
    retryMs,
    livedMs: Date.now() - began,
  });
  const lost = (error: unknown): StreamOutcome => {
    options.signal.throwIfAborted();
    if (spoke) return dropped(silence.signal.aborted ? 'the connection fell silent' : 'the connection broke');
    if (silence.signal.aborted) return { kind: 'blocked', reason: `no word within ${FIRST_WORD_MS / 1000} s` };
    throw error;
  };
  try {
    const opened = await openStream(
      transport,
      path,
      options.after,
      AbortSignal.any([options.signal, silence.signal]),
    ).catch(lost);
    if ('kind' in opened) return opened;
    const parser = new SseParser();
    for (;;) {
      const chunk = await opened.read().catch(lost);
      if ('kind' in chunk) return chunk;
      if (chunk.done) return { ...dropped('the connection ended'), closed: true };
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      spoke = true;
      options.heard();
      for (const message of parser.push(chunk.value)) {
        retryMs = message.retryMs ?? retryMs;
        if (!['event', 'status', 'end'].includes(message.event)) continue;
        const data = parse(message.data);
        if (data === undefined) return { kind: 'blocked', reason: `a message of the stream is no JSON` };
        if (message.event === 'event') options.onEvent(data as JobEvent);
        else options.onStatus?.(data as JobStatus);
        if (message.event === 'end') return { kind: 'end', status: data as JobStatus };
      }
    }
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

async function openStream(transport: Transport, path: string, after: number, signal: AbortSignal) {
  const header: Record<string, string> = after > 0 ? { 'last-event-id': String(after) } : {};
  const response = await transport.open(`${path}/stream`, header, signal);
  const type = response.headers.get('content-type') ?? '';
  if (!response.ok && (response.status === 401 || response.status >= 500 || response.status === 429))
    await readAnswer(response, `GET ${path}/stream`);
  if (response.ok && type.startsWith('text/event-stream') && response.body)
    return response.body.pipeThrough(new TextDecoderStream()).getReader();
  await response.body?.cancel();
  return { kind: 'blocked' as const, reason: `HTTP ${response.status} ${type} instead of a stream` };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
