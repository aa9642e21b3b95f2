import { expect, test } from 'vitest';
import { asRowsSeen } from './rows-seen.ts';

const of = (runs?: number) =>
  asRowsSeen(
    {
      name: 'n',
      basis: { kind: 'all rows' },
      rows: { value: 12, basis: 'exact' },
      distinct: { value: 5, basis: 'estimate', low: 4, high: 6 },
      mean: { unknown: 'no numbers' },
      topValues: { value: [{ value: 'exact', count: 2 }], basis: 'exact' },
      paths: [{ path: 'a.b', rows: { value: 3, basis: 'exact' } }],
      newest: [{ column: 'day', value: { value: '2024-01-01', basis: 'exact' } }],
      warnings: ['exact'],
    },
    runs === undefined ? {} : { watermark: { runs } as never },
  );

test('nothing that several runs by a watermark saw is called exact', () => {
  expect(of(2)).toEqual({
    name: 'n',
    basis: { kind: 'all rows' },
    rows: { value: 12, basis: 'estimate' },
    distinct: { value: 5, basis: 'estimate', low: 4, high: 6 },
    mean: { unknown: 'no numbers' },
    topValues: { value: [{ value: 'exact', count: 2 }], basis: 'estimate' },
    paths: [{ path: 'a.b', rows: { value: 3, basis: 'estimate' } }],
    newest: [{ column: 'day', value: { value: '2024-01-01', basis: 'estimate' } }],
    warnings: ['exact'],
  });
});

test('what one run read is as exact as it was', () => {
  for (const runs of [undefined, 1])
    expect(of(runs)).toMatchObject({ rows: { basis: 'exact' }, paths: [{ rows: { basis: 'exact' } }] });
});
