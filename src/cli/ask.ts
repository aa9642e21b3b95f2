import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { AssayError } from '../errors/assay-error.ts';
import { readStdin } from './jobs/build-request.ts';

/** A password typed without echo, or the first line of standard input when that is no keyboard or was asked for. */
export async function askPassword(prompt: string, fromStdin: boolean, signal: AbortSignal): Promise<string> {
  if (fromStdin || !process.stdin.isTTY) {
    const [line = ''] = (await readStdin()).split(/\r?\n/);
    if (line === '') throw new AssayError('BAD_REQUEST', 'no password: standard input was empty');
    return line;
  }
  process.stderr.write(prompt);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const answer = await question(silent, '', signal);
  process.stderr.write('\n');
  return answer;
}

/** Only `y` or `yes` is a yes; without a keyboard nobody can say it. */
export async function confirm(text: string, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  return /^y(es)?$/i.test((await question(process.stderr, `${text} [y/N] `, signal)).trim());
}

async function question(output: NodeJS.WritableStream, text: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  try {
    const interrupted = new AbortController();
    lines.on('SIGINT', () => interrupted.abort());
    return await lines.question(text, { signal: AbortSignal.any([signal, interrupted.signal]) });
  } catch (cause) {
    throw new AssayError('CANCELLED', 'Interrupted.', { cause });
  } finally {
    lines.close();
  }
}
