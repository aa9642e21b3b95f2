import type { Random } from './random.ts';

/** The company's last day: everything happens before it, so a run next year gives the same rows. */
export const TODAY = '2026-10-31';

const DAY_MS = 86_400_000;
const TODAY_MS = Date.parse(TODAY);

/** `YYYY-MM-DD`, so many days before the company's last day. */
export const daysAgo = (days: number): string => new Date(TODAY_MS - days * DAY_MS).toISOString().slice(0, 10);

export const someDay = (random: Random, from: number, to: number): string => daysAgo(random.between(to, from));

/** `YYYY-MM-DD hh:mm:ss.mmm`, busier by day than by night. */
export function someTime(random: Random, day: string): string {
  const second = Math.max(0, Math.min(86_399, Math.round(random.normal(13.5 * 3600, 4.2 * 3600))));
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
  return `${day} ${time}.${String(random.between(0, 999)).padStart(3, '0')}`;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** The same day as five departments would type it. */
export function typedDate(random: Random, day: string): string {
  const [y, m, d] = day.split('-') as [string, string, string];
  const form = random.next();
  if (form < 0.78) return day;
  if (form < 0.88) return `${d}.${m}.${y}`;
  if (form < 0.94) return `${m}/${d}/${y}`;
  if (form < 0.98) return `${Number(d)} ${MONTHS[Number(m) - 1]} ${y}`;
  return `${y}${m}${d}`;
}
