import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { openDatabase } from '../store/open-database.ts';
import { listen } from './listen.ts';

let store: TestDatabase;
beforeAll(async () => {
  store = await createTestDatabase();
});
afterAll(() => store.drop());

test('a listener closed while it is being opened gives its connection back', async () => {
  const options = { max: 2, applicationName: 'test' };
  const { pool } = openDatabase({ connectionString: store.connectionString }, options);
  const listener = listen(pool, { onTask() {}, onCancel() {}, onLost() {} });
  await listener.close();
  const ended = pool.end().then(() => 'ended');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve('still held'), 5_000);
  });
  expect(await Promise.race([ended, late])).toBe('ended');
  clearTimeout(timer);
});
