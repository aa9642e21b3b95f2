import type { Naming } from '../aliases.ts';
import type { DictionarySpec } from '../dictionary-spec.ts';
import { SOURCES } from './sources.ts';
import { TONGUES } from './tongues.ts';

const MONTH: Naming = {
  anywhere: ['month', 'monat', 'mois', 'maand', 'miesiąc', 'miesiac', 'månad', 'måned', 'месяц', '月', '월', 'شهر'],
  words: ['mes', 'mese', 'mês', 'mon', 'mth', 'ay', 'period'],
};
const WEEKDAY: Naming = {
  anywhere: [
    'weekday',
    'day of week',
    'wochentag',
    'jour',
    'día',
    'giorno',
    'semana',
    'weekdag',
    'dzień',
    'veckodag',
    'день',
    '曜日',
    '요일',
    '星期',
    'اليوم',
    'day name',
  ],
  words: ['day', 'days', 'tag', 'dow', 'dia', 'dag', 'gün', 'gun', 'dzien'],
};
const time = { category: 'Time', language: 'mul', source: SOURCES.own } as const;
const OTHERS = ['other', 'Other Languages'] as const;

export const TIMES: readonly DictionarySpec[] = [
  ...[...TONGUES, OTHERS].map(
    ([suffix, name]): DictionarySpec => ({
      ...time,
      name: `Months (${name})`,
      file: `months-${suffix}`,
      tag: 'Month',
      language: suffix === 'other' ? 'mul' : suffix,
      weight: 'values',
      naming: MONTH,
      source: SOURCES.cldr,
      leastShare: 0.5,
    }),
  ),
  ...[...TONGUES, OTHERS].map(
    ([suffix, name]): DictionarySpec => ({
      ...time,
      name: `Days of the Week (${name})`,
      file: `weekdays-${suffix}`,
      tag: 'Day of the Week',
      language: suffix === 'other' ? 'mul' : suffix,
      weight: 'values',
      naming: WEEKDAY,
      source: SOURCES.cldr,
      leastShare: 0.5,
    }),
  ),
  {
    ...time,
    name: 'Seasons',
    file: 'seasons',
    tag: 'Season',
    weight: 'values',
    naming: {
      anywhere: [
        'season',
        'jahreszeit',
        'saison',
        'estación',
        'estacion',
        'stagione',
        'estação',
        'seizoen',
        '季節',
        '계절',
        '季节',
      ],
    },
    leastShare: 0.5,
  },
  {
    ...time,
    name: 'Quarters',
    file: 'quarters',
    tag: 'Quarter',
    weight: 'both',
    naming: {
      anywhere: ['quarter', 'quartal', 'trimestre', 'trimester', 'kwartaal', 'kwartał', '四半期', '분기', '季度'],
      words: ['qtr', 'q'],
      hints: ['period', 'fiscal period'],
    },
    leastShare: 0.6,
  },
];
