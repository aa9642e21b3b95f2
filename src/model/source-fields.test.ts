import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changesTarget, SECRET_FIELDS, SOURCE_FIELDS, splitConfig } from './source-fields.ts';
import { databaseOfUri, stripUriSecrets } from './source-uri.ts';

describe('splitConfig', () => {
  test('brings numbers and numeric strings into the type of the contract', () => {
    const split = splitConfig({
      port: 5432,
      totalCapacity: '1.5',
      availableForWriting: 'TRUE',
      schemaNames: [{ value: 'a' }, 'b'],
    });
    expect(split.config).toEqual({
      port: '5432',
      totalCapacity: 1.5,
      availableForWriting: true,
      schemaNames: ['a', 'b'],
    });
    expect(split.problems).toEqual([]);
  });

  test('takes null and the empty string as absent', () => {
    expect(splitConfig({ description: null, host: '' })).toMatchObject({
      config: {},
      emptied: ['description', 'host'],
    });
  });

  test('warns of unknown keys and of fields that the engine sets', () => {
    const split = splitConfig({
      foo: 1,
      constructor: 1,
      encryptedPassword: 'x',
      status: 'ONLINE',
      lastIngestId: '1',
      lastTestConnectionId: '2',
    });
    expect(split.config).toEqual({});
    expect(split.warnings).toHaveLength(6);
  });

  test('never puts a secret into config, a warning or a problem', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SECRET_FIELDS), fc.uuid(), (name, value) => {
        const split = splitConfig({
          [name]: value,
          uri: `jdbc:postgresql://u:${value}@h/d?password=${value}`,
          port: { deep: value },
        });
        expect(split.secrets[name]).toBe(value);
        expect(JSON.stringify([split.config, split.warnings, split.problems])).not.toContain(value);
      }),
    );
  });

  test('names every field that has a wrong type', () => {
    expect(splitConfig({ owners: 3, host: ['x'] }).problems).toEqual([
      'owners: received a number, expected an array of objects',
      'host: received an array, expected a string',
    ]);
  });
});

describe('port', () => {
  test.each(['1', '65535', 5432, '05432'])('%s is taken', (port) => {
    expect(splitConfig({ port })).toMatchObject({ config: { port: String(port) }, problems: [] });
  });

  test.each([
    ['abc', 'a text that is no port'],
    ['5432/x', 'a text that is no port'],
    [0, '0'],
    ['65536', '65536'],
    [-1, '-1'],
    ['54.5', '54.5'],
  ])('%s is refused', (port, shown) => {
    const split = splitConfig({ port, host: ['x'] });
    expect(split.problems).toEqual([
      `port: received ${shown}, expected a whole number from 1 to 65535`,
      'host: received an array, expected a string',
    ]);
    expect(split.config).toEqual({});
  });
});

describe('stripUriSecrets', () => {
  test.each([
    ['jdbc:postgresql://h:5/db?user=a&password=s3&ssl=true', 'jdbc:postgresql://h:5/db?user=a&ssl=true', 's3'],
    ['postgres://u:p%40ss@h/db', 'postgres://u@h/db', 'p@ss'],
    ['postgres://u:p/w@h/db', 'postgres://u@h/db', 'p/w'],
    ['postgres://u:p@w@h/db?x=1', 'postgres://u@h/db?x=1', 'p@w'],
    ['jdbc:sqlserver://h;user=a;password=x;encrypt=true', 'jdbc:sqlserver://h;user=a;encrypt=true', 'x'],
    ['jdbc:oracle:thin:u/pw@h:1521:x', 'jdbc:oracle:thin:u@h:1521:x', 'pw'],
    ['postgres://u@h/db?password=x', 'postgres://u@h/db', 'x'],
    ['nfs://server:2049/folder@home', 'nfs://server:2049/folder@home', undefined],
  ])('%s', (uri, stripped, password) => {
    expect(stripUriSecrets(uri)).toEqual({
      uri: stripped,
      secrets: password === undefined ? {} : { password },
      problems: [],
    });
  });

  test('refuses a parameter that looks like a secret we have no field for', () => {
    const { uri, problems } = stripUriSecrets('jdbc:x://h/db?accessToken=abc');
    expect(uri).toBe('jdbc:x://h/db');
    expect(problems[0]).toContain('accessToken');
  });
});

test.each([
  ['jdbc:postgresql://h:5432/sales?user=a', 'sales'],
  ['jdbc:postgresql:sales', 'sales'],
  ['postgres://u@h/my%20db', 'my db'],
  ['postgres:///sales?host=/run/pg', 'sales'],
  ['jdbc:postgresql://h/?databaseName=sales', 'sales'],
  ['jdbc:sqlserver://h:1433;databaseName=sales;encrypt=true', 'sales'],
  ['postgres://u@h', ''],
  ['jdbc:oracle:thin:u@h:1521:x', ''],
  ['', ''],
])('the database of %s is "%s"', (uri, name) => {
  expect(databaseOfUri(uri)).toBe(name);
});

test('changesTarget names what sends the connection elsewhere, and compares databaseType without regard to case', () => {
  const stored = { host: 'a', databaseType: 'POSTGRES', port: '1' };
  expect(changesTarget(stored, { host: 'a', databaseType: 'postgres', description: 'x' })).toEqual([]);
  expect(changesTarget(stored, { host: 'b', port: '2', endpoint: 'e' })).toEqual(['host', 'port', 'endpoint']);
});

test('every field says what it is', () => {
  for (const field of Object.values(SOURCE_FIELDS)) expect(field.says).not.toBe('');
});
