/** `0.4 s`, `12 s`, `3 min 05 s`, `2 h 07 min`; for people, so it never says more than two units. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return '?';
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  return `${Math.round(minutes / 1440)} days`;
}

/** Things per second, minute or hour, whichever reads best: `3.4 tables/s`, `12 tables/min`, without a noun `12/min`. */
export function formatRate(perSecond: number, noun = ''): string {
  const [value, unit] =
    perSecond >= 1 ? [perSecond, 's'] : perSecond >= 1 / 60 ? [perSecond * 60, 'min'] : [perSecond * 3600, 'h'];
  return `${value >= 100 ? Math.round(value) : Number(value.toPrecision(2))}${noun && ` ${noun}`}/${unit}`;
}

/** `2026-10-31 14:02` in the zone of whoever reads. Empty for an absent time. */
export function formatTime(iso: string | null | undefined): string {
  if (!iso) return '';
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
