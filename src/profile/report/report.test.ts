import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exact } from '../figure.ts';
import type { ColumnProfile } from '../profile.ts';
import { maskProfile } from '../shape.ts';
import { reportColumn } from './column-card.ts';
import { countText } from './figure-text.ts';
import { type JobEntry, jobReport, REPORT_CSP, tableReport } from './page.ts';
import type { ReportTable } from './table-section.ts';
import { toHtml } from './to-html.ts';

function columnOf(name: string, more: Partial<ColumnProfile> = {}): ColumnProfile {
  return {
    name,
    ordinal: 0,
    nativeType: 'bigint',
    duckdbType: 'BIGINT',
    typeBasis: 'precise',
    kind: 'integer',
    rows: exact(100),
    nonNull: exact(90),
    nulls: exact(10),
    blanks: exact(0),
    distinct: exact(40),
    uniqueness: exact(40),
    density: exact(90),
    selectivity: exact(1),
    min: exact('4711'),
    max: exact('4799'),
    mean: { unknown: 'the squares overflowed <b>' },
    topValues: exact(Array.from({ length: 20 }, (_, i) => ({ value: `47${i + 11}`, count: 20 - i, percent: 1 }))),
    histogram: exact(
      Array.from({ length: 32 }, (_, i) => ({ from: String(4704 + i * 4), to: String(4708 + i * 4), count: i + 1 })),
    ),
    quantiles: exact({ '0.05': '4712', '0.25': '4720', '0.5': '4730', '0.75': '4750', '0.95': '4790' }),
    ...more,
  };
}

const table = (columns: ColumnProfile[], more: Partial<ReportTable> = {}, hidden = ''): ReportTable => ({
  title: 'bank/crm/customer',
  type: 'TABLE',
  bytes: 8192,
  profiledAt: new Date('2026-11-25T10:00:00Z'),
  jobId: 'abc',
  basis: { kind: 'all rows', rowsRead: 100, partitions: 1 },
  rows: exact(100),
  warnings: [],
  columns: columns.map((column) => reportColumn(column, hidden, maskProfile)),
  findings: [],
  ...more,
});
const madeAt = new Date('2026-11-25T11:00:00Z');
const report = (...given: Parameters<typeof table>): string => tableReport(table(...given), madeAt);

const TAGS = /<\/?([a-zA-Z][^\s>]*)/g;
const KNOWN_TAGS = new Set(
  'html head meta title style body header main footer p h1 h2 h3 h4 ul li b i a div span bdi table caption thead tbody tr th td code article dl dt dd small svg path details summary br'.split(
    ' ',
  ),
);

describe('a report', () => {
  it('holds nothing but its own elements, whatever names and values say', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(
        '</script><script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        "' onload='x",
        '\u202Eevil',
        '<!--',
        ']]>',
        '&lt;',
      ),
    );
    fc.assert(
      fc.property(
        fc.array(hostile, { minLength: 4, maxLength: 4 }),
        ([name = '', value = '', type = '', title = '']) => {
          const html = report(
            [
              columnOf(name, {
                nativeType: type,
                kind: 'text',
                topValues: exact([{ value, count: 9, percent: 9 }]),
                max: exact(value),
              }),
            ],
            { title, warnings: [value] },
          );
          for (const [, tag = ''] of html.replace(/<!doctype html>/, '').matchAll(TAGS))
            expect(KNOWN_TAGS).toContain(tag);
          // Quoted attributes hold any text, escaped: without them no tag has a handler.
          expect(html.replace(/="[^"]*"/g, '')).not.toMatch(/<[^>]*\son\w+=/);
          expect(html).not.toMatch(/\u202e|<!--/);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be there
          expect(html).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
        },
      ),
    );
  });

  it('needs no script and nothing from elsewhere', () => {
    const html = report([columnOf('amount')]);
    expect(html).toContain(`content="${toHtml(REPORT_CSP, 300)}"`);
    expect(html).not.toMatch(/<script|<link|<img|<iframe|https?:|url\(|@import/);
  });

  it('is as many bytes at most as it says, and tells what it left out', () => {
    const wide = Array.from({ length: 300 }, (_, i) => columnOf(`column ${i}`));
    const html = report(wide);
    expect(Buffer.byteLength(html)).toBeLessThan(2_000_000);
    expect(html).not.toContain('have no card here');
    const widest = report(Array.from({ length: 5_000 }, (_, i) => columnOf(`${'列'.repeat(150)}${i}`)));
    expect(Buffer.byteLength(widest)).toBeLessThan(2_000_000);
    expect(widest).toMatch(/[\d,]+ of 5,000 columns have no card here/);
    expect(widest).toContain('3,500 more columns are not listed');
  });

  it('shows no value of a hidden column, and why', () => {
    const html = report([columnOf('salary')], {}, 'Values hidden: it is tagged PII.');
    expect(html).not.toMatch(/47\d\d/);
    expect(html).toContain('Values hidden: it is tagged PII.');
    expect(html).toContain('••••••');
  });

  it('says of figures that are not known why, of samples that they are, of estimates how far they reach', () => {
    const html = report(
      [columnOf('amount', { distinct: { value: 1_234_567, basis: 'estimate', low: 1_200_000, high: 1_260_000 } })],
      {
        basis: { kind: 'first rows', rowsRead: 500_000, partitions: 1 },
      },
    );
    expect(html).toContain('the squares overflowed &lt;b&gt;');
    expect(html).toContain('≈ 1.23 M (1.2 M–1.26 M)');
    expect(html).toContain('A sample was read (first rows): 500,000 rows');
    expect(countText({ value: 5, basis: 'sample', ofRows: 1_000 })).toBe('5 in a sample of 1,000 rows');
  });

  it('tells keys whose values all were counted from those that only seem to be keys', () => {
    const full = { nonNull: exact(100), nulls: exact(0), density: exact(100) };
    const html = report([
      columnOf('id', { ...full, distinct: exact(100) }),
      columnOf('mail', {
        ...full,
        distinct: { value: 99, basis: 'estimate', low: 97, high: 101 },
        topValues: exact([{ value: 'a@b.org', count: 1, percent: 1 }]),
      }),
    ]);
    expect(html).toMatch(/<b>(<bdi>)?id(<\/bdi>)?<\/b> <span class=soft>key</);
    expect(html).toMatch(/<b>(<bdi>)?mail(<\/bdi>)?<\/b> <span class=soft>likely key</);
    expect(html).toMatch(/<span class="f info">key</);
    expect(html).toMatch(/<span class="f info">likely key</);
    expect(html).toContain(' a key: every row has a value of its own');
  });

  it('of a job names every table, and those it has no room for without their columns', async () => {
    async function* entries(count: number, columns: number): AsyncGenerator<JobEntry> {
      const many = Array.from({ length: columns }, (_, i) => columnOf(`c${i}`));
      for (let i = 0; i < count; i += 1)
        yield i === 1 ? { title: 'x/gone', missing: 'it failed' } : table(many, { title: `x/table ${i}` });
    }
    const whole = async (count: number, columns: number) => {
      let html = '';
      const job = { title: 'Profiling job abc', status: 'COMPLETED', message: 'Profiled.', tables: count };
      for await (const piece of jobReport(job, entries(count, columns), madeAt)) html += piece;
      return html;
    };
    const small = await whole(3, 2);
    expect(small.match(/<details class=table>/g)).toHaveLength(3);
    expect(small).toContain('it failed');
    expect(small).not.toContain('To keep this file small');
    // Every id once, or links lead astray.
    const ids = [...small.matchAll(/ id=(\S+?)[ >]/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const large = await whole(500, 20);
    expect(Buffer.byteLength(large)).toBeLessThan(9_000_000);
    expect(large).toMatch(/To keep this file small, \d+ tables/);
    expect(large.match(/x\/table \d+</g)).toHaveLength(499);
  });
});
