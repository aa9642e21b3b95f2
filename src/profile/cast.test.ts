import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { castSql } from './cast.ts';

async function castAll(duckdbType: string, texts: readonly string[]): Promise<Record<string, string | null>> {
  const connection = await (await DuckDBInstance.create()).connect();
  const cast = castSql('x', { duckdbType, typeBasis: 'inferred' });
  const rows = await connection.runAndReadAll(
    `SELECT x, (${cast})::VARCHAR FROM (VALUES ${texts.map((text) => `('${text}')`).join(', ')}) v(x)`,
  );
  connection.closeSync();
  return Object.fromEntries(rows.getRows() as [string, string | null][]);
}

describe('a guessed type', () => {
  it('takes as doubles only texts whose digits a double holds', async () => {
    expect(
      await castAll('DOUBLE', [
        ...['1e10', '1.5E-3', '-7.5', '0', '.5', 'nan', '100000000000000000000', '1.50000000000000000000'],
        ...['0.30000000000000004', '0.10000000000000001', '0.000000000000000000001'],
        ...['1e400', '-1e400', '1e-400', '0e5', '-0.0', 'inf'],
        ...['0024001', '-007.5', '123456789012345678901', '12345678901234567.10', '12345678901234567.11'],
      ]),
    ).toEqual({
      '1e10': '10000000000.0',
      '1.5E-3': '0.0015',
      '-7.5': '-7.5',
      '0': '0.0',
      '.5': '0.5',
      nan: 'nan',
      '100000000000000000000': '1e+20',
      '1.50000000000000000000': '1.5',
      '0.30000000000000004': '0.30000000000000004',
      '0.10000000000000001': '0.1',
      '0.000000000000000000001': '1e-21',
      '1e400': null,
      '-1e400': null,
      '1e-400': null,
      '0e5': '0.0',
      '-0.0': '-0.0',
      inf: 'inf',
      '0024001': null,
      '-007.5': null,
      '123456789012345678901': null,
      '12345678901234567.10': null,
      '12345678901234567.11': null,
    });
  });

  it('takes as integers only texts that are written as one is', async () => {
    const written = /^-?(0|[1-9][0-9]*)$/;
    const digits = fc.oneof(
      fc.bigInt().map(String),
      fc.stringMatching(/^[-+ ]?[0-9]{1,20}[.eE_ ]?[0-9]{0,2}$/),
      fc.constantFrom(
        '-0',
        '0',
        '00',
        '+1',
        '9223372036854775807',
        '9223372036854775808',
        '-9223372036854775808',
        '1e3',
        'x',
        '',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(digits, { minLength: 1, maxLength: 100 }), async (texts) => {
        const cast = await castAll('BIGINT', texts);
        for (const text of texts) {
          const value = written.test(text) ? BigInt(text) : undefined;
          const fits = value !== undefined && BigInt.asIntN(64, value) === value;
          expect([text, cast[text]]).toEqual([text, fits ? String(value) : null]);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('takes as booleans and times only what is written as such', async () => {
    expect(await castAll('BOOLEAN', ['true', 'FALSE', '1', 'yes', 'T'])).toEqual({
      true: 'true',
      FALSE: 'false',
      '1': null,
      yes: null,
      T: null,
    });
    expect(await castAll('TIME', ['10:00:00', '10:00:00.500', '10:00', '10:00:00+02'])).toEqual({
      '10:00:00': '10:00:00',
      '10:00:00.500': '10:00:00.5',
      '10:00': null,
      '10:00:00+02': null,
    });
  });
});
