import { expect, test } from 'vitest';
import { toFqdnDisplay } from './entity.ts';

const entity = { fqdn: 'f00d/public/v/id', databaseType: 'POSTGRES', databaseName: null, path: null, uri: null };

test.each([
  [{ databaseName: 'sales' }, 'postgres:sales/public/v/id'],
  [{ uri: 'jdbc:postgresql://db:5432/sales?user=a' }, 'postgres:sales/public/v/id'],
  [{ uri: 'postgres://a@db/public' }, 'postgres:public/v/id'],
  [{}, 'postgres:public/v/id'],
])('the display name has the database, however it was given: %j', (source, display) => {
  expect(toFqdnDisplay({ ...entity, ...source })).toBe(display);
});
