import { type ColumnKind, isNumeric } from './column.ts';

/**
 * Where a value of a column lies on a line of doubles: numbers as they are, dates and timestamps in seconds since 1970 (UTC where the
 * type has no zone), times of day in seconds since midnight. Undefined for what has no such place: texts, infinities, NaN,
 * a masked value. Good for distances and pictures, not for exact figures.
 */
export function placeOf(kind: ColumnKind, text: string | null | undefined): number | undefined {
  if (text === null || text === undefined) return undefined;
  const place = isNumeric(kind)
    ? Number(text)
    : kind === 'date' || kind === 'timestamp'
      ? secondsOf(text)
      : kind === 'time'
        ? clockSeconds(text)
        : undefined;
  return place !== undefined && Number.isFinite(place) && text.trim() !== '' ? place : undefined;
}

const TIME =
  /^([+-]?\d+)-(\d\d)-(\d\d)( \(BC\))?(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?(Z|[+-]\d\d(?::?\d\d)?(?::?\d\d)?)?( ?\(BC\))?$/;

/** Any year: a JS Date ends in the year 275760 and the types of databases do not, so years are laid on a 400-year cycle. */
function secondsOf(text: string): number | undefined {
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [, years = '', month, day, before, clock = '00:00', zone = 'Z', after] = match;
  const year = before || after ? 1 - Number(years) : Number(years);
  const cycles = Math.floor((year - 1970) / 400);
  const ms = Date.UTC(year - cycles * 400, Number(month) - 1, Number(day));
  const seconds = clockSeconds(clock);
  if (seconds === undefined || Number.isNaN(ms)) return undefined;
  return cycles * SECONDS_IN_400_YEARS + ms / 1000 + seconds - zoneSeconds(zone);
}

const SECONDS_IN_400_YEARS = 146_097 * 86_400;

function clockSeconds(text: string): number | undefined {
  const match = /^(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?/.exec(text);
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3] ?? 0) : undefined;
}

function zoneSeconds(zone: string): number {
  if (zone === 'Z') return 0;
  const [hours = '0', minutes = '0', seconds = '0'] = zone.slice(1).match(/\d\d/g) ?? [];
  return (zone.startsWith('-') ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
}
