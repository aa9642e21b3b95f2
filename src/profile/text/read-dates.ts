/**
 * Readings of dates and times, in the letters of java.time: `d` and `M` where a leading zero is missing, `dd` and `MM` where it may
 * be there. A value that day-first and month-first both can read has both readings. Expressions are anchored and linear.
 */
const MONTHS = new Map<string, number>();
for (const names of [
  'january february march april may june july august september october november december',
  'januar februar märz april mai juni juli august september oktober november dezember',
  'janvier février mars avril mai juin juillet août septembre octobre novembre décembre',
  'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre',
  'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre',
  'janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro',
  'januari februari maart april mei juni juli augustus september oktober november december',
  'stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia',
  'января февраля марта апреля мая июня июля августа сентября октября ноября декабря',
  'jan feb mar apr may jun jul aug sep oct nov dec',
  'jan feb mär apr mai jun jul aug sept okt nov dez',
  'janv févr mars avr mai juin juil août sept oct nov déc',
  'ene feb mar abr may jun jul ago sep oct nov dic',
  'gen feb mar apr mag giu lug ago set ott nov dic',
  'jan fev mar abr mai jun jul ago set out nov dez',
])
  for (const [i, name] of names.split(' ').entries()) MONTHS.set(name, i + 1);

const monthOf = (name: string): number => MONTHS.get(name.toLowerCase().replace(/\.$/, '')) ?? 0;
const letters = (name: string): string => (name.replace(/\.$/, '').length <= 4 ? 'MMM' : 'MMMM');

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1 || day > (DAYS[month - 1] as number)) return false;
  return month !== 2 || day < 29 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}
/** Years that a number of eight digits may begin with and still be meant as a date. */
const isLikelyYear = (year: number): boolean => year >= 1900 && year <= 2100;
const day = (text: string): string => (text.length === 1 ? 'd' : 'dd');
const month = (text: string): string => (text.length === 1 ? 'M' : 'MM');

type Reader = (match: string[]) => string[];
const when = (valid: boolean, format: string): string[] => (valid ? [format] : []);

const numeric: Reader = ([, a = '', sep = '', b = '', year = '']) => {
  const y = year.length === 2 ? 2000 + Number(year) : Number(year);
  const years = year.length === 2 ? 'yy' : 'yyyy';
  const readings = when(isDate(y, Number(b), Number(a)), [day(a), month(b), years].join(sep));
  // Nobody writes the month first with full stops or spaces.
  if (sep === '/' || sep === '-')
    readings.push(...when(isDate(y, Number(a), Number(b)), [month(a), day(b), years].join(sep)));
  if (year.length === 2 && a.length === 2 && b.length === 2 && sep !== ' ')
    readings.push(...when(isDate(2000 + Number(a), Number(b), Number(year)), ['yy', 'MM', 'dd'].join(sep)));
  return readings;
};

const READERS: readonly (readonly [RegExp, Reader])[] = [
  [
    /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/,
    ([, y = '', sep = '', m = '', d = '']) =>
      when(isDate(Number(y), Number(m), Number(d)), ['yyyy', month(m), day(d)].join(sep)),
  ],
  [/^(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})$/, numeric],
  [
    /^(\d{4})(\d\d)(\d\d)$/,
    ([, y = '', m = '', d = '']) =>
      when(isLikelyYear(Number(y)) && isDate(Number(y), Number(m), Number(d)), 'yyyyMMdd'),
  ],
  [
    /^(\d{1,2})(\. | de | |-|\/)(\p{L}{3,12}\.?)( de |, | |-|\/)(\d{4}|\d\d)$/u,
    ([, d = '', first = '', name = '', second = '', y = '']) => {
      const quoted = (text: string): string => text.replace('de', "'de'");
      return when(
        isDate(Number(y), monthOf(name), Number(d)),
        `${day(d)}${quoted(first)}${letters(name)}${quoted(second)}${y.length === 2 ? 'yy' : 'yyyy'}`,
      );
    },
  ],
  [
    /^(\p{L}{3,12}\.?) (\d{1,2})(,? )(\d{4})$/u,
    ([, name = '', d = '', comma = '', y = '']) =>
      when(isDate(Number(y), monthOf(name), Number(d)), `${letters(name)} ${day(d)}${comma}yyyy`),
  ],
  [
    /^(\d{4})([- /])(\p{L}{3,12}\.?)\2(\d{1,2})$/u,
    ([, y = '', sep = '', name = '', d = '']) =>
      when(isDate(Number(y), monthOf(name), Number(d)), ['yyyy', letters(name), day(d)].join(sep)),
  ],
  [
    /^(\p{L}{3,12}\.?)([ -])(\d{4})$/u,
    ([, name = '', sep = '']) => when(monthOf(name) > 0, `${letters(name)}${sep}yyyy`),
  ],
  [
    /^(\d{4})( ?)年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?日$/,
    ([, y = '', gap = '', m = '', d = '']) =>
      when(isDate(Number(y), Number(m), Number(d)), `yyyy${gap}年${gap}${month(m)}${gap}月${gap}${day(d)}${gap}日`),
  ],
  [
    /^(\d{4})년( ?)(\d{1,2})월 ?(\d{1,2})일$/,
    ([, y = '', gap = '', m = '', d = '']) =>
      when(isDate(Number(y), Number(m), Number(d)), `yyyy년${gap}${month(m)}월${gap}${day(d)}일`),
  ],
  [
    /^(?:明治|大正|昭和|平成|令和)(\d{1,2}|元)年(\d{1,2})月(\d{1,2})日$/,
    ([, , m = '', d = '']) => when(isDate(2000, Number(m), Number(d)), `Gy年${month(m)}月${day(d)}日`),
  ],
  [/^(\d{4})(-?)W(\d\d)$/, ([, , dash = '', week = '']) => when(isWeek(week), `YYYY${dash}'W'ww`)],
  [/^(\d{4})(-?)W(\d\d)\2[1-7]$/, ([, , dash = '', week = '']) => when(isWeek(week), `YYYY${dash}'W'ww${dash}e`)],
  [
    /^(\d{4})([-/])(\d\d)$/,
    ([, y = '', sep = '', m = '']) => when(isDate(Number(y), Number(m), 1) && isLikelyYear(Number(y)), `yyyy${sep}MM`),
  ],
  [/^(\d\d)\/(\d{4})$/, ([, m = '', y = '']) => when(isDate(Number(y), Number(m), 1), 'MM/yyyy')],
  [/^(\d{4})([- ]?)Q[1-4]$/, ([, , sep = '']) => [`yyyy${sep}'Q'q`]],
];
const FROM_DIGITS = READERS.filter(([form]) => /^\^\(?\\d/.test(form.source));
const FROM_LETTERS = READERS.filter((reader) => !FROM_DIGITS.includes(reader));
const isWeek = (week: string): boolean => Number(week) >= 1 && Number(week) <= 53;

const WEEKDAY = /^((?:mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?)(,? )/i;
const LONGEST = 64;

/** Formats of a date without a time. */
export function readDate(text: string): string[] {
  if (text.length > LONGEST || text.length < 6) return [];
  const weekday = WEEKDAY.exec(text);
  const rest = weekday ? text.slice(weekday[0].length) : text;
  const first = rest.charCodeAt(0);
  const readers = first >= 0x30 && first <= 0x39 ? FROM_DIGITS : FROM_LETTERS;
  for (const [form, read] of readers) {
    const match = form.exec(rest);
    if (!match) continue;
    const formats = read(match);
    return weekday
      ? formats.map((format) => `${(weekday[1] as string).length === 3 ? 'EEE' : 'EEEE'}${weekday[2]}${format}`)
      : formats;
  }
  return [];
}

const TIME =
  /^(\d{1,2}):(\d\d)(?::(\d\d)(?:([.,])(\d{1,9}))?)?( ?[AaPp]\.?[Mm]\.?)?( ?)(Z|UTC|GMT|[+-]\d\d:\d\d|[+-]\d\d\d\d|[+-]\d\d|[A-Z]{3,4}|\[?[A-Z][A-Za-z]{2,12}\/[A-Z][A-Za-z_]{2,24}\]?)?$/;

/** Format of a time of day, null for none. */
export function readTime(text: string): string | null {
  const match = text.length > LONGEST ? null : TIME.exec(text);
  if (!match) return null;
  const [, hour = '', minute = '', second, mark, fraction = '', half, gap = '', zone] = match;
  const [least, most] = half ? [1, 12] : [0, 24];
  if (Number(hour) < least || Number(hour) > most || Number(minute) > 59 || Number(second ?? 0) > 60) return null;
  if (zone === undefined && gap !== '') return null;
  const hours = (half ? 'h' : 'H').repeat(hour.length);
  const seconds = second === undefined ? '' : `:ss${mark ? mark + 'S'.repeat(fraction.length) : ''}`;
  return `${hours}:mm${seconds}${half ? `${half.startsWith(' ') ? ' ' : ''}a` : ''}${zone === undefined ? '' : gap + zoneFormat(zone)}`;
}

function zoneFormat(zone: string): string {
  if (zone === 'Z' || /^[+-]\d\d:\d\d$/.test(zone)) return 'XXX';
  if (/^[+-]\d{4}$/.test(zone)) return 'XX';
  if (/^[+-]\d\d$/.test(zone)) return 'X';
  return zone.includes('/') ? 'VV' : 'z';
}

/** Readings of a date, a time or both. */
export function readDateOrTime(text: string): string[] {
  if (text.length > LONGEST || text.length < 4 || !/\d/.test(text)) return [];
  const time = readTime(text);
  if (time !== null) return [`time:${time}`];
  const dates = readDate(text);
  if (dates.length > 0) return dates.map((format) => `date:${format}`);
  const compact = /^(\d{8})(T?)(\d\d)(\d\d)(\d\d)(Z|[+-]\d{4})?$/.exec(text);
  if (compact) {
    const [, date = '', t = '', h, m, s, zone] = compact;
    const valid = Number(h) < 24 && Number(m) < 60 && Number(s) < 61 && readDate(date).length > 0;
    return valid ? [`timestamp:yyyyMMdd${t && "'T'"}HHmmss${zone ? 'XX' : ''}`] : [];
  }
  const colon = text.indexOf(':');
  const split = colon < 0 ? null : /^(.*\S)(T|, | )(\d{1,2})$/.exec(text.slice(0, colon));
  if (!split) return [];
  const [, date = '', gap = '', hour = ''] = split;
  const rest = readTime(hour + text.slice(colon));
  if (rest === null) return [];
  return readDate(date.endsWith(',') ? date.slice(0, -1) : date).map(
    (format) => `timestamp:${format}${date.endsWith(',') ? ',' : ''}${gap === 'T' ? "'T'" : gap}${rest}`,
  );
}
