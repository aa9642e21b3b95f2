import { detectEncoding, doubtOf, type FoundEncoding } from '../../profile/encoding/detect.ts';
import { decoderOf } from '../../profile/encoding/labels.ts';
import { TermLines } from './term-lines.ts';

/** What the encoding is told by: nearly every list is shorter. */
const HEAD_BYTES = 262_144;

/** What was read, complete when all terms were taken. */
export interface TermsReport {
  lines: number;
  terms: number;
  /** Why the whole is no list of terms; empty where it is one. */
  problems: string[];
  /** What was left out or doubtful. */
  warnings: string[];
}

/**
 * The terms of a CSV of one column, a piece of the stream at a time, and a report that is complete when they are all taken. Holds no
 * more than a piece and a line.
 */
export function readTerms(bytes: AsyncIterable<Uint8Array>): { terms: AsyncGenerator<string[]>; report: TermsReport } {
  const report: TermsReport = { lines: 0, terms: 0, problems: [], warnings: [] };
  return { terms: terms(bytes, report), report };
}

async function* terms(bytes: AsyncIterable<Uint8Array>, report: TermsReport): AsyncGenerator<string[]> {
  const pieces = bytes[Symbol.asyncIterator]();
  try {
    const head = await readHead(pieces);
    const found = detectEncoding({ head });
    if (found === 'binary' || found === 'EBCDIC') {
      report.problems.push(
        `${found === 'EBCDIC' ? 'received text in EBCDIC' : zipLike(head)}; expected a CSV of one column, best in UTF-8`,
      );
      return;
    }
    const decoder = decoderOf(found.encoding);
    const lines = new TermLines(found.encoding);
    yield lines.push(decoder.decode(head, { stream: true }));
    for (let next = await pieces.next(); !next.done; next = await pieces.next())
      yield lines.push(decoder.decode(next.value, { stream: true }));
    yield lines.push(decoder.decode(), true);
    finish(report, lines, found);
  } finally {
    await pieces.return?.();
  }
}

function finish(report: TermsReport, lines: TermLines, found: FoundEncoding): void {
  const { notes } = lines;
  report.lines = lines.lines;
  report.terms = lines.taken;
  report.warnings.push(...[encodingNote(found)].flat(), ...notes.list());
  if (notes.severalColumns !== undefined)
    report.problems.push(
      `line 1: "${notes.severalColumns}" names several columns, expected one; save that column alone as CSV`,
    );
  else if (notes.rejected > lines.taken)
    report.problems.push(
      `more lines were left out (${notes.rejected}) than taken (${lines.taken}); expected a CSV of one column`,
      ...notes.list().slice(0, 10),
    );
  else report.problems.push(...[lines.separators.problem(lines.taken) ?? []].flat());
}

function encodingNote(found: FoundEncoding): string[] {
  const doubt = doubtOf(found);
  if (doubt !== undefined) return [doubt];
  return found.basis === 'frequency of characters' ? [`the text was read as ${found.encoding}`] : [];
}

/** The beginning of a stream. */
async function readHead(pieces: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  const head: Uint8Array[] = [];
  let length = 0;
  while (length < HEAD_BYTES) {
    const next = await pieces.next();
    if (next.done) break;
    head.push(next.value);
    length += next.value.length;
  }
  return head.length === 1 ? (head[0] as Uint8Array) : Buffer.concat(head);
}

const zipLike = (head: Uint8Array): string =>
  head[0] === 0x50 && head[1] === 0x4b ? 'this is a zip and no text' : 'this is no text';
