import { expect, test } from 'vitest';
import type { AssayClient } from '../../client/index.ts';
import { filterEntities, filterProfiles, findPlace, placeText } from './find-things.ts';

/** A catalog of one schema with tables of awkward names, answering the three calls that a search for a place makes. */
function catalogOf(tables: readonly string[]): AssayClient {
  const source = { _id: 'a'.repeat(24), resourceName: 'bank', fqdnId: 'bank' };
  const entity = (name: string, parentId: string, type: string) => ({ _id: name, name, type, parentId, fqdn: name });
  const all = [entity('bank', '', 'RESOURCE'), ...tables.map((name) => entity(name, 'bank', 'TABLE'))];
  type Filters = { parentIds?: string[]; names?: string[]; types?: string[]; fqdns?: string[] };
  async function* items(_method: string, _path: string, { body }: { body: { filters: Filters } }) {
    const { parentIds, names, types, fqdns } = body.filters;
    for (const one of all) {
      if (fqdns || (parentIds && !parentIds.includes(one.parentId))) continue;
      if ((!names || names.includes(one.name)) && (!types || types.includes(one.type))) yield one;
    }
  }
  const post = async () => ({ data: [source], pageInfo: { totalCount: 1 } });
  return { items, post } as unknown as AssayClient;
}

test('every name is found by the place that is shown for it, slashes and percent signs too', async () => {
  const names = ['plain', 'in/out', 'in%2Fout', '100%', '50%25', 'e mail', 'ä/ö'];
  const client = catalogOf(names);
  for (const name of names) {
    const fqdn = `f00d/${name.replaceAll('%', '%25').replaceAll('/', '%2F')}`;
    const place = placeText({ fqdn, resourceName: 'bank' });
    expect([place, (await findPlace(client, place)).name]).toEqual([place, name]);
  }
  await expect(findPlace(client, 'bank/nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a slash within a name may be given as it is', async () => {
  const client = catalogOf(['in', 'in/out', 'a/b/c']);
  for (const [place, name] of Object.entries({ 'bank/in': 'in', 'bank/in/out': 'in/out', 'bank/a/b/c': 'a/b/c' }))
    expect((await findPlace(client, place)).name).toBe(name);
  await expect(findPlace(client, 'bank/in/off')).rejects.toThrow('in has nothing named "off"');
  await expect(findPlace(client, 'bank/a/b')).rejects.toThrow('bank has nothing named "a", nor "a/b"');
});

test('what is asked for without a limit comes whole', async () => {
  const names = Array.from({ length: 12_345 }, (_, index) => `t${index}`);
  const client = catalogOf(names);
  const filters = { parentIds: ['bank'] };
  expect((await filterEntities(client, filters)).length).toBe(names.length);
  expect((await filterProfiles(client, filters)).length).toBe(names.length);
  expect((await filterEntities(client, filters, 200)).length).toBe(200);
});
