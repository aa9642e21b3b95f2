import { expect, it } from 'vitest';
import { exact } from '../figure.ts';
import { estimateQuality } from './quality.ts';

const counts = { kind: 'text', rows: exact(200), nonNull: exact(180), blanks: exact(20) };
const pattern = (percent: number) => ({
  ...{ pattern: 'A', count: percent, percent, heat: 1, sample: '', smallest: '', largest: '' },
});

it('follows the published formula', () => {
  const type = {
    ...{ type: 'date', share: 0.8, format: 'yyyy-MM-dd', others: [{ type: 'placeholder', share: 0.1 }] },
    formats: [
      { format: 'yyyy-MM-dd', share: 0.72 },
      { format: 'dd.MM.yyyy', share: 0.08 },
    ],
  };
  expect(estimateQuality({ ...counts, logicalType: exact(type) })).toEqual(
    exact({ percent: expect.closeTo(57.6), completeness: 0.72, conformity: expect.closeTo(0.8), by: 'format' }),
  );
  const text = exact({ type: 'text', share: 1, others: [] });
  const patterns = exact([pattern(60), pattern(30), pattern(4)]);
  expect(estimateQuality({ ...counts, logicalType: text, patterns })).toMatchObject({
    value: { completeness: 0.8, conformity: 0.9, by: 'patterns' },
  });
  expect(estimateQuality({ ...counts, logicalType: text, patterns: exact([pattern(4)]) })).toMatchObject({
    value: { percent: 80, by: 'nothing: free text' },
  });
  expect(estimateQuality({ ...counts, kind: 'float', nan: exact(8), infinite: exact(8) })).toMatchObject({
    value: { percent: 72, by: 'declared type' },
  });
  expect(estimateQuality({ ...counts, rows: exact(0) })).toEqual({ unknown: 'there are no rows' });
});
