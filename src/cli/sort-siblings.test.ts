import { expect, test } from 'vitest';
import { placeText } from './client/find-things.ts';
import { sortSiblings } from './sort-siblings.ts';

const entity = (type: string, name: string, ordinalPosition?: number) => ({
  ...{ _id: name, name, type },
  metadata: ordinalPosition === undefined ? {} : { column: { ordinalPosition } },
});
const namesOf = (...entities: ReturnType<typeof entity>[]) => sortSiblings(entities).map((one) => one.name);

test('columns stand as in their table, everything else by name', () => {
  expect(namesOf(entity('COLUMN', 'a', 10), entity('COLUMN', 'z', 1), entity('COLUMN', 'm', 2))).toEqual([
    'z',
    'm',
    'a',
  ]);
  expect(namesOf(entity('TABLE', 'orders'), entity('VIEW', 'active'), entity('TABLE', 'b'))).toEqual([
    'active',
    'b',
    'orders',
  ]);
  expect(namesOf(entity('COLUMN', 'y'), entity('COLUMN', 'x'), entity('COLUMN', 'z', 1))).toEqual(['z', 'x', 'y']);
});

test('the place of an entity begins with the name of its source', () => {
  const deep = { fqdn: 'f00dcafe/crm/a%2Fb/e%20mail' };
  expect(placeText({ ...deep, resourceName: 'bank' })).toBe('bank/crm/a%2Fb/e mail');
  expect(placeText(deep)).toBe('f00dcafe/crm/a%2Fb/e mail');
  expect(placeText({ fqdn: 's/100%25/a%252Fb' })).toBe('s/100%/a%252Fb');
});
