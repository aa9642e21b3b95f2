import { basisText } from '../basis-text.ts';
import { isKnown, knownValue } from '../figure.ts';
import type { Finding } from '../findings.ts';
import type { ProfileBasis } from '../profile.ts';
import { isCountedKey } from '../table-figures.ts';
import { BRIEF, columnCard, FULL, fillOf, findingList, type ReportColumn } from './column-card.ts';
import { bytesText, countText, grouped, percentText, timeText } from './figure-text.ts';
import { foreign, toHtml } from './to-html.ts';

/** A table as its report needs it. Columns whose values are not to be seen are masked already. */
export interface ReportTable {
  /** `bank/crm/customer`. */
  title: string;
  type: string;
  bytes: number | undefined;
  profiledAt: Date;
  jobId: string;
  basis: ProfileBasis;
  rows: Parameters<typeof countText>[0];
  warnings: readonly string[];
  columns: readonly ReportColumn[];
  findings: readonly Finding[];
}

/** Columns that the overview lists, and from which on cards say less. */
const MOST_LISTED = 1_500;
const MANY_COLUMNS = 120;

/** What a section took, and what was left out for its size. */
export interface Section {
  html: string;
  columnsLeftOut: number;
}

/**
 * Overview and a card per column. Never much larger than `budget` bytes: cards that do not fit are left out, the first columns
 * and those with warnings stay longest, and the section says how many.
 */
export function tableSection(table: ReportTable, prefix: string, budget: number): Section {
  const listed = table.columns.slice(0, MOST_LISTED);
  const detail = table.columns.length > MANY_COLUMNS ? BRIEF : FULL;
  const head = `${factTiles(table)}${basisLine(table)}${findingList(table.findings)}${warningList(table.warnings)}`;
  const rows = (linked: (i: number) => boolean): string =>
    listed.map((column, i) => overviewRow(column, linked(i) ? `${prefix}c${i}` : '')).join('');
  // The overview comes first: it is of use without any card.
  let left = budget - Buffer.byteLength(head) - Buffer.byteLength(rows(() => true));
  const rank = (column: ReportColumn): number =>
    column.findings.some(({ severity }) => severity === 'warning') ? 0 : 1;
  const order = listed.map((column, i) => ({ column, i })).sort((a, b) => rank(a.column) - rank(b.column) || a.i - b.i);
  const cards = new Map<number, string>();
  for (const { column, i } of order) {
    const card = columnCard(column, `${prefix}c${i}`, detail);
    const size = Buffer.byteLength(card);
    if (size > left) continue;
    left -= size;
    cards.set(i, card);
  }
  const shown = [...cards].sort(([a], [b]) => a - b).map(([, card]) => card);
  const columnsLeftOut = table.columns.length - shown.length;
  const missing =
    columnsLeftOut > 0
      ? `<p class="f notice">${grouped(columnsLeftOut)} of ${grouped(table.columns.length)} columns have no card here, to keep this file small. Their profiles are in the catalog.</p>`
      : '';
  const unlisted = table.columns.length - listed.length;
  const more = unlisted > 0 ? `<p class=soft>${grouped(unlisted)} more columns are not listed.</p>` : '';
  const html = `${head}<div class=scroll><table class=top><caption>${KEY}</caption><thead><tr><th scope=col>Column</th><th scope=col>Type</th><th scope=col>Filled</th><th scope=col class=r>Nulls</th><th scope=col class=r>Distinct</th><th scope=col>Stands out</th></tr></thead><tbody>${rows((i) => cards.has(i))}</tbody></table></div>${more}${missing}<h2>Columns</h2><div class=cards>${shown.join('')}</div>`;
  return { html, columnsLeftOut };
}

const KEY =
  '<span class=key><span><i class=v></i>values</span><span><i class=e></i>blank</span><span><i class=n></i>null</span></span>';

function factTiles(table: ReportTable): string {
  const tiles: [string, string][] = [
    // Of a sample all rows are its rows: what it is of is said below.
    [isKnown(table.rows) && table.rows.basis === 'sample' ? 'rows read' : 'rows', rowsText(table.rows)],
    ['columns', grouped(table.columns.length)],
    ...(table.bytes === undefined ? [] : [['size', bytesText(table.bytes)] as [string, string]]),
    ['profiled', timeText(table.profiledAt)],
  ];
  const keys = table.columns.filter(({ findings }) => findings.some(({ code }) => code === 'LIKELY_KEY'));
  const { true: counted = [], false: likely = [] } = Object.groupBy(keys, ({ profile }) => `${isCountedKey(profile)}`);
  for (const [label, columns] of [
    ['key', counted],
    ['likely key', likely],
  ] as const) {
    if (columns.length === 0) continue;
    const names = columns.slice(0, 3).map(({ profile }) => profile.name.slice(0, 60));
    tiles.push([`${label}${columns.length === 1 ? '' : 's'}`, `${names.join(', ')}${columns.length > 3 ? ', …' : ''}`]);
  }
  return `<ul class=facts>${tiles.map(([label, value]) => `<li><b>${foreign(value, 200)}</b> <span class=soft>${label}</span></li>`).join('')}</ul>`;
}

const rowsText = (rows: ReportTable['rows']): string =>
  isKnown(rows) && rows.basis === 'sample' ? grouped(rows.value) : countText(rows);

const basisLine = ({ basis, jobId }: ReportTable): string =>
  `<p class=soft>${toHtml(`${basisText(basis)} Job ${jobId}.`, 600)}</p>`;

const warningList = (warnings: readonly string[]): string =>
  warnings.length === 0
    ? ''
    : `<details class=more><summary>Remarks of the reading: ${grouped(warnings.length)}</summary><ul>${warnings
        .slice(0, 20)
        .map((warning) => `<li>${foreign(warning, 400)}</li>`)
        .join('')}</ul></details>`;

function overviewRow({ profile, findings }: ReportColumn, anchor: string): string {
  const name = foreign(profile.name, 80);
  const rows = knownValue(profile.rows) ?? 0;
  const nulls = isKnown(profile.nulls) && rows > 0 ? percentText(profile.nulls.value / rows) : '';
  const worst = findings.find(({ severity }) => severity === 'warning') ?? findings[0];
  const more = findings.length > 1 ? ` +${findings.length - 1}` : '';
  const says = worst
    ? `<span class="f ${worst.severity}">${worst.code === 'LIKELY_KEY' && isCountedKey(profile) ? 'key' : toHtml(worst.code.toLowerCase().replaceAll('_', ' '))}${more}</span>`
    : '';
  return `<tr><th scope=row>${anchor ? `<a href="#${anchor}">${name}</a>` : name}</th><td><code>${toHtml(profile.nativeType, 30)}</code></td><td>${fillOf(profile)}</td><td class=r>${nulls}</td><td class=r>${toHtml(countText(profile.distinct))}</td><td>${says}</td></tr>`;
}
