import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { JobBench, testUser } from '../../../test/support/run-job.ts';
import { atLeast, saveDictionary, savePattern, weighted } from '../../../test/support/save-method.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { claimTasks } from '../../engine/claim.ts';
import { rerunJob } from '../../engine/rerun-job.ts';
import { ensureBuiltIns } from '../../methods/ensure-built-ins.ts';
import { splitPatch, toAttributes } from '../../model/attributes.ts';
import { newEntityId } from '../../model/ids.ts';
import { insertDataSource } from '../../store/data-sources.ts';
import { editEntity, listAssertions } from '../../store/edit-entity.ts';
import { loadEntities } from '../../store/entities.ts';

/** Identification from end to end: on profiles that were made of a real SQLite database and a real CSV file. */
let database: TestDatabase;
let folder: string;
let bench: JobBench;
const [shop, files] = ['65f0000000000000000000a1', '65f0000000000000000000a2'];
const person = '0190a000-0000-7000-8000-000000000001';

const COLOURS = ['red', 'green', 'blue', 'yellow', 'violet', 'orange', 'brown', 'black'];
const ROWS = 1_500;
const cards = (i: number): string => `4000-${String(1_000 + (i % 9_000))}-${String(i % 10_000).padStart(4, '0')}`;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'assay-identified-'));
  bench = new JobBench(database.db, undefined, [folder]);
  // They come in once; each test has methods of its own alone.
  await ensureBuiltIns(database.db);
  const path = join(folder, 'shop.sqlite');
  const sqlite = new DatabaseSync(path);
  sqlite.exec('CREATE TABLE item (id INTEGER PRIMARY KEY, colour TEXT, card TEXT, note TEXT, sold BOOLEAN)');
  sqlite.exec('CREATE TABLE late (colour TEXT)');
  const insert = sqlite.prepare('INSERT INTO item VALUES (?, ?, ?, ?, ?)');
  sqlite.exec('BEGIN');
  for (let i = 0; i < ROWS; i++)
    insert.run(i, (COLOURS[i % COLOURS.length] ?? '').toUpperCase(), cards(i), `note ${i}`, i % 2);
  sqlite.exec('COMMIT');
  sqlite.close();
  await writeFile(
    join(folder, 'paint.csv'),
    `name,tone\n${Array.from({ length: 300 }, (_, i) => `p${i},${COLOURS[i % 5]}`).join('\n')}\n`,
  );
  const base = { secrets: {}, createdBy: null };
  await insertDataSource(database.db, {
    ...base,
    ...{ id: shop, resourceName: 'shop', fqdnId: 'shop', databaseType: 'SQLITE', config: { path } },
  });
  await insertDataSource(database.db, {
    ...base,
    ...{ id: files, resourceName: 'files', fqdnId: 'files', databaseType: 'FS', config: { path: folder } },
  });
  for (const id of [shop, files]) await completed('METADATA_INGEST', { resourceId: id });
  for (const place of ['shop/main/item', 'files/paint.csv'])
    await completed('DATA_PROFILE', { scope: [await at(place)] });
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await database.pool.query('TRUNCATE method, term_set, term_chunk, term_hashes, business_term, assertion');
});

async function completed(name: string, body: Record<string, unknown>) {
  const job = await bench.run(name, body);
  expect([job.status, job.message]).toEqual(['COMPLETED', expect.any(String)]);
  return job;
}
const at = async (fqdn: string): Promise<string> =>
  (await database.db.selectFrom('entity').select('id').where('fqdn', '=', fqdn).executeTakeFirstOrThrow()).id;
const attributesOf = async (fqdn: string) => {
  const [entity] = await loadEntities(database.db, [await at(fqdn)]);
  return toAttributes(entity?.attributes ?? {}, entity?.assertions ?? []);
};
const identify = async (places: string[], more: Record<string, unknown> = {}) =>
  bench.run('DATA_IDENTIFICATION', { scope: await Promise.all(places.map(at)), ...more });

const colours = (more: object = {}) =>
  saveDictionary(database.db, {
    id: 'colours',
    name: 'Colours',
    terms: ['Colour', ...COLOURS, 'pink', 'grey'],
    rule: {
      actions: [
        {
          applyTags: [{ name: 'Colour' }],
          applyTableTags: [{ name: 'Painted' }],
          applyBusinessTerms: [{ name: 'Hue' }],
          applySensitivity: 'LOW',
        },
      ],
    },
    aliases: [{ nameRegex: '(?i)colou?r', score: 1 }],
    ...more,
  });
const cardNumbers = (more: object = {}) =>
  savePattern(database.db, {
    id: 'cards',
    name: 'Card number',
    regex: ['^4000-\\d{4}-\\d{4}$'],
    profilePatterns: ['ddddsddddsdddd'],
    rule: { minSamples: '200', actions: [{ applyTags: [{ name: 'Card' }], applySensitivity: 'HIGH' }] },
    ...more,
  });

describe('identification', () => {
  test('takes back what a disabled method gave once all methods are asked, not when others are', async () => {
    await colours();
    await cardNumbers();
    await identify(['shop/main/item']);
    await database.pool.query("UPDATE method SET enabled = false WHERE id = 'colours'");
    await identify(['shop/main/item'], { dataPatternIds: ['cards'] });
    expect(await attributesOf('shop/main/item/colour')).toMatchObject({ tags: [{ name: 'Colour' }] });
    const { effects } = await identify(['shop/main/item']);
    expect(effects?.deleted).toMatchObject({ tags: expect.any(Number) });
    expect(await attributesOf('shop/main/item/colour')).toEqual({});
    expect(await attributesOf('shop/main/item/card')).toMatchObject({ tags: [{ name: 'Card' }] });
    expect((await attributesOf('shop/main/item')).tags).toBeUndefined();
  });

  test('applies what matches, with evidence, to columns and their tables', async () => {
    await colours();
    await cardNumbers();
    const job = await identify(['shop/main/item', 'files/paint.csv']);
    expect([job.status, job.message]).toEqual(['COMPLETED', expect.stringContaining('3 columns were identified')]);
    const shown = { sourceName: 'Colours', sourceType: 'Dictionary', confidenceScore: 1 };
    expect(await attributesOf('shop/main/item/colour')).toMatchObject({
      tags: [{ name: 'Colour', ...shown }],
      businessTerms: [{ id: expect.any(String), name: 'Hue', ...shown }],
      features: { sensitivity: 'LOW' },
    });
    expect(await attributesOf('shop/main/item/card')).toMatchObject({
      tags: [{ name: 'Card', sourceName: 'Card number', sourceType: 'DataPattern' }],
      features: { sensitivity: 'HIGH' },
    });
    expect(await attributesOf('shop/main/item/note')).toEqual({});
    expect(await attributesOf('shop/main/item')).toMatchObject({
      tags: [{ name: 'Painted' }],
      features: { sensitivity: 'HIGH' },
    });
    expect(await attributesOf('files/paint.csv')).toMatchObject({
      tags: [{ name: 'Painted' }],
      features: { sensitivity: 'LOW' },
    });
    const [said] = await listAssertions(database.db, await at('shop/main/item/colour'));
    expect(said).toMatchObject({
      ...{ origin: 'job', byJob: job.id, methodId: 'colours', columnId: await at('shop/main/item/colour') },
      evidence: { methodId: 'colours', column: 'colour', rule: 0, confidence: { value: 1, basis: 'exact' } },
    });
    expect(said?.evidence.factors).toEqual(
      expect.arrayContaining([expect.objectContaining({ variable: 'similarity', weight: 0.9, contribution: 0.9 })]),
    );
  });

  test('names no value that a profile does not show, unless it is a term of the dictionary', async () => {
    await cardNumbers();
    await identify(['shop/main/item']);
    const [said] = await listAssertions(database.db, await at('shop/main/item/card'));
    const { rows } = await database.pool.query(`SELECT body FROM profile WHERE current AND entity_id = $1`, [
      await at('shop/main/item/card'),
    ]);
    const shown = JSON.stringify(rows[0].body);
    const matched = said?.evidence.matched as string[];
    expect(matched.length).toBeGreaterThan(0);
    for (const value of matched) expect(shown).toContain(value);
  });

  test('the same again writes nothing, and says so', async () => {
    await colours();
    await cardNumbers();
    await identify(['shop/main/item']);
    const rows = async () =>
      (await database.pool.query('SELECT id, xmin::text, ctid::text FROM assertion ORDER BY id')).rows;
    const before = await rows();
    const again = await identify(['shop/main/item']);
    expect(again.effects).toMatchObject({
      created: {},
      changed: {},
      deleted: {},
      unchanged: { tags: 2, 'business terms': 1, sensitivities: 2, 'table tags': 1, 'table sensitivities': 1 },
    });
    expect(await rows()).toEqual(before);
  });

  test('takes back what a method no longer finds, and leaves what others found, and people', async () => {
    await colours();
    await cardNumbers();
    await identify(['shop/main/item']);
    const card = await at('shop/main/item/card');
    await editEntity(database.db, card, person, splitPatch({ tags: [{ name: 'Card' }, { name: 'Mine' }] }), () => {});
    await cardNumbers({ regex: ['^5'], profilePatterns: [] });
    await identify(['shop/main/item'], { dataPatternIds: ['cards'] });
    expect(await attributesOf('shop/main/item/card')).toEqual({ tags: [{ name: 'Mine' }] });
    expect(await attributesOf('shop/main/item/colour')).toMatchObject({ tags: [{ name: 'Colour' }] });
    expect(await attributesOf('shop/main/item')).toMatchObject({ features: { sensitivity: 'LOW' } });
    await database.db.deleteFrom('method').where('id', '=', 'colours').execute();
    await identify(['shop/main/item']);
    expect(await attributesOf('shop/main/item/colour')).toEqual({});
    expect(await attributesOf('shop/main/item')).toEqual({});
  });

  test('what a person took back does not come back', async () => {
    await colours();
    await identify(['shop/main/item']);
    await editEntity(database.db, await at('shop/main/item/colour'), person, splitPatch({ tags: [] }), () => {});
    const again = await identify(['shop/main/item']);
    expect(again.effects?.skipped).toEqual({ 'findings that a person decided already': 1 });
    expect(await attributesOf('shop/main/item/colour')).not.toHaveProperty('tags');
  });

  test('a column in scope stands for itself', async () => {
    await colours();
    await cardNumbers();
    const job = await identify(['shop/main/item/colour']);
    expect(job.result).toMatchObject({ tables: 1, columns: 1, identifiedColumns: 1 });
    expect(await attributesOf('shop/main/item/card')).toEqual({});
  });

  test('re-run asks the same again', async () => {
    await colours();
    const first = await identify(['shop/main/item'], { dictionaryIds: ['colours'] });
    const { id } = await rerunJob(database.db, first.id, testUser);
    await bench.work();
    const again = await bench.get(id);
    expect([again.status, again.input]).toEqual(['COMPLETED', first.input]);
    expect(again.effects?.unchanged).toMatchObject({ tags: 1 });
  });
});

describe('what cannot be judged', () => {
  test('a table without a profile fails alone, with the remedy', async () => {
    await colours();
    const job = await identify(['shop/main/item', 'shop/main/late']);
    expect([job.status, job.message]).toEqual([
      'FAILED',
      '1 of 2 tables failed: main.late: it was not profiled; run the job data-profiling on it, then identify it again',
    ]);
    expect(job.result).toMatchObject({
      pairs: { judged: expect.any(Number), notJudged: expect.any(Number) },
      feasibility: {
        pairs: expect.arrayContaining([expect.objectContaining({ column: 'colour', method: 'Colours' })]),
      },
    });
    expect(await attributesOf('shop/main/item/colour')).toMatchObject({ tags: [{ name: 'Colour' }] });
  });

  test('a job of which no method could say anything has failed, and says what is missing', async () => {
    await savePattern(database.db, { id: 'many', regex: ['.*'], rule: { minSamples: '1000000' } });
    const job = await identify(['shop/main/item']);
    expect([job.status, job.message]).toEqual(['FAILED', expect.stringContaining('Nothing could be judged')]);
    expect(Object.keys(job.effects?.notDone ?? {}).length).toBeGreaterThan(0);
  });

  test('a dictionary of which the column has too few terms is ruled out, and not counted as judged', async () => {
    await colours({ rule: { minSamples: '1000000', confidenceScore: weighted({ similarity: 1 }) }, aliases: [] });
    const job = await identify(['shop/main/item/card', 'shop/main/item/colour']);
    // Of the colours it has terms enough, and lacks rows.
    expect(job.result).toMatchObject({
      pairs: { judged: 0, ruledOut: 1, matched: 0, notJudged: 1 },
      feasibility: { pairs: [{ column: 'colour' }], all: expect.stringContaining('/data-identification/feasibility') },
    });
  });

  test('a column that an ingest saw change since it was profiled is judged by no method', async () => {
    await colours();
    const id = await at('shop/main/item/colour');
    await database.pool.query(`UPDATE entity SET updated_at = now() WHERE id = $1`, [id]);
    const job = await identify(['shop/main/item']);
    await database.pool.query(`UPDATE entity SET updated_at = created_at WHERE id = $1`, [id]);
    expect(job.effects?.notDone).toMatchObject({
      'pairs of a method and a column that could not be judged: stale profile': 1,
    });
    expect(await attributesOf('shop/main/item/colour')).toEqual({});
  });

  test('nor is one that an ingest saw change while it was read, before its profile was written', async () => {
    await colours();
    const reasons = async (place: string, changed: string, at: string): Promise<string[]> => {
      await database.pool.query(
        `UPDATE entity e SET updated_at = ${at} FROM profile p, task t
          WHERE e.fqdn = $1 AND p.current AND p.entity_id = (SELECT id FROM entity WHERE fqdn = $2)
            AND t.job_id = p.job_id AND t.item = p.table_id::text`,
        [changed, place],
      );
      const job = await identify([place]);
      await database.pool.query(`UPDATE entity SET updated_at = created_at WHERE fqdn = $1`, [changed]);
      return Object.values(
        (job.result as { feasibility: { pairs: { missing: string[] }[] } }).feasibility.pairs,
      ).flatMap(({ missing }) => missing);
    };
    const stale = [expect.stringMatching(/^stale profile: .*after the reading began for the profile of/)];
    for (const [place, changed] of [
      ['shop/main/item/colour', 'shop/main/item/colour'],
      ['files/paint.csv/tone', 'files/paint.csv'],
    ] as const) {
      expect(await reasons(place, changed, `p.profiled_at - interval '1 microsecond'`)).toEqual(stale);
      expect(await reasons(place, changed, 't.started_at')).toEqual([]);
    }
  });

  test('a hostile expression fails by its name, and the other methods go on', async () => {
    await colours();
    await savePattern(database.db, {
      id: 'hostile',
      name: 'Hostile',
      // For \1 only an engine that goes back will do, and it may read each character of a card number in eight ways.
      regex: ['((?:\\d|[\\d-]|[0-9]|[0-9-])+)+\\1!'],
      rule: { confidenceScore: weighted({ regexScore: 1 }), condition: { and: [atLeast('confidenceScore', 0.5)] } },
    });
    const job = await identify(['shop/main/item']);
    expect(await attributesOf('shop/main/item/colour')).toMatchObject({ tags: [{ name: 'Colour' }] });
    expect([job.status, job.message]).toEqual([
      'FAILED',
      expect.stringMatching(/^data pattern Hostile \(hostile\): .* was stopped after/),
    ]);
    expect(job.result).toMatchObject({ identifiedColumns: 1 });
  });
});

describe('a request', () => {
  const refused = async (body: Record<string, unknown>): Promise<string> =>
    bench.accept('DATA_IDENTIFICATION', body).then(
      () => 'accepted',
      (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
    );

  test('names every method that is unknown, of the other kind, or disabled', async () => {
    await colours();
    await cardNumbers({ enabled: false });
    const scope = [await at('shop/main/item')];
    expect(await refused({ scope, dictionaryIds: ['colours', 'nowhere', 'cards'], dataPatternIds: ['cards'] })).toBe(
      'BAD_REQUEST: dictionaryIds: there is no dictionary nowhere; dictionaryIds: cards is a data pattern (Card number), expected a dictionary; dataPatternIds: the data pattern Card number (cards) is disabled; enable it, or leave it out',
    );
    expect(await refused({ scope: [newEntityId()] })).toContain('NOT_FOUND');
    const { input } = await bench.accept('DATA_IDENTIFICATION', { scope, dictionaryIds: ['colours', 'colours'] });
    expect(input).toMatchObject({ dictionaryIds: ['colours'] });
    expect(await refused({ scope: ['x'] })).toContain('MALFORMED_ID');
  });

  test('on nothing that has columns, or with no method at all, has failed', async () => {
    const none = await identify(['shop/main/item']);
    expect([none.status, none.message]).toEqual([
      'FAILED',
      expect.stringContaining('no dictionary and no data pattern'),
    ]);
  });
});

describe('an interrupted job', () => {
  test('goes on where it was when its worker is gone, and a task done twice doubles nothing', async () => {
    await colours();
    const job = await bench.accept('DATA_IDENTIFICATION', { scope: [await at('shop'), await at('files')] });
    const worker = { workerId: newEntityId(), workerName: 'gone', host: 'test', affinities: ['DEFAULT'] };
    const lose = async (): Promise<void> => {
      expect(await claimTasks(database.db, worker, 1)).not.toEqual([]);
      await database.pool.query(`UPDATE task SET lease_until = now() - interval '1 minute' WHERE state = 'running'`);
      await bench.sweep();
      await database.pool.query(`UPDATE task SET run_at = now() WHERE state = 'ready'`);
    };
    await lose();
    await bench.work();
    expect((await bench.get(job.id)).status).toBe('FAILED');
    // As if the worker had gone after the results were written and before anybody heard of it.
    await database.pool.query(
      `UPDATE task SET state = 'ready', finished_at = NULL WHERE job_id = $1 AND kind = 'work' AND state = 'done'`,
      [job.id],
    );
    await database.pool.query(
      `UPDATE job SET status = 'RUNNING', finished_at = NULL,
        open_tasks = (SELECT count(*) FROM task WHERE job_id = $1 AND state = 'ready') WHERE id = $1`,
      [job.id],
    );
    await lose();
    await bench.work();
    expect((await bench.get(job.id)).effects).toMatchObject({ unchanged: { tags: 2 } });
    const { rows } = await database.pool.query(
      `SELECT count(*)::int AS n FROM assertion WHERE removed_at IS NULL AND kind = 'tag' AND value = 'Colour'`,
    );
    expect(rows[0].n).toBe(2);
  });

  test('is cancelled as any other', async () => {
    await colours();
    const job = await bench.accept('DATA_IDENTIFICATION', { scope: [await at('shop/main/item')] });
    await bench.cancel(job.id);
    await bench.sweep();
    expect((await bench.get(job.id)).status).toBe('CANCELLED');
  });
});
