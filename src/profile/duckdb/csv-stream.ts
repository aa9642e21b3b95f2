import { execFile } from 'node:child_process';
import { createWriteStream, constants as fsConstants } from 'node:fs';
import { open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { CsvFormat, ReadResult } from '../../connectors/connector.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { StreamBytes } from '../columnar/byte-source.ts';
import { OddRows } from '../columnar/write-columns.ts';
import { quoteText } from '../sql.ts';
import { isColumnar, type RowSampling, readColumnsOnce } from './columnar.ts';
import { csvLimits } from './csv-limits.ts';
import type { Session } from './session.ts';
import { SHORT_BYTES, takeShort } from './short-stream.ts';
import { parsedAs } from './staged-column.ts';
import { loadTexts, type Relation } from './staging.ts';

/** DuckDB drops one byte order mark from the beginning. It is given this one to drop: one of the stream's own is part of its first value. */
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

const execute = promisify(execFile);

/**
 * Makes a relation of CSV bytes of known format. Few become a file; of more the columns are read while the source still sends. What has no such columns
 * goes through a named pipe into a table, so that DuckDB parses while the source sends.
 */
export async function loadCsvStream(
  session: Session,
  read: Extract<ReadResult, { kind: 'bytes' }>,
  sampling?: RowSampling,
): Promise<Relation> {
  if (read.columns.length === 0)
    return { name: 'r', columns: [], rows: await countLines(read.stream), warnings: [], rejectedRows: 0 };
  const path = join(session.folder, 'stream.csv');
  // A pipe is made by a process of its own, which takes longer than reading a small table does.
  const short = await takeShort(read.stream, SHORT_BYTES, session.signal).catch((error: unknown) => {
    session.assertLive(error);
    throw error;
  });
  if (!short && isColumnar(read.csv, read.columns.length)) return columnsOf(session, read, sampling);
  if (short) await writeFile(path, [MARK, short], { mode: 0o600 });
  else read.stream.unshift(MARK);
  const piped = short === undefined && (await makePipe(path));
  if (!short && !piped) await pipeline(read.stream, createWriteStream(path), { signal: session.signal });
  const source = readCsvSql(path, read.csv, read.columns.map(parsedAs), session.memoryMb);
  const relation = await loadTexts(session, read.columns, async (table, list) => {
    const sql = `CREATE TABLE ${table} AS SELECT\n  ${list}\nFROM ${source}`;
    if (piped) await loadThroughPipe(session, path, read.stream, sql);
    else await session.run(sql, 'reading the rows');
    await rm(path, { force: true });
  });
  relation.warnings.unshift(...(read.warnings?.() ?? []));
  return relation;
}

async function columnsOf(
  session: Session,
  read: Extract<ReadResult, { kind: 'bytes' }>,
  sampling?: RowSampling,
): Promise<Relation> {
  const { header, delimiter, quote, nullText } = read.csv;
  try {
    const relation = await readColumnsOnce(session, read.columns, {
      // A stream that is silent would be waited for whatever the signal says.
      open: async () => new StreamBytes(addAbortSignal(session.signal, read.stream)),
      format: { delimiter, quote, nullText, returns: 'data' },
      header,
      mark: 'part of a value',
      sampling,
    });
    relation.warnings.unshift(...(read.warnings?.() ?? []));
    return relation;
  } catch (error) {
    session.assertLive(error);
    if (!(error instanceof OddRows)) throw error;
    throw new AssayError('SOURCE_BAD_DATA', `reading the rows: ${error.message}`, { cause: error });
  }
}

/** Everything is said and nothing guessed. In quotes the null text is a text; PostgreSQL writes nulls unquoted, empty texts quoted. */
function readCsvSql(path: string, csv: CsvFormat, types: readonly string[], memoryMb: number): string {
  const names = types.map((type, i) => `'x${i}': '${type}'`).join(', ');
  return [
    `read_csv(${quoteText(path)}, auto_detect = false, columns = {${names}}, header = ${csv.header}`,
    `delim = ${quoteText(csv.delimiter)}, quote = ${quoteText(csv.quote)}, escape = ${quoteText(csv.escape)}`,
    `nullstr = ${quoteText(csv.nullText)}, allow_quoted_nulls = false, new_line = '\\n'`,
    `${csvLimits(memoryMb)})`,
  ].join(', ');
}

/** False where there is no mkfifo: then the bytes go through a file. */
async function makePipe(path: string): Promise<boolean> {
  try {
    await execute('mkfifo', ['-m', '600', path]);
    return true;
  } catch {
    return false;
  }
}

async function loadThroughPipe(session: Session, path: string, stream: Readable, sql: string): Promise<void> {
  let sourceError: unknown;
  const load = session.run(sql, 'reading the rows').finally(async () => {
    // Had DuckDB failed before it opened the pipe, the writer would wait for a reader for ever.
    const release = await open(path, fsConstants.O_RDONLY | fsConstants.O_NONBLOCK).catch(() => undefined);
    if (!stream.readableEnded) stream.destroy();
    await release?.close();
  });
  const feed = pipeline(stream, createWriteStream(path, { highWaterMark: 1 << 20 }), { signal: session.signal }).catch(
    (error: unknown) => {
      sourceError = error;
      // The end of the pipe would look like the end of the rows.
      session.connection.interrupt();
    },
  );
  const [loaded] = await Promise.allSettled([load, feed]);
  session.assertLive(sourceError);
  if (loaded.status === 'rejected' && !isInterrupt(loaded.reason)) throw loaded.reason;
  if (sourceError) throw sourceError;
  if (loaded.status === 'rejected') throw loaded.reason;
}

const isInterrupt = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'CANCELLED';

/** A table without columns still has rows: one empty line each. */
async function countLines(stream: Readable): Promise<number> {
  let lines = 0;
  for await (const chunk of stream) for (const byte of Buffer.from(chunk)) if (byte === 10) lines += 1;
  return lines;
}
