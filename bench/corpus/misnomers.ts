import { allLocales } from '@faker-js/faker';
import { below, between, fill, pick } from './column.ts';
import type { ColumnType } from './layouts.ts';
import { from, type Make, of, whole } from './makers.ts';

const any =
  (items: readonly string[] | null | undefined): Make =>
  (random) =>
    pick(random, items ?? []);
const english = allLocales.en;

/** Words and works, of which many are also names, months, colours or places. */
const WORDS: readonly (readonly [string, Make, readonly string[], readonly string[]])[] = [
  ['nouns', any(english.word?.noun), ['keyword', 'col_4'], ['term', 'category', 'attr3']],
  ['adjectives', any(english.word?.adjective), ['adjective'], ['quality', 'field_9']],
  ['verbs', any(english.word?.verb), ['verb_form'], ['action_taken']],
  ['artists', any(english.music?.artist), ['artist'], ['band', 'performer']],
  ['albums', any(english.music?.album), ['album'], ['record']],
  ['songs', any(english.music?.song_name), ['song'], ['track', 'title']],
  ['books', any(english.book?.title), ['book'], ['title']],
  ['publishers', any(english.book?.publisher), ['publisher'], ['imprint']],
  ['authors', any(english.book?.author), ['author'], ['writer']],
  ['streets', any(english.location?.street_name), ['street_name'], ['road']],
  ['dishes', any(english.food?.dish), ['dish'], ['menu_item']],
  ['pets', any(english.animal?.pet_name), ['mascot_label'], ['puppy', 'F3_label']],
];

/** Names that speak of one thing over values that are another. */
const MISNAMED: readonly (readonly [string, Make, readonly string[], readonly string[]])[] = [
  ['dialling codes', (random) => `+${between(random, 1, 99)}`, ['country_code'], ['country']],
  ['states of orders', from('new|ready|waiting|locked|archived'), ['state'], ['record_state']],
  [
    'masked cards',
    (random) => fill(random, '************####').replaceAll(/[A-Z0-9](?=.{4})/g, '*'),
    ['card_number'],
    ['credit_card'],
  ],
  ['last four digits', of('####'), ['card_last4', 'ssn_last4'], ['iban_suffix', 'phone_ext']],
  ['masked SSNs', of('XXX-XX-####'), ['ssn'], ['social_security_number']],
  ['hashed e-mails', of('%'.repeat(64)), ['email'], ['email_hash']],
  ['switches for e-mail', from('daily|weekly|monthly|off'), ['email_frequency'], ['email_setting']],
  ['host names without domain', of('srv-##', 'node##'), ['ip'], ['ip_host']],
  ['paths without host', of('/~~~~/~~~~', '/api/v1/~~~~'), ['url'], ['link']],
  [
    'years and months',
    (random) => `${between(random, 2000, 2026)}-${String(between(random, 1, 12)).padStart(2, '0')}`,
    ['month'],
    ['date_month'],
  ],
  ['relative dates', from('yesterday|last week|today|next month|soon|Q3'), ['date'], ['due_date']],
  ['ages', whole(0, 99), ['age', 'dob_age'], ['Alter', 'birthday_age']],
  ['offsets of time zones', from('+01:00|-05:00|+09:00|+05:30|+00:00'), ['utc_offset'], ['timezone_offset']],
  ['archives', (random) => `${fill(random, '~~~~').toLowerCase()}.zip`, ['zip'], ['zip_name']],
  ['zones of tariffs', whole(1, 8), ['zip_zone'], ['postal_zone']],
  ['genders as digits', whole(1, 2), ['gender'], ['sex_cd']],
  ['numbers of jobs', of('J-####', 'JOB####'), ['job'], ['job_no', 'position_id']],
  [
    'sentences about languages',
    (random) =>
      `speaks ${pick(random, ['some', 'good', 'no'])} ${pick(random, ['French', 'German'])} ${below(random, 50)}`,
    ['language'],
    ['language_notes'],
  ],
  [
    'amounts in a currency column',
    (random) => `${between(random, 1, 900)}.${fill(random, '##')}`,
    ['currency'],
    ['amount_currency'],
  ],
  ['names of units of a company', of('Unit #', 'Unit ##'), ['unit'], ['unit_name']],
  ['coded colours', of('C-###', 'RAL####'), ['color_code'], ['Farbnummer']],
  ['numbers of telephones that are too short', of('####', '###'), ['phone'], ['extension']],
  ['places in a list', whole(1, 60), ['position'], ['rank_position', 'sort_role']],
  ['levels of a game', whole(1, 30), ['level'], ['severity']],
  ['numbers of passports that are none', from('yes|no|pending'), ['has_passport'], ['passport_check']],
  ['months since', whole(0, 240), ['months_employed'], ['month_count']],
  ['initials', of('@.', '@@'), ['first_name_initial'], ['last_initial']],
  [
    'full names',
    (random) =>
      `${pick(random, ['Anna', 'Jon', 'Mia', 'Ravi'])} ${fill(random, '@')}. ${pick(random, ['Berg', 'Stone', 'Costa', 'Mehta'])}`,
    ['customer'],
    ['name', 'full_name'],
  ],
  ['regions of sales', of('R##', 'Region #'), ['region'], ['sales_region']],
  ['types of customers', from('gold|silver|bronze|platinum'), ['customer_type', 'tier'], ['membership', 'card_level']],
  ['suits of cards', from('hearts|spades|clubs|diamonds'), ['card'], ['suit']],
  ['codes of departments', of('D-##', '4##0'), ['department'], ['dept']],
  ['hexadecimal numbers', of('0x%%%%', '0x%%%%%%%%'), ['address'], ['wallet_flags', 'mem_address']],
  ['Roman numerals', from('I|II|III|IV|V|VI|VII|VIII'), ['chapter_no'], ['volume', 'phase']],
];

/** Columns that no method may tag: words with other meanings, and names that promise what the values are not. */
export const MISNOMERS: readonly ColumnType[] = [...WORDS, ...MISNAMED].map(([what, value, development, heldOut]) => ({
  what,
  tags: [],
  value,
  names: { development, 'held out': heldOut },
  // Gold and silver are colours too, and no is an answer.
  ...(what === 'types of customers' ? { also: ['Colour', 'Material', 'Chemical Element'] } : {}),
  ...(what === 'switches for e-mail' || what.startsWith('numbers of passports') ? { also: ['Yes or No'] } : {}),
}));
