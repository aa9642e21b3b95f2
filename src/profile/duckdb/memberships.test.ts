import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDuckDb } from '../../../test/support/duckdb-files.ts';
import { canonicalText } from '../../sketch/canonical-text.ts';
import { mayContain } from '../../sketch/membership-filter.ts';
import { fromBytes } from '../../sketch/membership-filter-codec.ts';
import { valueSetHash } from '../../sketch/value-set-codec.ts';
import { foldParts } from '../fold.ts';
import type { Memberships } from '../membership.ts';
import { withMemberships } from '../membership.ts';
import { type MeasuredPart, profileRead } from './profile-read.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memberships-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function measure(select: string, options: object = {}): Promise<MeasuredPart> {
  const path = join(folder, 't.parquet');
  await writeDuckDb(':memory:', [`COPY (${select}) TO '${path}'`]);
  return profileRead(
    { kind: 'relation', spec: { kind: 'parquet', paths: [path] } },
    { memoryMb: 256, threads: 2, tempFolder: folder, signal: new AbortController().signal },
    { key: 'all', whole: true, membershipBytes: 1e6, ...options },
  );
}
const filterOf = (built: Memberships | undefined, name: string) => {
  const found = built?.get(name);
  if (!found || 'unknown' in found) throw new Error(`no filter of ${name}: ${JSON.stringify(found)}`);
  return fromBytes(found.filter);
};

/** Greek capitals are written in lower case by us; the rest by SQL. Every tenth text differs from another one in case alone. */
const ROWS = `SELECT i AS id, (i / 8)::DECIMAL(12,3) AS price, TIMESTAMP '2024-01-01' + INTERVAL (i) SECOND AS at,
  CASE WHEN i % 10 = 0 THEN 'ΟΔΟΣ ' || i WHEN i % 10 = 1 THEN ' A' || i - 1 || ' ' WHEN i % 10 = 2 THEN 'a' || i - 2 ELSE 'Key ' || i END AS text,
  i % 5000 AS half FROM range(10000) t(i)`;

describe('memberships', () => {
  it('of key candidates hold every value, by the hash of its canonical text, and others in 1 of 256 cases', async () => {
    for (const sampling of [
      undefined,
      { smallRows: 1_000, sampleRows: 2_000, groupedValues: 10, sampledValues: 100_000 },
    ]) {
      const { memberships } = await measure(ROWS, sampling ? { sampling } : {});
      expect([...(memberships?.keys() ?? [])]).toEqual(['id', 'price', 'at', 'text']);
      const texts = {
        id: (i: number) => String(i),
        price: (i: number) => canonicalText((i / 8).toFixed(3), 'decimal'),
        at: (i: number) => new Date(Date.UTC(2024, 0, 1) + 1_000 * i).toISOString().slice(0, 19).toLowerCase(),
        text: (i: number) =>
          i % 10 === 0 ? `οδος ${i}` : i % 10 === 1 ? `a${i - 1}` : i % 10 === 2 ? `a${i - 2}` : `key ${i}`,
      };
      for (const [name, textOf] of Object.entries(texts)) {
        const filter = filterOf(memberships, name);
        const all = Array.from({ length: 10_000 }, (_, i) => textOf(i));
        expect([name, filter.values]).toEqual([name, new Set(all).size]);
        expect([name, all.filter((text) => !mayContain(filter, valueSetHash(text)))]).toEqual([name, []]);
        const taken = Array.from({ length: 20_000 }, (_, i) => valueSetHash(`other ${i}`)).filter((hash) =>
          mayContain(filter, hash),
        ).length;
        expect(taken / 20_000).toBeLessThan(0.0055);
      }
    }
  }, 60_000);

  it('are told with their size, or with the reason why there is none', async () => {
    const part = await measure(ROWS);
    const { memberships, ...figures } = part;
    const { columns } = withMemberships(foldParts([figures]), memberships);
    expect(columns[0]?.membership).toEqual({
      values: 10_000,
      bytes: expect.any(Number),
      bitsPerValue: expect.any(Number),
      falsePositives: expect.closeTo(1 / 256, 5),
    });
    const { bitsPerValue = 99 } = (columns[0]?.membership ?? {}) as { bitsPerValue?: number };
    expect(bitsPerValue).toBeLessThanOrEqual(10);
    expect(columns.find(({ name }) => name === 'half')).not.toHaveProperty('membership');
    expect(withMemberships(foldParts([figures])).columns[0]?.membership).toEqual({
      unknown: expect.stringMatching(/in one part/),
    });
    const why = async (select: string, options: object = {}) => (await measure(select, options)).memberships?.get('id');
    const unknown = (what: RegExp) => ({ unknown: expect.stringMatching(what) });
    expect(await why(ROWS, { membershipBytes: 10_000 })).toEqual(
      unknown(/for 10000 values .* MB.*ASSAY_MEMBERSHIP_MB/),
    );
    expect(await why(ROWS, { membershipBytes: 0 })).toEqual(unknown(/0 MB are kept/));
    expect(await why(ROWS, { without: ['valueset'] })).toEqual(unknown(/switched off/));
    expect(await why('SELECT i AS id FROM range(2560) t(i)')).toEqual(unknown(/value set holds all/));
    expect(await why(ROWS, { choice: { sample: { kind: 'nth', n: 2 } } })).toBeUndefined();
    expect((await measure(ROWS, { membershipBytes: undefined })).memberships).toBeUndefined();
  }, 60_000);
});
