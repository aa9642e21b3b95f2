import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measuredColumn } from '../column.ts';
import { exact, isKnown } from '../figure.ts';
import type { GroupsBasis } from '../measures/measure.ts';
import { patterns } from '../measures/patterns.ts';
import { buildStatement } from '../statements.ts';
import { isBlank, patternOf } from '../text/alphabet.ts';
import { finishPatterns, type PatternFigure } from '../text/finish-patterns.ts';
import type { PatternsPart } from '../text/patterns-part.ts';
import { openSession, type Session } from './session.ts';

let folder: string;
let session: Session;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patterns-'));
  session = await openSession({ memoryMb: 256, threads: 2, tempFolder: folder, signal: new AbortController().signal });
});
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

const column = measuredColumn({ name: 'x', nativeType: 'text', duckdbType: 'VARCHAR', typeBasis: 'precise' }, 'c0');

/** The part of the values that a query gives as `v` and `n`. */
async function measure(query: string, groups: GroupsBasis, filled?: number): Promise<PatternsPart> {
  await session.run(`CREATE OR REPLACE TEMP TABLE g AS ${query}`, 'grouping');
  const parts = filled === undefined ? {} : { counts: { nonNull: filled, blanks: 0, nan: 0, infinite: 0 } };
  const known = { whole: true, groups, parts };
  const statement = buildStatement([{ column, measure: patterns, known }], null);
  const [row = []] = await session.query(statement.sql, 'measuring');
  const aliases = statement.fields[0]?.aliases ?? [];
  return patterns.part(Object.fromEntries(aliases.map((alias, i) => [alias, row[i] ?? null])), column, known);
}

const shown = (part: PatternsPart): PatternFigure[] => {
  const figure = finishPatterns(part);
  return isKnown(figure) ? figure.value : [];
};

describe('patterns of a column', () => {
  it('are counted exactly where all values are looked at, blanks left out', async () => {
    const part = await measure(
      `SELECT * FROM (VALUES ('KA-17', 3), ('KB-09', 2), ('k', 1), (' ', 7), ('', 2), ('東京', 1)) t(v, n)`,
      { kind: 'all' },
    );
    expect(finishPatterns(part)).toEqual(
      exact([
        {
          ...{ pattern: 'AAsdd', count: 5, percent: (100 * 5) / 7, heat: 100 },
          ...{ sample: 'KA-17', smallest: 'KA-07', largest: 'KB-19' },
        },
        { pattern: 'LL', count: 1, percent: 100 / 7, heat: 20, sample: '東京', smallest: '東京', largest: '東京' },
        { pattern: 'a', count: 1, percent: 100 / 7, heat: 20, sample: 'k', smallest: 'k', largest: 'k' },
      ]),
    );
  });

  it('are what counting each value by itself gives, for any text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.string({
            unit: fc.oneof(
              fc.constantFrom('a', 'A', '1', ' ', '-', '\0'),
              fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
            ),
            maxLength: 8,
          }),
          { maxLength: 60 },
        ),
        async (texts) => {
          const counts = new Map<string, number>();
          for (const text of texts)
            if (!isBlank(text)) counts.set(patternOf(text), (counts.get(patternOf(text)) ?? 0) + 1);
          const list = JSON.stringify(texts).replaceAll("'", "''");
          const part = await measure(
            `SELECT v, count(*) AS n FROM (SELECT unnest(from_json('${list}', '["VARCHAR"]')) AS v) GROUP BY v`,
            { kind: 'all' },
          );
          expect(Object.fromEntries(part.patterns.map(({ pattern, count }) => [pattern, count]))).toEqual(
            Object.fromEntries(counts),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it('of long values are of their first 128 characters, and say so', async () => {
    const [entry] = shown(await measure(`SELECT repeat('ab1', 400000) AS v, 1 AS n`, { kind: 'all' }));
    expect(entry?.pattern).toBe(`${'aad'.repeat(43).slice(0, 128)}…`);
    expect(entry?.sample.length).toBe(129);
    expect(entry?.smallest.length).toBe(128);
  });

  it('beyond what is looked at are estimates, and their intervals hold the truth', async () => {
    let [inside, all] = [0, 0];
    for (let seed = 0; seed < 25; seed += 1) {
      // Half the rows in a few frequent values, half in 60,000 rare ones.
      const part = await measure(
        `SELECT CASE WHEN i < 20 THEN 'F' || i WHEN hash(i + ${seed} * 7919) % 10 = 0 THEN 'r-' || (i * 7 + ${seed}) ELSE 'R' || (i + 1000000 + ${seed} * 100000) END AS v,
          CASE WHEN i < 20 THEN 3000 ELSE 1 END AS n FROM range(60020) t(i)`,
        { kind: 'all' },
      );
      const truths = new Map(
        (await session.query(
          `SELECT regexp_replace(translate(v, 'FRr-', 'AAas'), '[0-9]', 'd', 'g'), sum(n)::VARCHAR FROM g GROUP BY 1`,
          'counting',
        )) as [string, string][],
      );
      expect(part.filled).toBe(120_000);
      expect(part.looked).toBeLessThan(9_000);
      const named = shown(part);
      expect(named.filter(({ pattern }) => /^Add?$/.test(pattern)).reduce((sum, { count }) => sum + count, 0)).toBe(
        60_000,
      );
      for (const { pattern, low, high } of named) {
        const truth = truths.get(pattern);
        if (low === high) continue;
        all += 1;
        if ((low as number) <= Number(truth) && Number(truth) <= (high as number)) inside += 1;
      }
    }
    expect(all).toBeGreaterThan(70);
    expect(inside / all).toBeGreaterThan(0.9);
  });

  it('of a sample of the rows stand for all rows', async () => {
    const part = await measure(
      `SELECT CASE WHEN i % 4 = 0 THEN 'x-' || (1000 + i) ELSE 'xy' || (1000 + i) END AS v, 1 AS n FROM range(8000) t(i)`,
      { kind: 'sample', level: 5, rows: 8_000, ofRows: 256_000 },
      256_000,
    );
    expect(shown(part)[0]).toMatchObject({ pattern: 'aadddd', count: 192_000, percent: 75 });
    expect(shown(part)[0]?.low).toBeGreaterThan(189_000);
    expect(shown(part)[0]?.high).toBeLessThan(195_000);
  });
});
