import { Readable } from 'node:stream';
import { buildTerms } from '../src/methods/build-terms.ts';
import { streamHashes } from '../src/methods/read-dictionaries.ts';
import { newEntityId } from '../src/model/ids.ts';
import { HASH_KINDS } from '../src/sketch/sketch.ts';
import { HASH_BITS, MOST_HASHES, ValueSet } from '../src/sketch/value-set.ts';
import { toBase64 } from '../src/sketch/value-set-codec.ts';
import { copyInto, copyLine } from '../src/store/copy-into.ts';
import type { Db } from '../src/store/database.ts';
import { listEnabledMethods } from '../src/store/methods/read-methods.ts';
import { putMethod } from '../src/store/methods/write-methods.ts';
import { giveTerms } from '../src/store/methods/write-terms.ts';
import { seededRandom } from './seeded-random.ts';

const SPACE = 2 ** HASH_BITS;

/** Sizes that fall off as those of real word lists do, from thousands of times as many in the first as in the last. */
function sizesOf(dictionaries: number, terms: number): number[] {
  const weights = Array.from({ length: dictionaries }, (_, i) => 1 / (i + 3));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => Math.max(10, Math.round((weight / sum) * terms)));
}

/** Dictionaries whose terms are all different, as the importer would store them. */
export async function makeDictionaries(db: Db, dictionaries: number, terms: number): Promise<number> {
  let made = 0;
  for (const [i, size] of sizesOf(dictionaries, terms).entries()) {
    const id = `bench-${String(i).padStart(5, '0')}`;
    function* texts(): Generator<string[]> {
      for (let from = 0; from < size; from += 10_000)
        yield Array.from({ length: Math.min(10_000, size - from) }, (_, j) => `${id} term ${from + j}`);
    }
    await db.transaction().execute(async (trx) => {
      const built = await buildTerms(trx, texts());
      made += built.cardinality;
      await putMethod(trx, {
        id,
        kind: 'dictionary',
        name: `Dictionary ${i}`,
        enabled: true,
        builtIn: false,
        version: built.digest,
        origin: 'json',
        language: 'en',
        categories: [],
        definition: definitionOf(id, `Dictionary ${i}`, size),
        members: {},
        warnings: [],
        userId: null,
      });
      await giveTerms(trx, id, built.termSet);
    });
  }
  return made;
}

const definitionOf = (id: string, name: string, rowCount: number): Record<string, unknown> => ({
  _id: id,
  name,
  type: 'Dictionary',
  isEnabled: true,
  rules: [
    {
      type: 'Dictionary',
      minSamples: '1',
      confidenceScore: {
        '+': [{ '*': [{ var: 'similarity' }, 0.9] }, { '*': [{ var: 'metadataScore' }, 0.1] }],
      },
      condition: {
        and: [{ '>=': [{ var: 'confidenceScore' }, '0.7'] }, { '>=': [{ var: 'columnCardinality' }, '5'] }],
      },
      actions: [{ applyTags: [{ name }] }],
    },
  ],
  categories: [],
  rowCount,
  language: 'en',
  builtIn: false,
  metadataHints: { aliases: [{ nameRegex: `(?i)^${name.replace(' ', '_')}$`, score: 1 }] },
});

/**
 * Tables of 50 columns with profiles as profiling writes them, some 15 kB each: a third of the columns have up to 100 different values, a
 * third up to k, a third up to a million; one in four is of the terms of a dictionary, the others have nothing to do with any.
 *
 * @returns the id of the root
 */
export async function makeProfiles(
  db: Db,
  { columns, sourceId, seed }: { columns: number; sourceId: string; seed: number },
): Promise<{ rootId: string; meant: number }> {
  const random = seededRandom(seed);
  const methods = await listEnabledMethods(db);
  const terms = methods.map(() => [] as Float64Array[]);
  for await (const { dictionary, hashes } of streamHashes(db, methods)) terms[dictionary]?.push(hashes);
  const sorted = terms.map((runs) => runs.flatMap((run) => [...run]));
  const rootId = newEntityId();
  const tables = Math.ceil(columns / PER_TABLE);
  let meant = 0;

  function makeSet(): { base64: string; distinct: number; isMeant: boolean } {
    const distinct = Math.ceil([100, MOST_HASHES, 1e6][Math.floor(random() * 3)]! ** (0.4 + 0.6 * random()));
    const limit = distinct > MOST_HASHES ? (SPACE * MOST_HASHES) / distinct : SPACE;
    const kept = Math.min(distinct, MOST_HASHES);
    const noise = () => Math.floor(random() * limit);
    const of = sorted[Math.floor(random() * sorted.length)]!;
    const hashes = new Set<number>();
    let isMeant = false;
    if (random() < 0.25 && distinct <= of.length) {
      const share = 0.85 + 0.15 * random();
      const start = distinct > MOST_HASHES ? 0 : Math.floor(random() * of.length);
      // Of a set that was cut, what lies below the limit: the terms themselves are spread evenly.
      for (let i = 0; hashes.size < kept * share && i < of.length; i++) hashes.add(of[(start + i) % of.length]!);
      isMeant = true;
    }
    while (hashes.size < kept) hashes.add(noise());
    const set = new ValueSet(hashes, distinct > MOST_HASHES, HASH_KINDS.choosingCanonicalText);
    return { base64: toBase64(set), distinct: Math.round(set.estimate()), isMeant };
  }
  const sets = Array.from({ length: Math.min(columns, DIFFERENT) }, makeSet);

  const entity = (id: string, parent: string | null, type: string, path: string[], ordinal = 0): string =>
    copyLine([id, sourceId, parent, rootId, type, path.at(-1) ?? 'bench', ['bench', ...path].join('/'), ordinal, '{}']);
  const ids = Array.from({ length: tables }, () => ({
    id: newEntityId(),
    columns: Array.from({ length: PER_TABLE }, () => newEntityId()),
  }));
  function* entities(): Generator<string> {
    const schema = newEntityId();
    yield entity(rootId, null, 'RESOURCE', []);
    yield entity(schema, rootId, 'SCHEMA', ['s']);
    for (const [t, table] of ids.entries()) {
      yield entity(table.id, schema, 'TABLE', ['s', `t${t}`]);
      for (const [c, id] of table.columns.entries())
        yield entity(id, table.id, 'COLUMN', ['s', `t${t}`, `c${c}`], c + 1);
    }
  }
  function* profiles(): Generator<string> {
    const basis = JSON.stringify({ kind: 'all rows', rowsRead: ROWS, partitions: 1 });
    for (const table of ids) {
      for (const [c, id] of table.columns.entries()) {
        const set = sets[Math.floor(random() * sets.length)]!;
        if (set.isMeant) meant++;
        yield copyLine([id, table.id, sourceId, JOB, 1, basis, JSON.stringify(bodyOf(`c${c}`, c + 1, set))]);
      }
    }
  }
  const own = ['id', 'source_id', 'parent_id', 'root_id', 'type', 'name', 'fqdn', 'ordinal', 'metadata'];
  const of = ['entity_id', 'table_id', 'source_id', 'job_id', 'job_seq', 'basis', 'body'];
  await db.transaction().execute((trx) => copyInto(trx, 'entity', own, Readable.from(entities())));
  await db.transaction().execute((trx) => copyInto(trx, 'profile', of, Readable.from(profiles())));
  return { rootId, meant };
}

const PER_TABLE = 50;
/** Value sets that differ: making one takes longer than looking it up. */
const DIFFERENT = 5_000;
const ROWS = 1_000_000;
const JOB = 'f'.repeat(24);
const exact = <T>(value: T) => ({ value, basis: 'exact' });
/** As long as the real ones, and as good as random. */
const COUNTER = Buffer.from(Array.from({ length: 2_048 }, (_, i) => (i * 2_654_435_761) & 255)).toString('base64');

function bodyOf(name: string, ordinal: number, set: { base64: string; distinct: number }): Record<string, unknown> {
  const few = Array.from({ length: 20 }, (_, i) => ({ value: `value number ${i}`, count: 100 - i, percent: 0.01 }));
  const patterns = Array.from({ length: 20 }, (_, i) => ({
    ...{ pattern: `aaaaawaaaaaaw${'d'.repeat(i + 1)}`, count: 1_000 - i, percent: 0.1, heat: 100 - i },
    ...{ sample: `value number ${i}`, smallest: 'value number 0', largest: 'value number 9' },
  }));
  return {
    ...{ name, ordinal, nativeType: 'text', duckdbType: 'VARCHAR', typeBasis: 'precise', kind: 'text' },
    ...{ rows: exact(ROWS), nonNull: exact(ROWS), nulls: exact(0), blanks: exact(0) },
    distinct: exact(set.distinct),
    ...{
      uniqueness: exact(1),
      density: exact(100),
      selectivity: exact(1),
      lexicalMin: exact('a'),
      lexicalMax: exact('z'),
    },
    topValues: { value: few, basis: 'estimate' },
    patterns: { value: patterns, basis: 'estimate' },
    quantiles: exact(Object.fromEntries(['0', '0.25', '0.5', '0.75', '1'].map((at) => [at, `value ${at}`]))),
    distinctCounter: COUNTER,
    valueSet: set.base64,
  };
}
