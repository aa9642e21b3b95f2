import { grouped, percentText } from './figure-text.ts';
import { toHtml } from './to-html.ts';

const WIDE = 320;
const HIGH = 64;

/**
 * A histogram as one path: small, and sharp at any size. Bins that hold nothing are left out of the list and get their place
 * by the edges of the others; where edges are hidden the bars stand side by side.
 */
export function histogramSvg(
  name: string,
  bins: readonly { from: string; to: string; count: number }[],
  note: string,
): string {
  const most = Math.max(...bins.map(({ count }) => count), 1);
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const places = placesOf(bins);
  const span = (places.at(-1) ?? 0) + 1;
  const width = WIDE / span;
  const bars = bins.map(({ count }, i) => {
    const height = Math.max((count / most) * HIGH, count > 0 ? 1 : 0);
    const at = (places[i] ?? i) * width;
    const gap = width > 4 ? 1 : 0;
    return `M${short(at)} ${HIGH}v-${short(height)}h${short(width - gap)}V${HIGH}z`;
  });
  const label = `Histogram of ${name}: ${bins.length} bins that hold values, the fullest with ${percentText(most / Math.max(total, 1))} of them${note}`;
  return `<svg class=hist role=img aria-label="${toHtml(label, 300)}" viewBox="0 0 ${WIDE} ${HIGH}" preserveAspectRatio="none"><path d="${bars.join('')}"/></svg>`;
}

function placesOf(bins: readonly { from: string; to: string }[]): number[] {
  const first = bins[0];
  const width = Number(first?.to) - Number(first?.from);
  const places = bins.map(({ from }) => Math.round((Number(from) - Number(first?.from)) / width));
  const sound = places.every((place) => Number.isFinite(place) && place >= 0 && place < 4_096);
  return sound && new Set(places).size === places.length ? places : bins.map((_, i) => i);
}

const short = (value: number): string => String(Number(value.toFixed(1)));

/** 5 % to 95 % as a line, the middle half as a box, the median as a tick; `places` of 5, 25, 50, 75 and 95 %. */
export function quantileSvg(name: string, places: readonly number[]): string {
  const [low = 0, first = 0, middle = 0, third = 0, high = 0] = places;
  const reach = high - low;
  if (!(reach > 0)) return '';
  const at = (place: number): number => 4 + ((place - low) / reach) * (WIDE - 8);
  const box = `M${short(at(first))} 3h${short(Math.max(at(third) - at(first), 1))}v10h-${short(Math.max(at(third) - at(first), 1))}z`;
  return (
    `<svg class=strip role=img aria-label="${toHtml(`Where the middle 90 % of ${name} lie, the middle half as a box, the median as a tick`, 300)}" viewBox="0 0 ${WIDE} 16">` +
    `<path class=l d="M4 8H${WIDE - 4}M4 4v8M${WIDE - 4} 4v8"/><path class=q d="${box}"/><path class=m d="M${short(at(middle))} 1v14"/></svg>`
  );
}

/** Shares of the rows as one bar: values, blanks, nulls. */
export function fillBar(values: number, blanks: number, nulls: number): string {
  const rows = values + blanks + nulls;
  if (rows === 0) return '';
  const part = (name: string, count: number): string =>
    count === 0 ? '' : `<i class=${name} style="width:${short((100 * count) / rows)}%"></i>`;
  const says = `${percentText(values / rows)} values, ${percentText(blanks / rows)} blank, ${percentText(nulls / rows)} null`;
  return `<span class=fill role=img aria-label="${says}" title="${says}">${part('v', values)}${part('e', blanks)}${part('n', nulls)}</span>`;
}

/** A count beside a bar of its share of the largest. */
export const countBar = (count: number, largest: number): string =>
  `<span class=bar aria-hidden=true><i style="width:${short((100 * count) / Math.max(largest, 1))}%"></i></span>${grouped(count)}`;
