import { once } from 'node:events';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ToldText } from '../../connectors/connector.ts';
import { AssayError } from '../../errors/assay-error.ts';
import type { Dialect } from '../csv/dialect.ts';
import { CsvRewriter, type RowCounts } from '../csv/rewrite.ts';
import { sniffCsv } from '../csv/sniff.ts';
import { detectEncoding, type FoundEncoding, TOLD, takeEncoding } from '../encoding/detect.ts';
import { decoderOf } from '../encoding/labels.ts';
import type { Session } from './session.ts';

/** Enough for rows of thousands of columns, and for one cell of a megabyte cut off. */
const HEAD_BYTES = 2 ** 20;
const TAIL_BYTES = 2 ** 16;
/** Windows further on, for a file may begin with a hundred pages of ASCII. */
const WINDOWS = 16;
const WINDOW_BYTES = 2 ** 15;
/** Legacy encodings write a character of up to three UTF-8 bytes in one; temporary space for more is not meant. */
const CHUNK_BYTES = 2 ** 20;

/** A text file, and what its bytes tell of it. */
export interface TextFile {
  path: string;
  bytes: number;
  encoding: FoundEncoding;
  /** Its beginning and its end, decoded. */
  head: string;
  tail: string;
  /** The head is the whole file. */
  complete: boolean;
}

/**
 * @param told the encoding, where somebody named it
 * @throws SOURCE_BAD_DATA for what is no text, SOURCE_NO_OBJECT
 */
export async function lookAtText(path: string, told?: string, more: readonly Uint8Array[] = []): Promise<TextFile> {
  await using file = await open(path).catch((cause: unknown) => {
    throw new AssayError('SOURCE_NO_OBJECT', `the file ${path} cannot be opened`, { cause });
  });
  const { size } = await file.stat();
  const head = await readAt(file, 0, Math.min(HEAD_BYTES, size));
  const complete = head.length >= size;
  const windows: Uint8Array[] = [...more];
  if (!complete)
    for (let i = 1; i <= WINDOWS; i++)
      windows.push(
        await readAt(file, HEAD_BYTES + Math.floor(((size - HEAD_BYTES - WINDOW_BYTES) * i) / WINDOWS), WINDOW_BYTES),
      );
  const encoding = told === undefined ? detectEncoding({ head, windows }) : takeEncoding(told, { head, windows });
  if (encoding === 'EBCDIC')
    throw new AssayError(
      'SOURCE_BAD_DATA',
      'it is text in EBCDIC, as mainframes write it, which is not read here; convert it: iconv -f IBM037 -t UTF-8',
    );
  if (encoding === 'binary')
    throw new AssayError(
      'SOURCE_BAD_DATA',
      'it is no text, though its name says so: its bytes are those of a binary file; give it the ending of what it is, or copy it again',
    );
  const decoded = decoderOf(encoding.encoding).decode(head, { stream: !complete });
  // UTF-16 and UTF-32 are cut at whole units.
  const from = complete ? 0 : size - TAIL_BYTES - (size % 4);
  const tail = complete ? decoded : decoderOf(encoding.encoding).decode(await readAt(file, from, size - from));
  return { path, bytes: size, encoding, head: decoded, tail, complete };
}

/** How a delimited text is to be read, as far as its beginning and its end tell. */
export const sniffFile = (
  { head, tail, complete, encoding }: TextFile,
  { delimiter, told }: { delimiter?: string | undefined; told?: ToldText | undefined },
): Dialect => {
  const { encoding: _, ...marks } = told ?? {};
  return sniffCsv(head, {
    complete,
    ...(complete ? {} : { tail }),
    ...(delimiter === undefined ? {} : { expected: delimiter }),
    told: encoding.basis === TOLD ? { encoding: encoding.encoding, ...marks } : marks,
  });
};

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(Math.max(0, length));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, Math.max(0, position));
  return bytes.subarray(0, bytesRead);
}

/** Bytes beyond ASCII that a file has anywhere, with what stands around them: for one that turned out not to be UTF-8 while it was read. */
export async function findForeignBytes(session: Session, path: string): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: WINDOW_BYTES }) as AsyncIterable<Buffer>) {
    session.assertLive();
    if (!chunk.some((byte) => byte >= 0x80)) continue;
    found.push(Uint8Array.from(chunk));
    bytes += chunk.length;
    if (bytes > HEAD_BYTES) break;
  }
  return found;
}

/** Writes the text in UTF-8 into the session's folder. */
export const transcode = (session: Session, file: TextFile): Promise<{ path: string; hasReplaced: boolean }> =>
  writeText(session, file, { push: (text) => text, end: () => '' });

/** Writes the rows as strict CSV in UTF-8 into the session's folder. */
export async function rewriteCsv(
  session: Session,
  file: TextFile,
  dialect: Dialect,
): Promise<{ path: string; hasReplaced: boolean; counts: RowCounts }> {
  const rewriter = new CsvRewriter(dialect);
  return { ...(await writeText(session, file, rewriter)), counts: rewriter.counts };
}

let written = 0;

async function writeText(
  session: Session,
  file: TextFile,
  through: { push(text: string): string; end(): string },
): Promise<{ path: string; hasReplaced: boolean }> {
  const path = join(session.folder, `text-${++written}`);
  const decoder = decoderOf(file.encoding.encoding);
  const out = createWriteStream(path, { mode: 0o600, flags: 'wx' });
  let failure: Error | undefined;
  out.on('error', (error) => {
    failure = error;
  });
  let hasReplaced = false;
  const write = async (text: string): Promise<void> => {
    hasReplaced ||= text.includes('\ufffd');
    if (failure) throw failure;
    if (text !== '' && !out.write(text)) await drained(out);
  };
  try {
    for await (const chunk of createReadStream(file.path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
      session.assertLive();
      await write(through.push(decoder.decode(chunk, { stream: true })));
    }
    await write(through.push(decoder.decode()));
    await write(through.end());
    out.end();
    if (!out.closed) await once(out, 'close');
    if (failure) throw failure;
  } catch (error) {
    out.destroy();
    throw writeError(error, file.path);
  }
  return { path, hasReplaced };
}

/** Waits until more can be written, or nothing can be any more. */
const drained = (out: WriteStream): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      out.off('drain', done);
      out.off('close', done);
      resolve();
    };
    out.on('drain', done);
    out.on('close', done);
  });

function writeError(thrown: unknown, path: string): unknown {
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (thrown instanceof AssayError) return thrown;
  if (code === 'ENOSPC')
    return new AssayError('DISK_FULL', `no space was left while "${path}" was written anew`, { cause: thrown });
  return new AssayError('SOURCE_LOST', `reading "${path}" broke: ${message}`, { cause: thrown });
}

/** What a file is at a moment: enough to tell that it was written to since. */
export interface FileState {
  size: number;
  mtimeMs: number;
  ino: number;
}

export const stateOf = (path: string): Promise<FileState | undefined> =>
  stat(path).then(
    ({ size, mtimeMs, ino }) => ({ size, mtimeMs, ino }),
    () => undefined,
  );

/** A sentence when the file was written to, or went away, between two looks at it. Pure. */
export function changeBetween(before: FileState | undefined, after: FileState | undefined): string | undefined {
  if (!before) return undefined;
  if (!after) return 'the file went away while it was read; what was read of it was measured';
  if (before.size === after.size && before.mtimeMs === after.mtimeMs && before.ino === after.ino) return undefined;
  return `the file was written to while it was read (${before.size.toLocaleString('en-US')} bytes before, ${after.size.toLocaleString('en-US')} after); the figures are of what was there when each part was read`;
}
