import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import type { ReadColumn, ReadResult, RelationSpec } from '../../connectors/connector.ts';
import { toStorable } from '../../model/storable-text.ts';
import { measuredColumn } from '../column.ts';
import { isPlain } from '../csv/dialect.ts';
import { groupedWarning, mayBeGrouped } from '../csv/grouped-digits.ts';
import { guessType } from '../csv/guess-type.ts';
import { readStrict, type StrictFormat } from '../csv/strict-table.ts';
import { kindOfText } from '../csv/text-kind.ts';
import { doubtOf } from '../encoding/detect.ts';
import { type HeldColumn, holdValues } from '../in-hand.ts';
import { type PlainCast, plainCast } from '../plain-cast.ts';
import { LONGEST_VALUE } from '../text/recognise.ts';
import { assertLive } from './errors.ts';
import { SHORT_BYTES, takeShort } from './short-stream.ts';
import type { StagedColumn } from './staged-column.ts';
import { GROUP_COLUMNS, type Relation } from './staging.ts';
import type { TakenValues } from './take-values.ts';
import { changeBetween, lookAtText, sniffFile, stateOf } from './text-file.ts';

/** A table whose values are all in hand. There is no relation of that name: nothing can be asked. */
export interface ShortTable extends Relation {
  rows: number;
  taken: TakenValues;
}

/**
 * Reads a short table without DuckDB: CSV of a stream or a file, of up to 1 MB and `most` rows, that leaves no doubt of how it is to be read
 * and of what its values are, so that both ways say the same to the byte. Undefined of any other. With it the read to go on with: what
 * was taken of a stream is in it.
 */
export async function readShort(
  read: ReadResult,
  most: number,
  signal: AbortSignal,
): Promise<{ table?: ShortTable; read: ReadResult }> {
  assertLive(signal);
  if (read.kind === 'relation') {
    const table = read.spec.kind === 'csv' ? await readFile(read.spec, most, read.warnings) : undefined;
    return table ? { table, read } : { read };
  }
  if (read.kind !== 'bytes' || read.columns.length === 0 || !read.columns.every(isSimple)) return { read };
  const bytes = await takeShort(read.stream, SHORT_BYTES, signal).catch((cause: unknown) => {
    assertLive(signal, cause);
    throw cause;
  });
  if (bytes === undefined) return { read };
  const table = readBytes(bytes, read, most);
  const again = { ...read, stream: Readable.from([bytes], { objectMode: false }) };
  return table ? { table, read: again } : { read: again };
}

const isSimple = (column: ReadColumn): boolean =>
  plainCast(column) !== undefined && !/\[\]$|^jsonb?$/i.test(column.nativeType);

function readBytes(bytes: Buffer, read: Extract<ReadResult, { kind: 'bytes' }>, most: number): ShortTable | undefined {
  const { csv, columns } = read;
  if (!isUtf8(bytes)) return undefined;
  const cells = strictCells(bytes.toString(), csv, columns.length, most);
  return cells && tableOf(columns, cells, read.warnings?.() ?? []);
}

type CsvSpec = Extract<RelationSpec, { kind: 'csv' }>;

async function readFile(spec: CsvSpec, most: number, given: readonly string[] = []): Promise<ShortTable | undefined> {
  const [path = ''] = spec.paths;
  if (spec.paths.length !== 1 || spec.promised !== undefined || /\.(gz|zst)$/i.test(path)) return undefined;
  const before = await stateOf(path);
  if (!before || before.size === 0 || before.size > SHORT_BYTES) return undefined;
  // What is wrong with it shows when it is read the other way.
  const file = await lookAtText(path, spec.told?.encoding).catch(() => undefined);
  const isPlainText = file?.complete && file.encoding.encoding === 'UTF-8' && !file.encoding.hasInvalid;
  if (!isPlainText || file.head.trim() === '' || kindOfText(file, 'csv', spec.told) !== 'csv') return undefined;
  const dialect = sniffFile(file, spec);
  if (!isPlain(dialect)) return undefined;
  const cells = strictCells(file.head, { ...dialect, nullText: '' }, dialect.columns, most);
  const columns: StagedColumn[] = [];
  const grouped: string[] = [];
  for (const [i, cell] of (cells ?? []).entries()) {
    const type = guessType(cell.values);
    if (type === undefined) return undefined;
    const name = toStorable(dialect.names[i] ?? '');
    columns.push({ name, nativeType: type, duckdbType: type, typeBasis: 'inferred' });
    if (type === 'DOUBLE' && mayBeGrouped(cell.values)) grouped.push(groupedWarning(name));
  }
  const doubt = doubtOf(file.encoding);
  const warnings = [...(doubt === undefined ? [] : [doubt]), ...dialect.remarks, ...grouped];
  const table = cells && tableOf(columns, cells, warnings);
  if (!table) return undefined;
  const change = changeBetween(before, await stateOf(path));
  return { ...table, warnings: [...given, ...(change === undefined ? [] : [change]), ...table.warnings] };
}

function strictCells(
  text: string,
  { escape: escapedBy, ...format }: StrictFormat & { escape: string },
  columns: number,
  most: number,
): HeldColumn[] | undefined {
  // The columns of a wide table lie in several views, which tells on what is said of its rows.
  if (escapedBy !== format.quote || format.quote === '' || columns > GROUP_COLUMNS) return undefined;
  const cells = readStrict(text, format, columns, most);
  return cells?.[0] && cells[0].places.length > 0 ? cells : undefined;
}

/** @param cells as they are written; undefined where one of them is none that is simply cast, or a text too long to be looked at here */
function tableOf(
  columns: readonly StagedColumn[],
  cells: readonly HeldColumn[],
  warnings: string[],
): ShortTable | undefined {
  const held = new Map<string, HeldColumn>();
  const measured = columns.map((column, i) => measuredColumn(column, `c${i}`));
  for (const [i, column] of columns.entries()) {
    const cast = plainCast(column);
    const values = cast && castAll(cells[i] as HeldColumn, cast);
    if (!values || values.values.some((value) => value.length > LONGEST_VALUE)) return undefined;
    held.set(`c${i}`, values);
  }
  const rows = cells[0]?.places.length ?? 0;
  return {
    ...{ name: 'r', columns: measured, rows, warnings, rejectedRows: 0 },
    taken: { columns: held, inOrder: true },
  };
}

function castAll({ values, places }: HeldColumn, cast: PlainCast): HeldColumn | undefined {
  const texts: string[] = [];
  let isSame = true;
  for (const value of values) {
    const text = cast(value);
    if (text === undefined) return undefined;
    isSame &&= text === value;
    texts.push(text);
  }
  if (isSame) return { values, places };
  // Several texts may be one value: 1.0 and 1.00.
  return holdValues(Array.from(places, (place) => texts[place] ?? null));
}
