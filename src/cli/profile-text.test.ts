import { expect, test } from 'vitest';
import { columnProfileText } from './column-profile-text.ts';
import { bareProfile, tableFacts, tableProfile, warningLines } from './profile-text.ts';

const column = (name: string, ordinal: number, stats: Record<string, number | string>) => ({
  ...{ _id: name, name, type: 'COLUMN' },
  metadata: { column: { ordinalPosition: ordinal } },
  profilingInfo: { bindType: 'STRING', bitsetCardinality: 3, stats },
});

test('columns of a table come in the order of the table', () => {
  const text = tableProfile('t', [column('b', 2, { density: 50 }), column('a', 1, { density: 100 })], 100);
  expect(
    text
      .split('\n')
      .slice(2, 4)
      .map((line) => line.slice(0, 1)),
  ).toEqual(['a', 'b']);
  expect(text).toContain('50 %');
});

test('estimates of a table have a mark, and below its title stands which rows they are of', () => {
  const stats = { rowCount: 1_000_000, density: 100, uniqueness: 99.6, lexicalMin: 'a', lexicalMax: '' };
  const estimate = (value: unknown) => ({ value, basis: 'estimate', error: 0.01 });
  const exact = (value: unknown) => ({ value, basis: 'exact' });
  const figures = new Map<string, Record<string, unknown>>([
    ['id', { rows: exact(1_000_000), distinct: estimate(3), uniqueness: estimate(99.6), lexicalMax: estimate('') }],
    ['few', { distinct: { value: 3, basis: 'sample', ofRows: 7 }, lexicalMin: estimate('a') }],
    ['some', { distinct: { value: 3, basis: 'sample', ofRows: 7, low: 2, high: 5 } }],
  ]);
  const columns = [column('id', 1, stats), column('few', 2, stats), column('some', 3, stats)];
  const lines = tableProfile('t', columns, 120, figures, 'All rows were read: 7 rows.\u001b').split('\n');
  expect(lines[1]).toMatch(/^All rows were read: 7 rows\./);
  expect(lines[1]).not.toContain('\u001b');
  expect(lines[3]).toMatch(/^id +STRING +1,000,000 +100 % +≈ 3 +≈ 99\.6 % +a$/);
  expect(lines[4]).toMatch(/^few +STRING +1,000,000 +100 % +3 +99\.6 % +≈ a$/);
  expect(lines[5]).toMatch(/^some .* ≈ 3 +99\.6 % +a$/);
  expect(tableProfile('t', columns, 120)).not.toContain('≈');
});

test('warnings of a reading come in lines of their own, of very many the first', () => {
  expect(warningLines()).toBe('');
  expect(warningLines([])).toBe('');
  expect(warningLines(['odd'])).toBe('\nRemarks of the reading: 1\n- odd\n');
  expect(warningLines(['odd\u001b'])).not.toContain('\u001b');
  const many = warningLines(Array.from({ length: 25 }, (_, i) => `${i} ${'x'.repeat(500)}`));
  expect(many.split('\n')).toHaveLength(24);
  expect(many).toMatch(/^- 19 x{397}…\nand 5 more\n$/m);
});

test('a profile without columns says what it knows', () => {
  const basis = { kind: 'all rows' as const, rowsRead: 12, partitions: 1 };
  expect(bareProfile('t', { rows: { value: 12, basis: 'exact' }, basis, warnings: ['odd'] })).toBe(
    't\nAll rows were read: 12 rows.\ncolumns         none\nrows            12 (exact)\n\nRemarks of the reading: 1\n- odd\n',
  );
});

test('every figure says its basis, and an unknown one why', () => {
  const text = columnProfileText(
    'bank/x',
    {
      profiledAt: '',
      nativeType: 'text',
      distinct: { value: 1_234, basis: 'estimate', error: 0.016 },
      rows: { value: 5_000, basis: 'exact' },
      mean: { unknown: 'not a number' },
      nulls: { value: 7, basis: 'sample', ofRows: 100 },
      length: { value: { min: 0, max: 9, mean: 4.5 }, basis: 'exact' },
      quantiles: { value: { 0.5: '17', 0.25: '3' }, basis: 'exact' },
      histogram: {
        value: [
          { from: '0', to: '1', count: 1 },
          { from: '1', to: '2', count: 8 },
        ],
        basis: 'exact',
      },
      patterns: {
        value: [{ pattern: 'AAsdd', count: 5, percent: 71.5, sample: 'KA-17\u001b' }],
        basis: 'estimate',
      },
      logicalType: {
        value: {
          ...{ type: 'date', share: 0.98, format: 'dd/MM/yyyy', ambiguous: ['date dd/MM/yyyy', 'date MM/dd/yyyy'] },
          others: [{ type: 'text', share: 0.02 }],
        },
        basis: 'exact',
      },
      quality: { value: { percent: 97.25, by: 'format' }, basis: 'exact' },
      regexes: { value: [{ strictness: 'strict', regex: '^K[AB]-\\d{2}$', coverage: 0.995 }], basis: 'exact' },
      topValues: { value: [{ value: '\u001b[2J', count: 3, percent: 0.06 }], basis: 'exact' },
    },
    120,
  );
  expect(text.split('\n')[2]).toMatch(/^rows +5,000 {2}exact$/);
  expect(text).toMatch(/distinct +1,234 {2}estimate ± 1\.6 %/);
  expect(text).toMatch(/nulls +7 {2}sample of 100 rows/);
  expect(text).toMatch(/mean +unknown {2}not a number/);
  expect(text).toMatch(/length +0 to 9, mean 4\.5 {2}exact/);
  expect(text).toContain('quantiles  25 %: 3  50 %: 17\n');
  expect(text).toContain('histogram  0 ▂█ 2\n');
  expect(text).toMatch(/type of the values +date dd\/MM\/yyyy 98 %, or date MM\/dd\/yyyy; text 2 % {2}exact/);
  expect(text).toMatch(/quality estimate +97\.3 % \(by format\) {2}exact/);
  expect(text).toMatch(/AAsdd +5 +71\.5 % +KA-17/);
  expect(text).toMatch(/strict +99\.5 % +\^K\[AB\]-\\d\{2\}\$/);
  expect(columnProfileText('x', { profiledAt: '', regexes: { unknown: 'free text: no rule' } }, 120)).toContain(
    'regular expressions  free text: no rule',
  );
  expect(text).not.toContain('\u001b');
});

test('what lies within a nested column has a line per path', () => {
  const exact = (value: unknown) => ({ value, basis: 'exact' });
  const text = columnProfileText(
    'shop/orders',
    {
      profiledAt: '',
      nativeType: 'jsonb',
      paths: [
        {
          path: 'orders[]',
          types: { object: 4 },
          rows: exact(4),
          nulls: exact(0),
          presentIn: exact(2),
          arrayLength: exact({ min: 0, max: 3, mean: 2 }),
        },
        {
          path: 'orders[].sku',
          nativeType: 'string',
          rows: exact(4),
          distinct: exact(2),
          lexicalMax: exact('\u001b[2J'),
        },
      ],
    },
    160,
  );
  expect(text).toMatch(/^within it +type +values +nulls +in rows +distinct +min +max +array length/m);
  expect(text).toMatch(/^orders\[\] +object +4 +0 +2 +- +- +- +0 to 3, mean 2/m);
  expect(text).toMatch(/^orders\[\]\.sku +string +4 +- +- +2/m);
  expect(text).not.toContain('\u001b');
});

test('of a table come its keys, its copies of rows and its newest date, as far as they are known', () => {
  const keys = [
    { column: 'id', as: 'key' },
    { column: 'mail\u001b', as: 'likely key' },
  ];
  const freshness = { column: 'seen', newest: '2024-03-10', days: 1_200 };
  const text = tableFacts({ keys, freshness, duplicateRows: { value: 0, basis: 'exact' } });
  expect(text).toMatch(
    /^keys +id, mail\S+ \(likely\)\nduplicate rows +0 \(exact\)\nnewest +2024-03-10 in seen, 1[ ,\s]?200 days/,
  );
  expect(text).not.toContain('\u001b');
  expect(tableFacts({ freshness: { ...freshness, days: 1 } })).toMatch(/, 1 day before the profile/);
  expect(tableFacts({ duplicateRows: { unknown: 'not compared' } })).toMatch(/unknown: not compared/);
  expect(tableFacts({ duplicateRows: { value: 0, basis: 'estimate', high: 50 } })).toMatch(/at most 50 \(estimate\)/);
  expect(tableFacts({})).toBe('');
});

test('tells figures of several runs by a watermark as those of the rows that were seen', () => {
  const of = (runs: number, figure: object = { basis: 'exact' }): string =>
    columnProfileText('c', { profiledAt: '', basis: { watermark: { runs } }, rows: { value: 12, ...figure } }, 80);
  expect(of(3)).toMatch(/rows +12 +rows seen/);
  expect(of(3, { basis: 'estimate' })).toMatch(/rows +12 +rows seen/);
  expect(of(3, { basis: 'estimate', low: 11, high: 13 })).toMatch(/rows +12 +estimate/);
  expect(of(1, { basis: 'estimate' })).toMatch(/rows +12 +estimate/);
  expect(of(1)).toMatch(/rows +12 +exact/);
});
