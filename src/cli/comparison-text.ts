import type { ProfileComparison as AnyComparison } from '../client/index.ts';
import { formatNumber, formatTable } from './output/format-table.ts';
import { formatTime } from './output/format-time.ts';
import { harmless } from './output/text-width.ts';

export type ProfileComparison = AnyComparison;
type Column = ProfileComparison['columns'][number];
type Part = Record<string, unknown>;

/** The figures of a column that are worth a line when they changed. */
const MOST_NAMED = 5;

/** What changed between two profiles: the largest change first, then a line per column. */
export function comparisonText(comparison: ProfileComparison, screen: number): string {
  const { before, after, drifts, columns } = comparison;
  const side = ({ fqdn, profileId, profiledAt }: typeof before): string =>
    `${harmless(fqdn)}  profile ${profileId}, ${formatTime(profiledAt)}`;
  const head = `before  ${side(before)}\nafter   ${side(after)}\nrows    ${changeText(comparison.rows)}\n`;
  const news =
    drifts.length === 0
      ? nothingChanged(comparison)
      : `\n${formatTable(
          ['', 'column', 'what changed'],
          drifts.map(({ severity, column, sentence }) => [severity, column ?? '', sentence]),
          screen,
        )}`;
  if (columns.length === 0) return head + news + notCompared(comparison);
  const right = (title: string) => ({ title, align: 'right' as const });
  const heads = [
    'column',
    right('nulls'),
    right('distinct'),
    right('PSI'),
    right('JS'),
    'over',
    right('new'),
    right('vanished'),
  ];
  const rows = columns.map((column) => [
    column.name,
    shiftText(column, 'nulls'),
    shiftText(column, 'distinct'),
    ...distanceCells(column.distribution),
    countText(column.newValues),
    countText(column.vanishedValues),
  ]);
  return [
    head,
    news,
    `\n${formatTable(heads, rows, screen)}`,
    ...columns.map(named),
    notCompared(comparison),
    legend(columns),
  ].join('');
}

/** Where the rows cannot be compared the line above says why, and whether something changed is not known. */
const nothingChanged = ({ rows }: ProfileComparison): string =>
  'incomparable' in (rows.change as object) ? '' : '\nNothing changed that is worth a word.\n';

function changeText({ before, after, change }: Part): string {
  const shown = (side: unknown): string => {
    const { value } = side as { value?: unknown };
    return typeof value === 'number' ? formatNumber(value) : value === undefined ? 'unknown' : harmless(String(value));
  };
  const { relative, basis, incomparable } = change as { relative?: number; basis?: string; incomparable?: string };
  const how =
    incomparable ?? [relative === undefined ? '' : signed(relative * 100, ' %'), basis].filter(Boolean).join(', ');
  return `${shown(before)} → ${shown(after)} (${how})`;
}

const signed = (value: number, unit = ''): string =>
  `${value > 0 ? '+' : ''}${formatNumber(Math.round(value * 10) / 10)}${unit}`;

/** `+12`, `≈ +12`, `=`; `?` where it cannot be said. */
function shiftText({ figures }: Column, name: string): string {
  const change = (figures[name]?.change ?? {}) as { value?: number; basis?: string };
  if (typeof change.value !== 'number') return '?';
  if (change.value === 0) return '=';
  return `${change.basis === 'exact' ? '' : '≈ '}${signed(change.value)}`;
}

function distanceCells(distance: Part): string[] {
  if (typeof distance.psi !== 'number') return ['?', '?', ''];
  const least = distance.atLeast ? '≥ ' : '';
  const digits = (value: unknown): string => `${least}${Number(value).toFixed(3)}`;
  return [digits(distance.psi), digits(distance.jensenShannonDistance), String(distance.over)];
}

function countText(change: Part): string {
  if (typeof change.count !== 'number') return '?';
  return `${change.basis === 'exact' ? '' : '≈ '}${formatNumber(change.count)}`;
}

/** New and vanished values by name, as far as they are known and may be seen. */
function named(column: Column): string {
  const line = (word: string, change: Part): string => {
    const values = (change.named ?? []) as { value: string; count: number }[];
    if (values.length === 0 || values.every(({ value }) => value === '******')) return '';
    const shown = values
      .slice(0, MOST_NAMED)
      .map(({ value, count }) => `${harmless(value).slice(0, 40)} (${formatNumber(count)})`);
    return `${word} in ${harmless(column.name)}: ${shown.join(', ')}${values.length > MOST_NAMED ? ', …' : ''}\n`;
  };
  return line('new', column.newValues) + line('vanished', column.vanishedValues);
}

function notCompared({ columnsNotCompared }: ProfileComparison): string {
  return columnsNotCompared.map(({ name, reason }) => `not compared: ${harmless(name)}: ${reason}\n`).join('');
}

/** Why there is a `?`, each reason once. */
function legend(columns: readonly Column[]): string {
  const reasons = new Set(
    columns.flatMap(({ distribution, newValues, vanishedValues }) =>
      [distribution, newValues, vanishedValues].flatMap((part) =>
        typeof part.incomparable === 'string' ? [part.incomparable] : [],
      ),
    ),
  );
  const why = [...reasons].map((reason) => `?  ${harmless(reason)}\n`).join('');
  return `\nPSI: from 0.1 on the distribution moved, from 0.25 on a lot. JS: Jensen–Shannon distance, 0 to 1.\n${why}`;
}
