import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { zipOf } from '../../../test/support/zip-of.ts';
import { canonicalText } from '../../sketch/canonical-text.ts';
import type { StoredKind, StoredMethod } from '../../store/methods/read-methods.ts';
import { getMethod, listMethodsById } from '../../store/methods/read-methods.ts';
import { deleteMethod, switchMethod } from '../../store/methods/write-methods.ts';
import { readTerms } from '../csv/read-terms.ts';
import { importUpload } from '../import/import-upload.ts';
import { newDictionary, newPattern } from '../new-definitions.ts';
import { openZip } from '../zip/open-zip.ts';
import { readMember } from '../zip/read-member.ts';
import { exportZip } from './export-zip.ts';

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-export-'));
});
afterEach(() => rm(folder, { recursive: true }));

const ACTOR = { id: '0199f3a2-7c11-7bb2-9b1d-5a0f0f6ad001', username: 'erika' };

async function send(bytes: Buffer, kind: StoredKind) {
  const file = join(folder, 'upload.zip');
  await writeFile(file, bytes);
  return importUpload(database.db, { type: 'zip', file, mostBytes: 1 << 26 }, { kind, actor: ACTOR });
}

/** Path → content, of JSON parsed, of CSV the terms. */
async function contentOf(bytes: Buffer, path = ''): Promise<Record<string, unknown>> {
  const content: Record<string, unknown> = {};
  const zip = await openZip({ bytes }, { bytes: 2 ** 30, members: 1_000 });
  for (const member of zip.members) {
    const read = await readMember(member);
    if (member.name.endsWith('.zip')) Object.assign(content, await contentOf(read, `${path}${member.name}/`));
    else if (member.name.endsWith('.json')) content[path + member.name] = JSON.parse(read.toString());
    else {
      const terms: string[] = [];
      for await (const some of readTerms(new Blob([new Uint8Array(read)]).stream()).terms) terms.push(...some);
      content[path + member.name] = terms;
    }
  }
  return content;
}

const csvOf = (terms: readonly string[]): string =>
  `Term\n${terms.map((term) => `"${term.replaceAll('"', '""')}"\n`).join('')}`;

describe('exporting', () => {
  it('gives what was imported: the names of files, the JSON, the terms in their order and spelling', async () => {
    const term = fc
      .oneof(
        fc.string({ unit: 'grapheme', maxLength: 20 }),
        fc.constantFrom('a,b', 'x"y', 'l\nm', ' lead', 'trail ', 'Term'),
      )
      .filter((text) => canonicalText(text) !== '' && !/[\0\ufffd]/.test(text));
    const storable = fc
      .jsonValue({ maxDepth: 3 })
      .filter((value) => !/\\u0000|__proto__|\\ud[89a-f]/i.test(JSON.stringify(value)));
    const one = fc.record({
      terms: fc.array(term, { minLength: 1, maxLength: 20 }),
      extra: storable,
      zipped: fc.boolean(),
      on: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 4 }), async (given) => {
        const content: Record<string, unknown> = {};
        const zip: Parameters<typeof zipOf>[0] = {};
        for (const [i, { terms, extra, zipped, on }] of given.entries()) {
          const definition = {
            _id: `id-${i}`,
            ...newDictionary(`Name ${i}`),
            isEnabled: on,
            csv: `terms ${i}.csv`,
            unknown: extra,
          };
          const files = { [`d${i}.json`]: JSON.stringify(definition), [`terms ${i}.csv`]: csvOf(terms) };
          if (zipped) zip[`Inner ${i}.zip`] = files;
          else Object.assign(zip, files);
          const path = zipped ? `Inner ${i}.zip/` : '';
          content[`${path}d${i}.json`] = JSON.parse(JSON.stringify(definition));
          content[`${path}terms ${i}.csv`] = terms;
        }
        const verdicts = await send(await zipOf(zip), 'dictionary');
        expect(verdicts.filter(({ problems }) => problems.length > 0)).toEqual([]);
        const ids = given.map((_, i) => `id-${i}`);
        const methods = await listMethodsById(database.db, ids, 'dictionary');
        const exported = await buffer(exportZip(database.db, methods));
        expect(await contentOf(exported)).toEqual(content);
        const again = await send(exported, 'dictionary');
        expect(again.map(({ verdict }) => verdict)).toEqual(ids.map(() => 'unchanged'));
        await database.db.transaction().execute(async (trx) => {
          for (const id of ids) await deleteMethod(trx, id);
        });
      }),
      { numRuns: 25 },
    );
  });

  it('gives patterns flat, says what was switched off, and keeps names apart', async () => {
    const pattern = (id: string) => ({ _id: id, ...newPattern('Code / A', { patterns: ['dd'], regexes: [] }) });
    await send(await zipOf({ 'a.json': JSON.stringify(pattern('p1')) }), 'pattern');
    await send(await zipOf({ 'a.json': JSON.stringify(pattern('p2')) }), 'pattern');
    await switchMethod(database.db, 'pattern', 'p2', true, ACTOR.id);
    const methods = await listMethodsById(database.db, ['p1', 'p2']);
    expect(await contentOf(await buffer(exportZip(database.db, methods)))).toEqual({
      'a.json': pattern('p1'),
      'a.zip/a.json': { ...pattern('p2'), isEnabled: true },
    });
    const fresh: StoredMethod[] = methods.map((method) => ({ ...method, members: {} }));
    expect(Object.keys(await contentOf(await buffer(exportZip(database.db, fresh))))).toEqual([
      'Code _ A.json',
      'Code _ A.zip/Code _ A.json',
    ]);
  });

  it('fails rather than leave terms out that were replaced meanwhile', async () => {
    const zip = await zipOf({ 'x.json': JSON.stringify({ _id: 'x', ...newDictionary('X') }), 'x.csv': 'a\nb\n' });
    await send(zip, 'dictionary');
    const method = await getMethod(database.db, 'dictionary', 'x');
    await expect(buffer(exportZip(database.db, [{ ...method, terms: 3 }]))).rejects.toThrow(
      'replaced while they were read',
    );
  });
});
