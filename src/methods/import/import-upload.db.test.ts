import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { type ZipContent, zipOf } from '../../../test/support/zip-of.ts';
import type { StoredKind } from '../../store/methods/read-methods.ts';
import { filterMethods, getMethod } from '../../store/methods/read-methods.ts';
import { newDictionary, newPattern } from '../new-definitions.ts';
import { streamTerms } from '../read-dictionaries.ts';
import { importUpload, type Upload } from './import-upload.ts';
import type { ImportVerdict } from './verdict.ts';

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-import-'));
});
afterEach(() => rm(folder, { recursive: true }));

const ACTOR = { id: '0199f3a2-7c11-7bb2-9b1d-5a0f0f6ad001', username: 'erika' };
const dictionary = (id: string, given: Record<string, unknown> = {}): string =>
  JSON.stringify({ _id: id, ...newDictionary(`Dictionary ${id}`), csv: `${id}.csv`, ...given });

async function send(bytes: Buffer | string, kind: StoredKind = 'dictionary'): Promise<ImportVerdict[]> {
  const file = join(folder, 'upload');
  await writeFile(file, bytes);
  return take({ type: 'zip', file, mostBytes: 1 << 26 }, kind);
}
const take = (upload: Upload, kind: StoredKind = 'dictionary') =>
  importUpload(database.db, upload, { kind, actor: ACTOR });
const json = (definition: object) => take({ type: 'json', definition });
const sendZip = async (content: ZipContent, kind: StoredKind = 'dictionary') => send(await zipOf(content), kind);
const brief = (verdicts: readonly ImportVerdict[]) => verdicts.map(({ member, verdict }) => `${member}: ${verdict}`);

async function termsOf(id: string): Promise<string[]> {
  const terms: string[] = [];
  for await (const some of streamTerms(database.db, await getMethod(database.db, 'dictionary', id)))
    terms.push(...some);
  return terms;
}

describe('importing', () => {
  it('takes zips of zips and flat ones, each member for itself', async () => {
    const verdicts = await sendZip({
      'One.zip': { 'z1.json': dictionary('z1'), 'z1.csv': 'Term\nred\ngreen\n"a,b"\n' },
      'Two.zip': { 'folder/z2.json': dictionary('z2'), 'folder/z2.csv': 'blue\nBLUE\n' },
      'Broken.zip': Buffer.from('PK nothing'),
      'z3.json': dictionary('z3', { csv: 'other.csv' }),
      'Other.csv': 'Term\nx\n',
      'z4.json': '{"_id": \n 7 7}',
      'z4.csv': 'Term\ny\n',
      'readme.txt': 'hello',
    });
    expect(brief(verdicts)).toEqual([
      'z3.json: created',
      'z4.json: rejected',
      'readme.txt: rejected',
      'One.zip/z1.json: created',
      'Two.zip/folder/z2.json: created',
      'Broken.zip: rejected',
    ]);
    expect(verdicts[1]?.problems).toEqual(['definition: not valid JSON (at line 2, column 4)']);
    expect(verdicts[4]).toMatchObject({ id: 'z2', name: 'Dictionary z2', terms: 2, cardinality: 1, warnings: [] });
    expect(await termsOf('z1')).toEqual(['red', 'green', 'a,b']);
    const stored = await getMethod(database.db, 'dictionary', 'z1');
    expect(stored.members).toEqual({ zip: 'One.zip', json: 'z1.json', csv: 'z1.csv' });
    expect(stored.definition).toEqual(JSON.parse(dictionary('z1')));
    expect(stored).toMatchObject({ origin: 'zip', createdBy: ACTOR.id, enabled: true });
  });

  it('rejects what the database cannot store without its values, and takes the next', async () => {
    const definition = { ...newDictionary('Secret\u0000'), _id: 'unstorable', description: 'also secret\u0000' };
    const [verdict] = await json(definition);
    expect(verdict).toMatchObject({ verdict: 'rejected', id: 'unstorable', terms: 0 });
    expect(verdict?.problems).toEqual([
      expect.stringMatching(/^the catalog database cannot store it: .+ \(22[0-9A-Z]{3}\); /),
    ]);
    expect(verdict?.problems[0]).not.toMatch(/secret/i);
    await expect(getMethod(database.db, 'dictionary', 'unstorable')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(brief(await json({ ...newDictionary('Plain'), _id: 'storable' }))).toEqual(['body: created']);
  });

  it('overwrites by _id, and says when nothing changed', async () => {
    const zip = { 'o1.json': dictionary('o1'), 'o1.csv': 'a\nb\n' };
    expect(brief(await sendZip(zip))).toEqual(['o1.json: created']);
    const first = await getMethod(database.db, 'dictionary', 'o1');
    expect(brief(await sendZip(zip))).toEqual(['o1.json: unchanged']);
    expect(await getMethod(database.db, 'dictionary', 'o1')).toEqual(first);
    expect(brief(await sendZip({ ...zip, 'o1.csv': 'b\na\n' }))).toEqual(['o1.json: overwritten']);
    const second = await getMethod(database.db, 'dictionary', 'o1');
    expect(await termsOf('o1')).toEqual(['b', 'a']);
    expect(second).toMatchObject({ revision: 2, cardinality: 2 });
    const renamed = { ...zip, 'o1.csv': 'b\na\n', 'o1.json': dictionary('o1', { note: 'x', isEnabled: false }) };
    expect(brief(await sendZip(renamed))).toEqual(['o1.json: overwritten']);
    const third = await getMethod(database.db, 'dictionary', 'o1');
    expect(third).toMatchObject({ revision: 3, enabled: false, version: second.version, cardinality: 2 });
    const { rows } = await database.pool.query('SELECT count(*)::int AS n FROM term_set WHERE method_id IS NULL');
    expect(rows).toEqual([{ n: 0 }]);
  });

  it('rejects what is wrong whole, with what was there left as it was', async () => {
    await sendZip({ 'w1.json': dictionary('w1'), 'w1.csv': 'keep\n' });
    const verdicts = await sendZip({
      'w1.json': dictionary('w1', { name: 'new name' }),
      'w1.csv': 'Term,Description\na,b\nc,d\n',
      'w2.json': dictionary('w2', { csv: 'nowhere.csv' }),
      'w3.json': dictionary('w1'),
      'w4.json': '[1, 2]',
      'w5.json': JSON.stringify({ ...newPattern('p', { patterns: [], regexes: [] }), _id: 'w5' }),
      'w6.json': dictionary('w6'),
      'w6.csv': '\n\n',
      'lost.csv': 'x',
    });
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(verdicts.map(() => 'rejected'));
    expect(verdicts.map(({ member, problems }) => `${member}: ${problems[0]}`)).toEqual([
      'w1.json: more lines were left out (3) than taken (0); expected a CSV of one column',
      'w2.json: csv: "nowhere.csv" is not in the zip; it holds "w1.csv", "w6.csv", "lost.csv"',
      'w3.json: _id: w1 is also that of w1.json, which came before; give it another _id',
      'w4.json: received an array of 2, expected one object; make a file of each',
      'w5.json: type: received DataPattern, expected Dictionary',
      'w6.json: terms: there are none; expected a CSV with one term a line',
      'lost.csv: no JSON file of the zip names it; send it by itself as text/csv',
    ]);
    expect(await termsOf('w1')).toEqual(['keep']);
    expect((await getMethod(database.db, 'dictionary', 'w1')).name).toBe('Dictionary w1');
  });

  it('makes a dictionary of a CSV, of JSON with terms, and of JSON whose terms come later', async () => {
    const file = join(folder, 'colours.csv');
    await writeFile(file, 'Term\nx\n"y\n');
    const [csv] = await take({ type: 'csv', file, name: ' Colours ', tag: 'Colour' });
    expect(csv).toMatchObject({ verdict: 'created', name: 'Colours', terms: 1 });
    expect(csv?.warnings).toEqual(['line 3: a quote opens that is never closed; the line was left out']);
    await expect(take({ type: 'csv', file })).rejects.toThrow('name: is missing');
    const [inline] = await json({ ...newDictionary('Inline'), _id: 'i1', terms: ['a', ' ', 'b'] });
    expect(inline).toMatchObject({ verdict: 'created', id: 'i1', terms: 2 });
    expect((await getMethod(database.db, 'dictionary', 'i1')).definition).not.toHaveProperty('terms');
    const [wrong] = await json({ ...newDictionary('Inline'), terms: ['a', 1] });
    expect(wrong?.problems).toEqual(['terms.1: received number, expected a text']);
    const [later] = await json({ ...newDictionary('Later'), _id: 'i2' });
    expect(later?.warnings).toEqual(['it has no terms yet; send them as text/csv to PUT /dictionaries/i2/terms']);
    const [kept] = await json({ ...newDictionary('Inline 2'), _id: 'i1' });
    expect(kept).toMatchObject({
      verdict: 'overwritten',
      terms: 2,
      warnings: ['no terms came with it; it keeps the 2 it had'],
    });
  });

  it('takes flat zips of patterns', async () => {
    const pattern = { _id: 'p1', ...newPattern('Code', { patterns: ['AAsdd'], regexes: ['[A-Z]{2}-\\d\\d'] }) };
    const verdicts = await sendZip({ 'Code.json': JSON.stringify(pattern) }, 'pattern');
    expect(verdicts).toMatchObject([{ member: 'Code.json', verdict: 'created', id: 'p1' }]);
    expect(await filterMethods(database.db, 'pattern', { name: 'code' }, undefined, 9)).toMatchObject([
      { id: 'p1', enabled: false, definition: pattern, members: { json: 'Code.json' } },
    ]);
  });

  it('refuses zips in zips in zips in zips, what is empty and what is no zip', async () => {
    const deep = await sendZip({ 'a.zip': { 'b.zip': { 'c.zip': { 'd.json': dictionary('deep', { csv: '' }) } } } });
    expect(deep).toMatchObject([{ member: 'a.zip/b.zip/c.zip', verdict: 'rejected' }]);
    expect((await sendZip({ 'a.zip': { 'b.zip': { 'd.json': dictionary('deep', { csv: '' }) } } }))[0]).toMatchObject({
      verdict: 'created',
    });
    await expect(sendZip({})).rejects.toThrow('holds no file');
    await expect(send('no zip')).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});
