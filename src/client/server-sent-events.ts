/** One message of a stream; a comment (which keeps a connection open) has neither event nor data. */
export interface SseMessage {
  event: string;
  data: string;
  /** Last id seen; "" before the first. */
  id: string;
  /** What the server wants waited before a reconnection. */
  retryMs?: number;
}

/** Reads server-sent events (HTML Living Standard, section 9.2) from chunks of text, wherever they are cut. */
export class SseParser {
  #rest = '';
  #id = '';
  #event = '';
  #data: string[] = [];
  #retryMs: number | undefined;

  /** The messages that this chunk completes. */
  push(chunk: string): SseMessage[] {
    const text = this.#rest + chunk;
    // A carriage return at the end may be half of a line end.
    const end = text.endsWith('\r') ? text.length - 1 : text.length;
    const lines = text.slice(0, end).split(/\r\n|\r|\n/);
    this.#rest = lines.pop()! + text.slice(end);
    return lines.flatMap((line) => this.#read(line));
  }

  #read(line: string): SseMessage[] {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#event = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) this.#retryMs = Number(value);
    return [];
  }

  #dispatch(): SseMessage[] {
    const message: SseMessage = { event: this.#event || 'message', data: this.#data.join('\n'), id: this.#id };
    if (this.#retryMs !== undefined) message.retryMs = this.#retryMs;
    const empty = this.#data.length === 0 && this.#retryMs === undefined;
    this.#event = '';
    this.#data = [];
    this.#retryMs = undefined;
    return empty ? [] : [message];
  }
}
