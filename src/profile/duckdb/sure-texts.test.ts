import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toRelation } from './relation.ts';
import { openSession } from './session.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sure-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What PostgreSQL writes of the ends of its types, and what of it DuckDB's type holds. */
const ENDS: [type: string, texts: string[]][] = [
  ['SMALLINT', ['-32768', '32767', '0']],
  ['INTEGER', ['-2147483648', '2147483647']],
  ['BIGINT', ['-9223372036854775808', '9223372036854775807', '4294967295']],
  ['BOOLEAN', ['t', 'f']],
  ['UUID', ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff']],
  ['TIME', ['00:00:00', '24:00:00', '23:59:59.999999', '01:02:03.5']],
  ['FLOAT', ['NaN', 'Infinity', '-Infinity', '-0', '1e-45', '-3.4028235e+38', '1.1', '16777216']],
  ['DOUBLE', ['NaN', 'Infinity', '-Infinity', '-0', '5e-324', '1.7976931348623157e+308', '0.1', '-1e-07', '1e+15']],
  ['DATE', ['4713-11-24 BC', '0044-03-15 BC', '0001-01-01', '10000-01-01', '5874897-12-31', 'infinity', '-infinity']],
  ['TIMESTAMP', ['4713-11-24 00:00:00 BC', '0044-03-15 01:02:03.5 BC', '2024-02-29 23:59:59.999999', 'infinity']],
  ['TIMESTAMP', ['2024-02-29 00:00:00', '294276-12-31 23:59:59.999999']],
  [
    'TIMESTAMP WITH TIME ZONE',
    ['0044-03-15 01:02:03.5+00 BC', '2024-02-29 23:59:59+00', '-infinity', '10000-01-01 00:00:00+00'],
  ],
  ['TIMESTAMP WITH TIME ZONE', ['2024-02-29 00:00:00+00', '294276-12-31 23:59:59.999999+00']],
  ['DECIMAL(12,2)', ['-9999999999.99', '9999999999.99', '0.05']],
  ['DECIMAL(12,2)', ['0.05', 'NaN', '-Infinity']],
  ['DECIMAL(38,10)', ['9999999999999999999999999999.9999999999', '-0.0000000001']],
  ['BLOB', ['\\x', '\\x4142', '\\x00ff']],
  ['VARCHAR', ['', 'x', ' BC', 'NaN']],
];

it('casts what PostgreSQL is sure of to what the careful way makes of it, and loses nothing', async () => {
  const sure = await loaded(true);
  expect(sure).toEqual(await loaded(false));
  expect(sure.columns.filter(({ type }, i) => type !== ENDS[i]?.[0]).map(({ type, values }) => [type, values])).toEqual(
    [
      ['VARCHAR', ['2024-02-29 00:00:00', '294276-12-31 23:59:59.999999', null]],
      ['VARCHAR', ['2024-02-29 00:00:00+00', '294276-12-31 23:59:59.999999+00', null]],
    ],
  );
  expect(sure.warnings).toHaveLength(2);
});

/** Each column has its texts and a null, and is filled up with its first. */
async function loaded(isSure: boolean) {
  const rows = Math.max(...ENDS.map(([, texts]) => texts.length + 1));
  const cell = (texts: readonly string[], row: number): string =>
    row === texts.length ? '\\N' : `"${texts[row] ?? texts[0]}"`;
  const lines = Array.from({ length: rows }, (_, row) => `${ENDS.map(([, texts]) => cell(texts, row)).join(',')}\n`);
  await using session = await openSession({
    memoryMb: 256,
    threads: 2,
    tempFolder: folder,
    signal: new AbortController().signal,
  });
  const { columns, warnings, name } = await toRelation(session, {
    kind: 'bytes',
    format: 'csv',
    csv: { delimiter: ',', quote: '"', escape: '"', header: false, nullText: '\\N' },
    columns: ENDS.map(([duckdbType], i) => ({
      name: `column ${i}`,
      nativeType: duckdbType,
      duckdbType,
      typeBasis: 'precise' as const,
      ...(isSure ? { sure: true as const } : {}),
    })),
    stream: Readable.from(lines, { objectMode: false }),
  });
  const found = await session.query(
    `SELECT ${columns.map(({ ref }) => `${ref}::VARCHAR`).join(', ')} FROM ${name} ORDER BY pos`,
    'reading them',
  );
  return {
    warnings,
    columns: columns.map(({ duckdbType }, i) => ({
      type: duckdbType,
      values: found.map((row) => row[i]).slice(0, (ENDS[i]?.[1].length ?? 0) + 1),
    })),
  };
}
