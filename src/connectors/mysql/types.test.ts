import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ColumnRow } from './catalog.ts';
import { sizeOf, toDuckdbType, toSqlType } from './types.ts';

const column = (columnType: string, more: Partial<ColumnRow> = {}): ColumnRow => ({
  table: 't',
  name: 'c',
  ordinal: 1,
  defaultValue: null,
  isNullable: true,
  dataType: /^\w+/.exec(columnType)?.[0] ?? '',
  columnType,
  length: null,
  precision: null,
  scale: null,
  timePrecision: null,
  charset: null,
  collation: null,
  extra: '',
  remarks: '',
  generated: null,
  ...more,
});

describe('the type a column is given in', () => {
  test.each([
    ['tinyint(4)', 'TINYINT'],
    // Shown so by MariaDB and by MySQL before 8.0.19; no boolean, for it holds 2 as well.
    ['tinyint(1)', 'TINYINT'],
    ['tinyint unsigned', 'UTINYINT'],
    ['smallint(5) unsigned', 'USMALLINT'],
    ['mediumint(8) unsigned', 'UINTEGER'],
    ['int', 'INTEGER'],
    ['int(10) unsigned zerofill', 'UINTEGER'],
    ['int(10) zerofill', 'UINTEGER'],
    ['bigint', 'BIGINT'],
    ['bigint(20) unsigned', 'UBIGINT'],
    ['float', 'FLOAT'],
    ['double unsigned', 'DOUBLE'],
    ['bit(1)', 'BOOLEAN'],
    ['bit(10)', 'UBIGINT'],
    ['bit(64)', 'UBIGINT'],
    ['year(4)', 'SMALLINT'],
    ['date', 'DATE'],
    ['datetime(6)', 'TIMESTAMP'],
    ['timestamp', 'TIMESTAMP WITH TIME ZONE'],
    ['time(3)', 'TIME'],
    ['uuid', 'UUID'],
    ['varbinary(16)', 'BLOB'],
    ['binary(16)', 'BLOB'],
    ['longblob', 'BLOB'],
    ['vector(3)', 'BLOB'],
    ['point', 'VARCHAR'],
    ['geomcollection', 'VARCHAR'],
    ['varchar(40)', 'VARCHAR'],
    ["enum('int','unsigned')", 'VARCHAR'],
    ["set('a','b')", 'VARCHAR'],
    ['json', 'VARCHAR'],
    ['inet6', 'VARCHAR'],
    ['something_new', 'VARCHAR'],
  ])('%s is %s', (columnType, duckdbType) => {
    expect(toDuckdbType(column(columnType)).duckdbType).toBe(duckdbType);
  });

  test('a decimal keeps its digits, and is text where DuckDB has too few', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 65 }), fc.integer({ min: 0, max: 30 }), (width, digits) => {
        fc.pre(digits <= width);
        const type = toDuckdbType(
          column(`decimal(${width},${digits})`, { precision: String(width), scale: String(digits) }),
        );
        expect(type).toMatchObject(
          width <= 38
            ? { duckdbType: `DECIMAL(${width},${digits})`, form: 'plain', typeBasis: 'precise' }
            : { duckdbType: 'VARCHAR', form: 'text', typeBasis: 'inferred' },
        );
      }),
    );
  });

  test('what could lose something as its own text is asked for otherwise', () => {
    const asked = (type: string): string | undefined => toDuckdbType(column(type)).select?.('`c`');
    expect(asked('float')).toBe('`c` + 0e0');
    expect(asked('bit(3)')).toBe('`c` + 0');
    expect(asked('polygon')).toBe('ST_AsText(`c`)');
    expect(asked('int')).toBeUndefined();
  });

  test('an instant is in UTC, as the session is; a datetime has no zone', () => {
    expect(toDuckdbType(column('timestamp')).suffix).toBe('+00');
    expect(toDuckdbType(column('datetime')).suffix).toBeUndefined();
  });

  test('texts stand in quotes and bytes as digits, so none is taken for a null', () => {
    fc.assert(
      fc.property(fc.string(), (dataType) => {
        const { duckdbType, form } = toDuckdbType(column('', { dataType }));
        expect(form === 'plain').toBe(duckdbType !== 'VARCHAR' && duckdbType !== 'BLOB');
      }),
    );
  });
});

test('names and sizes for JDBC clients', () => {
  expect(toSqlType(column('longtext'))).toBe('LONGVARCHAR');
  expect(toSqlType(column('something_new'))).toBe('OTHER');
  expect(sizeOf(column('varchar(40)', { length: '40' }))).toEqual({ columnSize: 40, decimalDigits: 0 });
  expect(sizeOf(column('decimal', { precision: '10', scale: '2' }))).toEqual({ columnSize: 10, decimalDigits: 2 });
  expect(sizeOf(column('bigint', { precision: '19' }))).toEqual({ columnSize: 19, decimalDigits: 0 });
  expect(sizeOf(column('datetime(3)', { timePrecision: '3' }))).toEqual({ columnSize: 0, decimalDigits: 3 });
  expect(sizeOf(column('json'))).toEqual({ columnSize: 0, decimalDigits: 0 });
});
