import { intervalOf } from '../compare/figures.ts';
import { type Figure, isKnown } from '../figure.ts';

/** Made once: `toLocaleString` makes one each time, which took nine tenths of the time of a report. */
const FORMATS = [0, 1, 2].map((digits) => new Intl.NumberFormat('en-US', { maximumFractionDigits: digits }));

const grouped = (value: number, digits: 0 | 1 | 2 = 0): string => FORMATS[digits]!.format(value);

const UNITS = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
] as const;

/** Three digits that matter: `1.23 M`, `999 k` never: thousands are written out. */
export function rounded(value: number): string {
  const unit = UNITS.find(([size]) => Math.abs(value) >= size);
  return unit ? `${grouped(value / unit[0], 2)} ${unit[1]}` : grouped(value, Math.abs(value) < 100 ? 2 : 0);
}

/** `12,000`, `≈ 1.23 M (1.2–1.26 M)`, `120 in a sample of 5,000 rows`, `unknown`. */
export function countText(figure: Figure<number> | undefined): string {
  if (!figure) return '';
  if (!isKnown(figure)) return 'unknown';
  if (figure.basis === 'exact') return grouped(figure.value, 2);
  const { low, high } = intervalOf(figure);
  const about =
    low === high ? grouped(figure.value, 2) : `≈ ${rounded(figure.value)} (${rounded(low)}–${rounded(high)})`;
  return figure.basis === 'sample' ? `${about} in a sample of ${grouped(figure.ofRows)} rows` : about;
}

/** How a figure that is no count is to be read; empty when it is exact. */
export function basisNote(figure: Figure<unknown> | undefined): string {
  if (!isKnown(figure) || figure.basis === 'exact') return '';
  if (figure.basis === 'sample') return `of a sample of ${grouped(figure.ofRows)} rows`;
  if (figure.error !== undefined) return `estimated, ± ${grouped(figure.error * 100, 2)} %`;
  if (figure.within !== undefined) return `estimated, ± ${grouped(figure.within, 2)}`;
  return 'estimated';
}

/** A number that came as a text: thousands apart, at most four digits behind the point where there are many more. */
export function valueText(text: string): string {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return text;
  const [whole = '', fraction = ''] = text.split('.');
  // A year or a number of four digits is not cut up.
  const wide = whole.replace('-', '').length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole;
  return fraction === '' ? wide : `${wide}.${fraction.slice(0, 4)}`;
}

export const percentText = (share: number): string => {
  const value = share * 100;
  if (value > 0 && value < 0.1) return '<0.1 %';
  if (value < 100 && value > 99.9) return '>99.9 %';
  return `${grouped(value, 1)} %`;
};

const BYTES = ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB'];

export function bytesText(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), BYTES.length - 1);
  return `${grouped(bytes / 1000 ** power, power === 0 ? 0 : 1)} ${BYTES[power]}`;
}

/** `2026-11-25 10:00 UTC`: the reader's zone is not known. */
export const timeText = (time: Date): string => `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
export { grouped };
