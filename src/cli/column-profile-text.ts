import { formatNumber, formatTable } from './output/format-table.ts';
import { harmless } from './output/text-width.ts';

/** A figure as the API gives it: a value with its basis, or why there is none. */
export type Figure =
  | { value: unknown; basis: string; error?: number; within?: number; ofRows?: number }
  | { unknown: string };

/** `GET /entities/{id}/profile` of a column. */
export type ColumnResource = Record<string, unknown> & { profiledAt: string; kind?: string; nativeType?: string };

/** In the order a person asks for them; anything else that is a single figure follows. */
const ORDER = [
  'rows',
  'nulls',
  'blanks',
  'distinct',
  'density',
  'uniqueness',
  'selectivity',
  'min',
  'max',
  'lexicalMin',
  'lexicalMax',
  'mean',
  'standardDeviation',
  'sum',
];
const PERCENT = new Set(['density', 'uniqueness', 'selectivity']);
const BARS = '▁▂▃▄▅▆▇█';
const TOP = 8;

/** Everything that is known of one column, each figure with its basis. */
export function columnProfileText(title: string, column: ColumnResource, screen: number): string {
  const basisIn = (figure: Figure): string => (isOfRowsSeen(column, figure) ? 'rows seen' : basisOf(figure));
  const single = Object.entries(column).filter(([, figure]) => isFigure(figure) && typeof shownOf(figure) !== 'object');
  const rank = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  const rows = single
    .toSorted(([a], [b]) => rank(a) - rank(b))
    .map(([name, figure]) => [toWords(name), showValue(name, shownOf(figure as Figure)), basisIn(figure as Figure)]);
  const length = column.length;
  if (isFigure(length) && 'value' in length) {
    const { min, max, mean } = length.value as Record<string, number | null>;
    rows.push(['length', `${show(min)} to ${show(max)}, mean ${show(mean)}`, basisIn(length)]);
  }
  for (const [name, figure, words] of [
    ['type of the values', column.logicalType, typeWords],
    ['quality estimate', column.quality, qualityWords],
  ] as const)
    if (isFigure(figure) && 'value' in figure)
      rows.push([name, words(figure.value as Record<string, unknown>), basisIn(figure)]);
  const parts = [
    `${harmless(title)}  ${harmless(String(column.nativeType ?? column.kind ?? ''))}\n`,
    formatTable(['figure', { title: 'value', align: 'right' }, 'basis'], rows, screen),
    findingLines(column.findings),
    quantileLine(column.quantiles),
    histogramLine(column.histogram),
    listTable(column.topValues, ['value', 'count', 'percent'], 'most frequent values', screen),
    listTable(column.patterns, ['pattern', 'count', 'percent', 'sample'], 'patterns', screen),
    regexTable(column.regexes, screen),
    pathTable(column.paths, screen),
  ];
  return parts.join('');
}

/** Counted of the rows that several runs by a watermark column saw, of which some may be gone from the table; earlier servers say `exact`. */
const isOfRowsSeen = ({ basis }: ColumnResource, figure: Figure): boolean =>
  'basis' in figure &&
  (figure.basis === 'exact' ||
    (figure.basis === 'estimate' && !['low', 'high', 'error', 'within'].some((bound) => bound in figure))) &&
  ((basis as { watermark?: { runs: number } } | undefined)?.watermark?.runs ?? 1) > 1;

/** `date dd/MM/yyyy 98 %, or date MM/dd/yyyy; text 2 %`. */
function typeWords({ type, format, share, ambiguous, others }: Record<string, unknown>): string {
  const percent = (part: unknown): string => `${show(Math.round(Number(part) * 1_000) / 10)} %`;
  const chosen = format === undefined ? String(type) : `${type} ${format}`;
  const or = ((ambiguous as string[] | undefined) ?? []).filter((one) => one !== chosen).map((one) => `, or ${one}`);
  const rest = (others as { type: string; share: number }[])
    .slice(0, 3)
    .map((one) => `; ${one.type} ${percent(one.share)}`);
  return harmless(`${chosen} ${percent(share)}${or.join('')}${rest.join('')}`);
}

const qualityWords = ({ percent, by }: Record<string, unknown>): string =>
  `${show(Math.round(Number(percent) * 10) / 10)} % (by ${by})`;

/** What the values follow, and how many do; or why there is no such thing. */
function regexTable(figure: unknown, screen: number): string {
  if (!isFigure(figure)) return '';
  if ('unknown' in figure) return `\nregular expressions  ${harmless(figure.unknown)}\n`;
  const rows = (figure.value as Record<string, unknown>[]).map(({ strictness, coverage, regex }) => [
    show(strictness),
    `${show(Math.round(Number(coverage) * 1_000) / 10)} %`,
    show(regex),
  ]);
  return `\n${formatTable(['regular expressions', { title: 'coverage', align: 'right' }, 'expression'], rows, screen)}`;
}

const isFigure = (given: unknown): given is Figure =>
  typeof given === 'object' && given !== null && ('unknown' in given || ('value' in given && 'basis' in given));
const shownOf = (figure: Figure): unknown => ('value' in figure ? figure.value : 'unknown');
const toWords = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
const show = (value: unknown): string =>
  typeof value === 'number'
    ? formatNumber(value)
    : value === null || value === undefined
      ? '-'
      : shorten(String(value));

/** Text of a value; numbers that come as text keep the digits that matter. */
function showValue(name: string, value: unknown): string {
  if (typeof value === 'number') return PERCENT.has(name) ? `${formatNumber(value)} %` : formatNumber(value);
  return show(value);
}

/** A mean has more digits than anybody reads; the exact ones are in --json. */
const shorten = (text: string): string => (/^-?\d+\.\d{5,}$/.test(text) ? Number(text).toPrecision(7) : text);

export function basisOf(figure: Figure): string {
  if ('unknown' in figure) return figure.unknown;
  if (figure.basis === 'sample') return `sample of ${show(figure.ofRows)} rows`;
  if (figure.basis !== 'estimate') return figure.basis;
  if (figure.error === undefined && figure.within === undefined) return 'estimate';
  return figure.error === undefined ? `estimate ± ${show(figure.within)}` : `estimate ± ${show(figure.error * 100)} %`;
}

/** What stands out, a line each. */
function findingLines(findings: unknown): string {
  if (!Array.isArray(findings)) return '';
  const lines = (findings as { severity: string; sentence: string }[]).map(
    ({ severity, sentence }) => `${severity.padEnd(8)} ${harmless(sentence)}\n`,
  );
  return lines.join('');
}

function quantileLine(figure: unknown): string {
  if (!isFigure(figure) || !('value' in figure)) return '';
  const all = Object.entries(figure.value as Record<string, string>).sort(([a], [b]) => Number(a) - Number(b));
  if (all.length === 0) return '';
  return `quantiles  ${all.map(([share, value]) => `${Number(share) * 100} %: ${shorten(harmless(value))}`).join('  ')}\n`;
}

function histogramLine(figure: unknown): string {
  if (!isFigure(figure) || !('value' in figure)) return '';
  const bins = figure.value as { from: string; to: string; count: number }[];
  if (bins.length < 2) return '';
  const most = Math.max(...bins.map((bin) => bin.count), 1);
  const drawn = bins
    .map((bin) => BARS[Math.min(BARS.length - 1, Math.floor((bin.count / most) * BARS.length))])
    .join('');
  return `histogram  ${harmless(bins[0]!.from)} ${drawn} ${harmless(bins.at(-1)!.to)}\n`;
}

function listTable(figure: unknown, names: readonly string[], title: string, screen: number): string {
  if (!isFigure(figure) || !('value' in figure) || !Array.isArray(figure.value) || figure.value.length === 0) return '';
  const rows = (figure.value as Record<string, unknown>[])
    .slice(0, TOP)
    .map((row) => names.map((name) => (name === 'percent' ? `${show(row[name])} %` : show(row[name]))));
  const heads = names.map((name, index) => ({
    title: index === 0 ? title : name,
    align: index === 1 ? ('right' as const) : undefined,
  }));
  return `\n${formatTable(heads, rows, screen)}`;
}

/** Paths of a nested column that are shown; all are in --json. */
const MOST_PATHS = 50;

/** A line per path within the column: its values, not rows of the table, are what the figures count. */
function pathTable(paths: unknown, screen: number): string {
  if (!Array.isArray(paths) || paths.length === 0) return '';
  const rows = (paths as Record<string, unknown>[]).slice(0, MOST_PATHS).map((path) => {
    const value = (name: string): unknown => {
      const figure = path[name];
      return isFigure(figure) && 'value' in figure ? figure.value : undefined;
    };
    return [
      harmless(String(path.path)),
      harmless(typeOf(path)),
      show(value('rows')),
      show(value('nulls')),
      show(value('presentIn')),
      show(value('distinct')),
      show(value('lexicalMin') ?? value('min')),
      show(value('lexicalMax') ?? value('max')),
      lengthOf(value('arrayLength')),
    ];
  });
  const right = (title: string) => ({ title, align: 'right' as const });
  const heads = [
    'within it',
    'type',
    right('values'),
    right('nulls'),
    right('in rows'),
    right('distinct'),
    'min',
    'max',
    'array length',
  ];
  const more = paths.length > MOST_PATHS ? `and ${paths.length - MOST_PATHS} more paths: --json\n` : '';
  return `\n${formatTable(heads, rows, screen)}${more}`;
}

/** `VARCHAR`; of what has no values of its own `object`, `array`, or nothing. */
const typeOf = (path: Record<string, unknown>): string =>
  String(path.nativeType ?? Object.keys((path.types as object | undefined) ?? {}).join(' or '));

function lengthOf(length: unknown): string {
  const { min, max, mean } = (length ?? {}) as Record<string, number | null>;
  return length === undefined ? '' : `${show(min)} to ${show(max)}, mean ${show(mean)}`;
}
