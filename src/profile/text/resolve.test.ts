import { describe, expect, it } from 'vitest';
import { readingsOf } from './recognise.ts';
import { type LogicalType, resolveType } from './resolve.ts';

const resolve = (values: readonly string[]): LogicalType => {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(readingsOf(value), (counts.get(readingsOf(value)) ?? 0) + 1);
  return resolveType([...counts]).type;
};
const many = (of: (i: number) => string, n = 40): string[] => Array.from({ length: n }, (_, i) => of(i));
const hex = (i: number, length: number): string => {
  let [text, x] = ['', (i + 1) * 2654435761];
  while (text.length < length) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    text += (x >>> 4).toString(16);
  }
  return text.slice(0, length);
};
const pad = (n: number, width = 2): string => String(n).padStart(width, '0');

/** Values → type, format, other readings. */
const CORPUS: [name: string, values: string[], type: string, format?: string, ambiguous?: string[]][] = [
  ['integers', ['1', '-20', '+300', '0', '1234567'], 'integer', '0'],
  ['grouped integers', ['1,234', '12', '1,234,567'], 'integer', '#,##0'],
  ['grouped by full stops', ['1.234.567', '1.234', '12'], 'integer', '#.##0'],
  ['a comma before three digits', ['1,234', '9,876'], 'integer', '#,##0', ['integer #,##0', 'decimal 0,0']],
  ['decimals with a point', ['1.5', '20', '-0.25'], 'decimal', '0.0'],
  ['decimals with a comma', ['1,5', '20', '-0,25'], 'decimal', '0,0'],
  ['German amounts', ['1.234,56', '0,99', '12.345.678,00'], 'decimal', '#.##0,0'],
  ['English amounts', ['1,234.56', '0.99', '12,345,678.00'], 'decimal', '#,##0.0'],
  ['French amounts', ['1 234,56', '0,99', '12\u202f345,00'], 'decimal', '# ##0,0'],
  ['Swiss amounts', ["1'234.56", '0.99', '12’345.00'], 'decimal', "#'##0.0"],
  ['Indian amounts', ['12,34,567.00', '1,234.50', '99.00'], 'decimal', '#,##,##0.0'],
  ['Indian integers', ['12,34,567', '1,23,456'], 'integer', '#,##,##0'],
  ['accounting', ['(1,234.50)', '12.00', '1,000.00-'], 'decimal', '#,##0.0'],
  ['scientific', ['1.5e10', '2E-3', '0.5'], 'decimal', '0.0E0'],
  [
    'dates with full stops and two digits',
    ['10.12.24', '25.11.23'],
    'date',
    'dd.MM.yy',
    ['date dd.MM.yy', 'date yy.MM.dd', 'version'],
  ],
  ['percentages', ['12.5%', '3%', '100%'], 'percent', '0.0%'],
  ['percentages with a comma', ['12,5 %', '3,25 %'], 'percent', '0,0 %'],
  ['dollars', ['$1,234.50', '$0.99', '-$5.00'], 'currency', '$#,##0.0'],
  ['euros behind', ['1.234,50 €', '0,99 €'], 'currency', '#.##0,0 €'],
  ['a code in front', ['EUR 12.50', 'EUR 1.99'], 'currency', 'EUR 0.0'],
  ['yen', ['¥1,200', '¥98,000,000'], 'currency', '¥#,##0'],
  ['ISO dates', ['2025-03-04', '1999-12-31'], 'date', 'yyyy-MM-dd'],
  ['day or month first', ['03/04/2025', '05/06/2024'], 'date', 'dd/MM/yyyy', ['date dd/MM/yyyy', 'date MM/dd/yyyy']],
  ['day first, by one value', ['03/04/2025', '25/12/2024'], 'date', 'dd/MM/yyyy'],
  ['month first, by one value', ['3/4/2025', '12/25/2024'], 'date', 'M/d/yyyy'],
  ['German dates', ['03.04.2025', '1.12.2024'], 'date', 'd.M.yyyy'],
  ['two formats of as many values', ['2025-01-03', '2025-02-14', '28/01/2025', '13/02/2025'], 'date', 'dd/MM/yyyy'],
  ['a point before three digits', ['1.234', '9.876'], 'decimal', '0.0', ['decimal 0.0', 'integer #.##0']],
  ['two digits of the year', ['25/12/99', '03/04/05'], 'date', 'dd/MM/yy'],
  ['month names', ['4 Mar 2025', '12 Dec 2024'], 'date', 'd MMM yyyy'],
  ['American month names', ['March 4, 2025', 'December 12, 2024'], 'date', 'MMMM d, yyyy'],
  ['Spanish', ['4 de marzo de 2025', '12 de diciembre de 2024'], 'date', "d 'de' MMMM 'de' yyyy"],
  ['Oracle', ['04-MAR-25', '12-DEC-24'], 'date', 'dd-MMM-yy'],
  ['Chinese and Japanese', ['2025年3月4日', '2024年12月31日'], 'date', 'yyyy年M月d日'],
  ['Korean', ['2025년 3월 4일', '2024년 12월 31일'], 'date', 'yyyy년 M월 d일'],
  ['Japanese eras', ['令和7年3月4日'], 'date', 'Gy年M月d日'],
  ['ISO weeks', ['2025-W09', '2024-W52'], 'date', "YYYY-'W'ww"],
  ['compact dates', many((i) => `2025${pad((i % 12) + 1)}${pad((i % 28) + 1)}`), 'date', 'yyyyMMdd', ['integer']],
  ['timestamps', ['2025-03-04 05:06:07', '2025-12-31 23:59:59'], 'timestamp', 'yyyy-MM-dd HH:mm:ss'],
  [
    'instants',
    ['2025-03-04T05:06:07.123Z', '2025-12-31T23:59:59.999+01:00'],
    'timestamp',
    "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
  ],
  [
    'with a half of the day',
    ['3/4/2025 5:06 PM', '12/25/2024 11:59 AM'],
    'timestamp',
    'M/d/yyyy H:mm a'.replace('H', 'h'),
  ],
  ['mail dates', ['Tue, 04 Mar 2025 05:06:07 +0000'], 'timestamp', 'EEE, dd MMM yyyy HH:mm:ss XX'],
  ['times', ['05:06', '23:59'], 'time', 'HH:mm'],
  ['English booleans', ['yes', 'No', 'YES'], 'boolean', 'yes/no'],
  ['French booleans', ['oui', 'non'], 'boolean', 'oui/non'],
  ['German booleans', ['ja', 'nein'], 'boolean', 'ja/nein'],
  ['Spanish booleans', ['sí', 'no'], 'boolean', 'sí/no'],
  ['Japanese booleans', ['はい', 'いいえ'], 'boolean', 'はい/いいえ'],
  ['letters', ['Y', 'N', 'Y'], 'boolean', 'y/n'],
  ['0 and 1', ['0', '1', '1'], 'boolean', '1/0', ['integer']],
  ['UUIDs', many((i) => `${hex(i, 8)}-${hex(i, 4)}-4${hex(i, 3)}-a${hex(i, 3)}-${hex(i, 12)}`), 'uuid', 'dashes'],
  ['JSON', ['{"a":1}', '{"b":[1,2]}'], 'json', 'object'],
  ['URLs', ['https://example.org/a?b=c', 'https://example.com'], 'url', 'https'],
  ['e-mail', ['ada@example.org', 'o.b+tag@mail.example.co.uk'], 'email'],
  ['IPv4', ['192.168.0.1', '8.8.8.8'], 'ipv4', undefined, ['version']],
  ['IPv6', ['2001:db8::1', '::1'], 'ipv6'],
  ['MAC', ['00:1a:2b:3c:4d:5e'], 'mac', 'colons'],
  ['MD5', many((i) => hex(i, 32)), 'hash', 'md5'],
  ['SHA-256', many((i) => hex(i, 64)), 'hash', 'sha256'],
  ['base64', ['SGVsbG8gV29ybGQhIQ==', 'dGhpcyBpcyBhIHRlc3Q='], 'base64', 'standard'],
  ['places', ['48.8566, 2.3522', '-33.8688, 151.2093'], 'geo', 'lat,lon'],
  ['points', ['POINT(2.35 48.85)', 'POINT (1 2)'], 'geo', 'WKT POINT'],
  // What only looks like something.
  ['order numbers that look like dates', many((i) => `2025${pad(i * 37, 4)}`), 'integer', '0'],
  ['postal codes', ['01234', '98765', '00501'], 'digits'],
  ['versions', ['1.2.3', '10.12.24', '10.13.40'], 'version'],
  ['versions of four numbers', ['4.18.0.2', '5.0.0.1'], 'version', undefined, ['ipv4']],
  ['identifiers in hex', many((i) => hex(i, 24)), 'hex', '24'],
  ['years', many((i) => String(1990 + i)), 'integer', '0', ['year']],
  ['epoch seconds', many((i) => String(1_700_000_000 + i * 977)), 'integer', '0', ['epoch seconds']],
  ['epoch milliseconds', many((i) => String(1_700_000_000_000 + i * 977)), 'integer', '0', ['epoch milliseconds']],
  ['words in camel case', ['ProductCategory1', 'CustomerAccount2'], 'text'],
  ['one letter', ['F', 'M', 'F'], 'text'],
  ['countries', ['NO', 'SE', 'DE', 'FR'], 'text'],
  ['prices in pairs', ['12.50, 13.75', '1.00, 2.00'], 'text'],
  ['quantities', ['12 kg', '3 kg'], 'text'],
  ['impossible dates', ['32/13/2025', '30/02/2025'], 'text'],
  ['prose', ['a note', 'another one, longer', 'May', '12'], 'text'],
  ['addresses that are none', ['256.1.1.1', '1.2.3.4.5'], 'text'],
  ['e-mail that is none', ['a@b', '@example.org', 'a b@example.org'], 'text'],
  ['JSON that is none', ['{a:1}', '[1,2'], 'text'],
];

describe('logical types', () => {
  for (const [name, values, type, format, ambiguous] of CORPUS)
    it(`${name}: ${type}${format ? ` ${format}` : ''}`, () => {
      const found = resolve(values);
      expect({ type: found.type, format: found.format, ambiguous: found.ambiguous }).toEqual({
        type,
        format,
        ambiguous,
      });
      expect(resolve(values.toReversed())).toEqual(found);
    });

  it('say what the other values of a mixed column are', () => {
    expect(
      resolve(['2025-03-04', '2025-03-05', '04.03.2025', 'N/A', 'soon', '17', '2024-02-30', '2025-01-01']),
    ).toEqual({
      type: 'date',
      share: 0.5,
      format: 'yyyy-MM-dd',
      formats: [
        { format: 'yyyy-MM-dd', share: 0.375 },
        { format: 'dd.MM.yyyy', share: 0.125 },
      ],
      others: [
        { type: 'text', share: 0.25 },
        { type: 'integer', share: 0.125 },
        { type: 'placeholder', share: 0.125 },
      ],
    });
    expect(resolve([])).toEqual({ type: 'text', share: 0, others: [] });
  });

  it('take time in proportion to the length of a hostile value', () => {
    for (const piece of [
      '1,',
      '1.',
      'a@',
      'a.',
      '1:',
      ' ',
      '(',
      '[',
      '12 ',
      '-',
      'A1',
      '1/',
      'POINT(',
      '{"a":',
      '½',
      "1'234",
    ]) {
      const value = piece.repeat(500_000);
      for (const text of [value, `${value}!`, `1${value}`]) readingsOf(text);
    }
    expect(readingsOf('1'.repeat(1_000_000))).toBe('integer:0|digits:');
  }, 20_000);
});
