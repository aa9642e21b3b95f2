import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/test-api.ts';
import { VerbBench } from '../../../test/support/verb-bench.ts';
import { zipOf } from '../../../test/support/zip-of.ts';
import { newDictionary, newPattern } from '../../methods/new-definitions.ts';
import type { VerbContext } from '../verb-context.ts';
import { exportMethods, importMethods, listMethods, removeMethod, showMethod, switchMethod } from './methods.ts';

let api: TestApi;
let folder: string;
let context: VerbContext;
const verbs = new VerbBench();
const { said } = verbs;

beforeAll(async () => {
  api = await createTestApi({ config: { importBytes: 100_000 } });
  folder = await mkdtemp(join(tmpdir(), 'assay-cli-'));
  context = await verbs.asSteward(api, 160);
});
afterAll(async () => {
  await api.drop();
  await rm(folder, { recursive: true });
});

async function file(name: string, content: string | Buffer): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

describe('assay dictionaries', () => {
  it('imports files of all kinds, lists, shows, switches, exports and removes', async () => {
    const csv = await file('Towns.csv', 'Term\nParis\na,b\n');
    const json = await file('colours.json', JSON.stringify({ ...newDictionary('Colours'), terms: ['red'] }));
    expect(await importMethods(context, '/dictionaries', [csv, json], {})).toBe(0);
    expect(said.join('')).toMatch(/body +created +Towns +1\n/);
    expect(said.join('')).toContain('line 3: has 2 fields');
    said.length = 0;
    const zip = await file(
      'some.zip',
      await zipOf({ 'bad.json': '{', 'ok.json': JSON.stringify(newDictionary('Ok')) }),
    );
    expect(await importMethods(context, '/dictionaries', [zip], {})).toBe(1);
    expect(said.join('')).toContain('1 of 2 members taken');
    said.length = 0;

    await listMethods(context, '/dictionaries', { own: true });
    expect(said.join('')).toMatch(/Colours +on +1 +json.*Ok +on +0 +zip.*Towns +on +1 +csv/s);
    await switchMethod(context, '/dictionaries', 'towns', 'disable');
    said.length = 0;
    await listMethods({ ...context, json: true }, '/dictionaries', { disabled: true });
    expect(JSON.parse(said.join(''))).toMatchObject([{ name: 'Towns', isEnabled: false }]);
    await showMethod(context, '/dictionaries', 'Towns');
    expect(said.join('')).toMatch(/termCount +1/);

    const output = join(folder, 'out.zip');
    expect(await exportMethods(context, '/dictionaries', ['Towns'], { output })).toBe(0);
    expect(await removeMethod(context, '/dictionaries', 'Towns', true)).toBe(0);
    expect(await importMethods(context, '/dictionaries', [output], {})).toBe(0);
    expect((await readFile(output)).subarray(0, 2).toString()).toBe('PK');
    said.length = 0;
    await listMethods(context, '/dictionaries', { name: 'towns' });
    expect(said.join('')).toMatch(/Towns +off +1 +zip/);
    await expect(showMethod(context, '/dictionaries', 'nothing')).rejects.toThrow('no dictionary with the id or name');
    expect(await removeMethod(context, '/dictionaries', 'Ok', false)).toBe(2);
  });

  it('says what is wrong with a file before anything is sent, and what the server says of one that is too large', async () => {
    await expect(importMethods(context, '/dictionaries', [join(folder, 'none.csv')], {})).rejects.toThrow(
      'cannot be read',
    );
    const text = await file('x.txt', 'x');
    await expect(importMethods(context, '/dictionaries', [text], {})).rejects.toThrow('.zip, .json or .csv');
    const large = await file('large.csv', 'some term\n'.repeat(200_000));
    await expect(importMethods(context, '/dictionaries', [large], {})).rejects.toMatchObject({
      code: 'TOO_LARGE',
      message: expect.stringContaining('ASSAY_IMPORT_MB'),
    });
  });
});

describe('assay patterns', () => {
  it('does the same with data patterns', async () => {
    const pattern = { _id: 'p', ...newPattern('Code', { patterns: ['dd'], regexes: [] }) };
    const json = await file('code.json', JSON.stringify(pattern));
    expect(await importMethods(context, '/data-patterns', [json], {})).toBe(0);
    said.length = 0;
    expect(await importMethods(context, '/dictionaries', [json], {})).toBe(1);
    expect(said.at(-1)).toBe('Some are of the other kind: use assay patterns import.\n');
    expect(await switchMethod(context, '/data-patterns', 'p', 'enable')).toBe(0);
    expect(said.at(-1)).toBe('Enabled data pattern Code.\n');
    await expect(importMethods(context, '/data-patterns', [await file('y.csv', 'x')], {})).rejects.toThrow(
      '.zip or .json',
    );
  });
});
