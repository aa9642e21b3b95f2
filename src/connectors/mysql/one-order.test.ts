import { expect, test } from 'vitest';
import { inOneOrder } from './one-order.ts';
import type { Session, TextRow } from './session.ts';

test.each<[string, TextRow[], string]>([
  ['a table with a primary key', [{ engine: 'InnoDB', keyed: '2' }], ' FORCE INDEX (PRIMARY)'],
  ['a table without one', [{ engine: 'InnoDB', keyed: '0' }], ' USE INDEX ()'],
  ['a table whose rows are not in the order of its key', [{ engine: 'MyISAM', keyed: '1' }], ' USE INDEX ()'],
  ['a view', [], ''],
])('%s is told to be read in one order', async (_, rows, hint) => {
  const asked: string[] = [];
  const session = { query: async (sql: string) => asked.push(sql) && rows } as unknown as Session;
  const request = { path: ['shop', "it's"], signal: new AbortController().signal };
  expect(await inOneOrder(session, request)).toBe(hint);
  expect(asked.join()).toContain("TABLE_NAME = 'it''s'");
});
