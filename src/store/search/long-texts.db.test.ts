import { describe, expect, test } from 'vitest';
import type { SampleEntity } from '../../../test/support/sample-catalog.ts';
import { SearchBench } from '../../../test/support/search-bench.ts';

const bench = new SearchBench();

test.each(['customer_i', 'customer i', 'customerI', 'zip c', 'cust_o', 'cust_or'])(
  'the last of several words may have only begun: %s',
  async (term) => {
    await bench.grow({ s: { p: { t: ['customer_id', 'zip code', 'cust_ord_id'] } } });
    const wanted = term.startsWith('zip') ? 'zip code' : term.startsWith('cust_') ? 'cust_ord_id' : 'customer_id';
    expect((await bench.find(term)).hits.map(({ entity }) => entity.name)).toContain(wanted);
  },
);

describe('what people say at length', () => {
  const describeIt = async (info: { description: string }, tags: string[]): Promise<string> => {
    const table = (await bench.grow({ s: { p: { t: [] } } })).find(({ type }) => type === 'TABLE') as SampleEntity;
    await bench.sayOf(table, { info, tags: tags.map((name) => ({ name })) });
    return table.id;
  };
  const ideographs = (length: number): string =>
    Array.from({ length }, (_, index) => String.fromCodePoint(0x4e00 + ((index * 7919) % 20_000))).join('');

  test('is stored whatever its length, and found by the name and by what comes first', async () => {
    const tags = Array.from({ length: 1_000 }, (_, index) => `${index} ${'abcdefghij '.repeat(11)}`);
    const long = ideographs(99_000);
    const id = await describeIt({ description: long }, tags);
    expect(await bench.idsOf('t')).toEqual([id]);
    expect(await bench.idsOf('abcdefghij')).toEqual([id]);
    expect(await bench.idsOf(long.slice(5_000, 5_020))).toEqual([id]);
  });

  test('is found by any piece of a run without spaces', async () => {
    const id = await describeIt({ description: `${'数'.repeat(150)}終わり ลูกค้าศูนย์ข้อมูล` }, []);
    for (const piece of ['終わり', '数数終わり', `${'数'.repeat(20)}終`, 'ศูนย์ข้อมูล', 'ลูกค้า']) {
      expect([piece, await bench.idsOf(piece)]).toEqual([piece, [id]]);
    }
  });
});
