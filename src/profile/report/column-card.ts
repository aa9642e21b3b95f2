import { type Figure, isKnown, knownValue } from '../figure.ts';
import { type Finding, findInColumn } from '../findings.ts';
import { placeOf } from '../number-line.ts';
import type { ColumnProfile } from '../profile.ts';
import { MASK } from '../shape.ts';
import { countBar, fillBar, histogramSvg, quantileSvg } from './charts.ts';
import { basisNote, countText, percentText, valueText } from './figure-text.ts';
import { foreign, toHtml } from './to-html.ts';

/** A column of a report. `hidden` says why its values are not shown: its profile is masked then, `facts` is not shown at all. */
export interface ReportColumn {
  profile: ColumnProfile;
  hidden: string;
  findings: Finding[];
}

/** Figures say how many entries of a list a card shows. */
export interface Detail {
  values: number;
  patterns: number;
}

export const FULL: Detail = { values: 8, patterns: 6 };
export const BRIEF: Detail = { values: 4, patterns: 3 };

export const reportColumn = (
  profile: ColumnProfile,
  hidden: string,
  mask: (profile: ColumnProfile) => ColumnProfile,
): ReportColumn => ({
  profile: hidden === '' ? profile : mask(profile),
  hidden,
  // From the whole profile: findings hold no value.
  findings: findInColumn(profile),
});

/** The values, blanks and nulls of a column as a bar. */
export function fillOf({ nonNull, blanks, nulls }: ColumnProfile): string {
  const blank = knownValue(blanks) ?? 0;
  return fillBar(Math.max(0, (knownValue(nonNull) ?? 0) - blank), blank, knownValue(nulls) ?? 0);
}

export const findingList = (findings: readonly Finding[]): string =>
  findings.length === 0
    ? ''
    : `<ul class=finds>${findings.map(({ severity, sentence, code }) => `<li class="f ${severity}" title="${code}"><b>${WORDS[severity]}</b> ${toHtml(sentence, 300)}</li>`).join('')}</ul>`;
const WORDS = { warning: 'Warning:', notice: 'Notice:', info: 'Note:' } as const;

/** One column: what it is, how full, what its values look like, what stands out. */
export function columnCard({ profile, hidden, findings }: ReportColumn, id: string, detail: Detail): string {
  const name = toHtml(profile.name, 200);
  return [
    `<article class=card id=${id} aria-labelledby=${id}h><header><h3 id=${id}h><bdi>${name}</bdi></h3><code class=soft>${toHtml(profile.nativeType, 80)}</code></header>`,
    fillOf(profile),
    hidden === '' ? '' : `<p class=soft><small>${toHtml(hidden, 200)}</small></p>`,
    findingList(findings),
    factList(profile),
    distribution(profile),
    topValues(profile, detail),
    patternList(profile, detail),
    pathList(profile),
    unknowns(profile),
    '</article>',
  ].join('');
}

function factList(profile: ColumnProfile): string {
  const rows = knownValue(profile.rows) ?? 0;
  const facts: [string, string][] = [];
  const counted = (label: string, figure: Figure<number> | undefined, share = true): void => {
    if (!isKnown(figure)) return;
    const of = share && rows > 0 ? ` · ${percentText(Math.min(1, figure.value / rows))}` : '';
    facts.push([label, toHtml(countText(figure) + of)]);
  };
  counted('nulls', profile.nulls);
  if (knownValue(profile.blanks)) counted('blanks', profile.blanks);
  counted('distinct', profile.distinct);
  if (knownValue(profile.nan)) counted('NaN', profile.nan);
  if (knownValue(profile.infinite)) counted('infinite', profile.infinite);
  const text = (label: string, figure: Figure<string | null> | undefined): void => {
    if (!isKnown(figure) || figure.value === null) return;
    const note = basisNote(figure);
    facts.push([label, `${shownValue(figure.value)}${note ? ` <small>${toHtml(note)}</small>` : ''}`]);
  };
  text('smallest', profile.min ?? profile.lexicalMin);
  text('largest', profile.max ?? profile.lexicalMax);
  text('mean', profile.mean);
  text('deviation', profile.standardDeviation);
  if (isKnown(profile.length) && profile.length.value.min !== null) {
    const { min, max, mean } = profile.length.value;
    facts.push(['length', toHtml(`${min} to ${max}, mean ${Number((mean ?? 0).toFixed(1))}`)]);
  }
  if (isKnown(profile.logicalType) && profile.logicalType.value.type !== 'text') {
    const { type, format, share, ambiguous } = profile.logicalType.value;
    const doubt =
      ambiguous && ambiguous.length > 1 ? ` <small>(or ${toHtml(ambiguous.slice(1, 3).join(', '), 80)})</small>` : '';
    const shown = `${type}${format ? ` ${format}` : ''} · ${percentText(share)}`;
    facts.push(['reads as', toHtml(shown) + doubt]);
  }
  if (isKnown(profile.quality)) facts.push(['quality', percentText(profile.quality.value.percent / 100)]);
  return `<dl>${facts.map(([label, html]) => `<dt>${label}</dt><dd>${html}</dd>`).join('')}</dl>`;
}

function shownValue(value: string): string {
  if (value === MASK) return '<span class=soft title=hidden>••••••</span>';
  if (/^\s*$/u.test(value)) return `<span class=soft>(${value === '' ? 'empty' : 'white space'})</span>`;
  return foreign(valueText(value), 60);
}

function distribution(profile: ColumnProfile): string {
  const { histogram, quantiles, kind, name } = profile;
  const parts: string[] = [];
  if (isKnown(histogram) && histogram.value.length > 1) {
    const bins = histogram.value;
    const [first, last] = [bins[0]?.from ?? '', bins.at(-1)?.to ?? ''];
    const hidden = first === MASK;
    const ends = hidden ? 'edges hidden' : `${valueText(first)} to ${valueText(last)}`;
    parts.push(
      `<h4>Distribution ${noteOf(histogram)}</h4>${histogramSvg(name.slice(0, 80), bins, hidden ? '' : `, ${ends}`)}`,
      hidden
        ? ''
        : `<div class=ends><span>${toHtml(valueText(first))}</span><span>${toHtml(valueText(last))}</span></div>`,
    );
  }
  if (isKnown(quantiles)) {
    const shown = ['0.05', '0.25', '0.5', '0.75', '0.95'].map((q) => quantiles.value[q]);
    const places = shown.map((text) => placeOf(kind, text));
    if (places.every((place) => place !== undefined))
      parts.push(
        `${parts.length === 0 ? `<h4>Quantiles ${noteOf(quantiles)}</h4>` : ''}${quantileSvg(name.slice(0, 80), places as number[])}`,
        `<div class=ends>${[0, 2, 4].map((i) => `<span>${QUANTILE_NAMES[i]}<br>${foreign(valueText(shown[i] ?? ''), 32)}</span>`).join('')}</div>`,
      );
  }
  return parts.join('');
}

const QUANTILE_NAMES = ['5 %', '25 %', 'median', '75 %', '95 %'];

const noteOf = (figure: Figure<unknown>): string => {
  const note = basisNote(figure);
  return note ? `<small>(${toHtml(note)})</small>` : '';
};

function topValues({ topValues: top }: ColumnProfile, { values }: Detail): string {
  if (!isKnown(top) || top.value.length === 0) return '';
  const most = top.value[0]?.count ?? 1;
  // Every value once: a list of them says nothing.
  if (most <= 1) return '';
  const hidden = top.value[0]?.value === MASK;
  const rows = top.value
    .slice(0, values)
    .map(({ value, count }) => `<tr><td>${shownValue(value)}</td><td class=r>${countBar(count, most)}</td></tr>`);
  const left = top.value.length - rows.length;
  const more = left > 0 ? `<small class=soft>and ${left} more ${hidden ? '' : 'in the profile'}</small>` : '';
  return `<h4>Most frequent values ${noteOf(top)}</h4><table aria-label="Most frequent values"><tbody>${rows.join('')}</tbody></table>${more}`;
}

function patternList({ patterns }: ColumnProfile, { patterns: most }: Detail): string {
  if (!isKnown(patterns) || patterns.value.length === 0) return '';
  const largest = patterns.value[0]?.count ?? 1;
  const rows = patterns.value
    .slice(0, most)
    .map(
      ({ pattern, count }) =>
        `<tr><td><code>${toHtml(pattern, 60)}</code></td><td class=r>${countBar(count, largest)}</td></tr>`,
    );
  return `<details class=more><summary>Patterns ${noteOf(patterns)}</summary><table aria-label="Patterns"><tbody>${rows.join('')}</tbody></table></details>`;
}

/** What lies within a nested column, a line per path. */
function pathList({ paths = [], pathsLeftOut = [] }: ColumnProfile): string {
  if (paths.length === 0) return '';
  const rows = paths
    .slice(0, MOST_PATHS)
    .map(
      ({ path, distinct }) =>
        `<tr><td><code>${toHtml(path, 60)}</code></td><td class=r>${toHtml(countText(distinct))}</td></tr>`,
    );
  const left = paths.length + pathsLeftOut.length - rows.length;
  const more = left > 0 ? `<small class=soft>and ${left} more paths</small>` : '';
  return `<details class=more><summary>Paths within, with their distinct values</summary><table aria-label="Paths"><tbody>${rows.join('')}</tbody></table>${more}</details>`;
}

const MOST_PATHS = 40;

/** Figures that could not be had, each reason once. */
function unknowns(profile: ColumnProfile): string {
  const reasons = new Map<string, string[]>();
  for (const [name, figure] of Object.entries(profile)) {
    if (typeof figure !== 'object' || figure === null || !('unknown' in figure)) continue;
    const reason = String(figure.unknown);
    reasons.set(reason, [...(reasons.get(reason) ?? []), toWords(name)]);
  }
  if (reasons.size === 0) return '';
  const items = [...reasons].map(([reason, names]) => `<li>${toHtml(names.join(', '))}: ${toHtml(reason, 300)}</li>`);
  return `<details class=more><summary>Not known</summary><ul>${items.join('')}</ul></details>`;
}

const toWords = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
