import { expect, test } from 'vitest';
import { listOverruled } from './overruled-fields.ts';

const BY_URI = { uri: 'jdbc:postgresql://old:5432/shop', userName: 'ann' };
const BY_HOST = { host: 'old', port: '5432', databaseName: 'shop' };

test.each([
  [BY_URI, { host: 'new' }, ['uri']],
  [BY_URI, { host: 'new', port: '1', databaseName: 'x' }, ['uri']],
  [BY_URI, { uri: 'jdbc:postgresql://new/shop', host: 'new' }, []],
  [BY_URI, { userName: 'bob' }, []],
  [{ uri: 'jdbc:postgresql://old:5432', userName: 'ann' }, { databaseName: 'shop' }, []],
  [BY_HOST, { host: 'new' }, []],
  [BY_HOST, { uri: 'jdbc:postgresql://new/shop' }, []],
  [{ ...BY_HOST, configMethod: 'credentials' }, { uri: 'jdbc:postgresql://new/shop' }, ['host', 'port']],
  [{ ...BY_HOST, ...BY_URI, configMethod: 'credentials' }, { host: 'new', port: '1' }, []],
])('%o with %o sets %o aside', (saved, body, names) => {
  expect(listOverruled(saved, body)).toEqual({ names, problems: [] });
});

test.each(['jdbc:postgresql://old:5432/shop', 'postgresql:shop', 'postgresql://old?dbname=shop'])(
  'a port or a database that the saved uri %s would hide is refused',
  (uri) => {
    const { names, problems } = listOverruled({ uri }, { port: '1', databaseName: 'x' });
    expect(names).toEqual([]);
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(['port', 'databaseName']);
  },
);
