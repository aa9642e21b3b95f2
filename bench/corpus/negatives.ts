import { below, between, fill, pick } from './column.ts';
import type { ColumnType } from './layouts.ts';
import { from, type Make, of, whole } from './makers.ts';

const decimal =
  (low: number, high: number, digits: number): Make =>
  (random) =>
    (low + random() * (high - low)).toFixed(digits);

const WORDS =
  'market|planning|quality|delivery|report|blue sky|annual review|first draft|customer visit|new supplier|open question|see attachment|waiting|budget|follow-up|discussed in May|call back|lot 7|urgent repair|north gate';
const words: Make = (random) => `${from(WORDS)(random)} ${from(WORDS)(random)} ${below(random, 100)}`;

/** What, value, names to tune on, names to measure on; `also`: tags that would not be wrong. */
const ROWS: readonly (readonly [string, Make, readonly string[], readonly string[], (readonly string[])?])[] = [
  [
    'order numbers like telephone numbers',
    of('0##########', '0#########'),
    ['order_no', 'order_id'],
    ['Auftragsnummer', 'shipment_no', 'ref'],
  ],
  ['order numbers of ten digits', of('##########'), ['order_number'], ['purchase_order', 'case_no']],
  ['order numbers with hyphens', of('###-###-####'), ['order_id'], ['ticket_ref', 'batch']],
  ['product codes like postal codes', of('#####'), ['product_code', 'sku'], ['article_no', 'part_id', 'Artikelnummer']],
  ['product codes like British postcodes', of('@@# #@@', '@## #@@'), ['product_code'], ['model_no']],
  ['part numbers like SSNs with areas that no SSN has', of('9##-##-####', '000-##-####'), ['part_no'], ['spare_part']],
  [
    'customer numbers of nine digits',
    of('#########'),
    ['customer_id', 'client_no'],
    ['member_number', 'Kundennummer', 'acct'],
  ],
  ['numbers of eleven digits', of('###########'), ['account_id'], ['contract_no', 'Vertragsnummer']],
  ['numbers of twelve digits', of('############'), ['transaction_id'], ['parcel', 'meter_no']],
  ['numbers of thirteen digits', of('#############'), ['ref_id'], ['tracking_number', 'policy_no']],
  ['numbers of fifteen digits', of('###############'), ['session_no'], ['tracking_id']],
  ['numbers of sixteen digits', of('################'), ['voucher_no'], ['gift_card_code', 'serial']],
  [
    'epoch seconds',
    (random) => String(1_600_000_000 + below(random, 1e8)),
    ['ts', 'created'],
    ['updated_epoch', 'unix_time'],
  ],
  [
    'epoch milliseconds',
    (random) => String(1_600_000_000_000 + below(random, 1e11)),
    ['created_ms'],
    ['event_time_ms'],
  ],
  [
    'versions of four parts',
    (random) => [between(random, 1, 20), below(random, 10), below(random, 30), below(random, 200)].join('.'),
    ['version', 'app_version'],
    ['firmware_version', 'release', 'build'],
  ],
  [
    'versions of three parts',
    (random) => [between(random, 1, 20), below(random, 13), below(random, 30)].join('.'),
    ['version'],
    ['min_version', 'schema_rev'],
  ],
  ['free text', words, ['comment', 'notes'], ['Bemerkung', 'description', 'remarks']],
  [
    'free text with e-mails',
    (random) => `${words(random)}, write to ${fill(random, '~~~~')}@example.com`,
    ['comment'],
    ['message', 'body'],
  ],
  [
    'free text with telephone numbers',
    (random) => `call ${fill(random, '+49 30 #######')} about ${words(random)}`,
    ['note'],
    ['remarks', 'call_log'],
  ],
  [
    'log lines with addresses',
    (random) =>
      `connection from 10.0.${below(random, 255)}.${below(random, 255)} ${pick(random, ['refused', 'closed', 'accepted'])}`,
    ['log'],
    ['line', 'event_message'],
  ],
  [
    'JSON',
    (random) => JSON.stringify({ id: below(random, 1e6), email: `${fill(random, '~~~').toLowerCase()}@example.com` }),
    ['payload'],
    ['data_json', 'attributes'],
  ],
  [
    'products with given names',
    from(
      'BILLY shelf|Anna table|KALLAX|Max lamp|Bella sofa|Oslo chair|Luna bed|Henry desk|POÄNG|MALM|Emma mirror|Stefan stool|Nora rug|LACK|Otto bin',
    ),
    ['product'],
    ['product_name', 'item_description', 'article'],
  ],
  [
    'products that are given names',
    from('Bella|Luna|Max|Emma|Oskar|Henry|Nora|Otto|Anna|Stella|Felix|Ivy|Clara|Hugo|Alma'),
    ['product_line'],
    ['perfume', 'doll_model'],
  ],
  [
    'companies with surnames',
    from(
      'Miller & Sons|Schmidt GmbH|Tanaka Corp.|Johnson Controls|Smith Ltd|Weber AG|Garcia Hermanos|Becker Bau|Kim & Co|Rossi S.p.A.|Fischer Werke|Brown Inc.|Meyer Logistik',
    ),
    ['company'],
    ['supplier', 'Firma', 'account_name'],
  ],
  [
    'streets with surnames',
    (random) =>
      `${pick(random, ['Lincoln', 'Goethe', 'Washington', 'Schiller', 'Victoria'])}${pick(random, ['straße', ' Street', ' Ave', ' Road'])} ${between(random, 1, 200)}`,
    ['street'],
    ['address_line1', 'Straße'],
  ],
  [
    'sports teams of cities',
    from(
      'Chicago Bulls|Berlin Bears|Paris Lions|Tokyo Giants|London Knights|Madrid Reds|Boston Celts|Munich Eagles|Rome Wolves',
    ),
    ['team'],
    ['club', 'home_team'],
  ],
  [
    'titles of books',
    from(
      'The Long Road|A Year in Paris|Green Mountains|May Day|The Last Doctor|Miss Marble|Sir Thomas and the Dragon|Blue Monday|April Rain|The King of Cars|Doctor Snow',
    ),
    ['title'],
    ['book_title', 'movie'],
  ],
  [
    'switches of machines',
    from('on|off|idle|running|stopped|fault|standby|warming'),
    ['state'],
    ['machine_state', 'mode'],
  ],
  ['grades', from('A|B|C|D|E|F'), ['grade'], ['class', 'rating']],
  ['two-letter classes', of('A@', 'B@'), ['class_code'], ['segment', 'bin_location']],
  ['three-letter codes', of('@@@'), ['product_group'], ['team_code', 'cost_center']],
  ['two-letter codes of shelves', from('AA|AB|AC|BA|BB|BC|CA|CB|CC|DA|DB|DE'), ['shelf'], ['rack', 'row_label']],
  ['quantities', whole(1, 500), ['quantity', 'qty'], ['Menge', 'stock', 'units_sold']],
  ['amounts from 100 to 599', whole(100, 599), ['amount', 'calories'], ['score', 'weight_g']],
  ['years', whole(1950, 2026), ['year'], ['model_year', 'Jahr']],
  ['numbers of months', whole(1, 12), ['month_no'], ['month', 'Monat'], ['Month']],
  ['numbers of weekdays', whole(1, 7), ['weekday_no'], ['dow']],
  ['prices', decimal(0.5, 90, 2), ['price', 'unit_price'], ['Preis', 'net', 'cost']],
  ['temperatures', decimal(-20, 40, 1), ['temperature'], ['temp_c', 'Temperatur']],
  ['ratios', decimal(0, 1, 4), ['ratio'], ['conversion_rate', 'share']],
  ['small differences', decimal(-5, 5, 3), ['delta'], ['offset_latency', 'platform_gap']],
  ['MD5', of('%'.repeat(32)), ['md5'], ['checksum', 'etag']],
  ['SHA-1', of('%'.repeat(40)), ['sha1'], ['commit', 'digest']],
  ['base64', of('~~~~~~~~~~~~~~~~~~~~~~=='), ['data'], ['blob64', 'nonce']],
  ['serial numbers of seventeen characters', of('*****************'), ['serial_no'], ['equipment_id', 'asset_tag']],
  ['serial numbers with letters', of('@@######', '@@@#####'), ['serial'], ['asset_no', 'device']],
  ['numbers that begin like days', of('2024####', '2023####'), ['invoice_no'], ['receipt', 'Belegnummer']],
  ['dates that are none', of('2024-13-##', '2023-00-##', '2022-15-##'), ['code'], ['lot_no', 'revision']],
  ['numbers with blanks', of('### ### ###'), ['code'], ['locker', 'combination']],
  [
    'user names',
    (random) => `${fill(random, '~~~~').toLowerCase()}_${pick(random, ['fox', 'star', 'cat', 'pro', '99'])}`,
    ['username'],
    ['login', 'handle', 'nickname'],
  ],
  [
    'paths of files',
    (random) =>
      `/srv/${pick(random, ['data', 'logs', 'img'])}/${fill(random, '~~~~').toLowerCase()}.${pick(random, ['csv', 'png', 'log'])}`,
    ['path'],
    ['file_name', 'location'],
  ],
  [
    'models of telephones',
    from('iPhone 14|iPhone 15 Pro|Galaxy S23|Pixel 8|Xperia 5|Nokia 3310|Redmi 12|OnePlus 11|Moto G'),
    ['phone_model'],
    ['mobile_device', 'handy_typ'],
  ],
  ['languages of exams', from('A1|A2|B1|B2|C1|C2'), ['language_level'], ['german_level', 'Sprachniveau']],
  ['counts of addresses', whole(0, 40), ['ip_count'], ['email_count', 'url_clicks', 'phone_calls']],
  ['rates of currencies', decimal(0.5, 150, 4), ['currency_rate'], ['fx_rate', 'exchange_rate']],
  ['populations', whole(1_000, 900_000), ['city_population'], ['country_rank', 'state_area']],
  [
    'addresses',
    (random) =>
      `${between(random, 1, 300)} ${pick(random, ['Oak', 'Main', 'Hill'])} St, ${pick(random, ['Springfield', 'Riverside', 'Boston'])}, ${pick(random, ['MA', 'CA', 'IL'])} ${fill(random, '#####')}`,
    ['address'],
    ['ship_to', 'full_address'],
  ],
  [
    'people with surnames',
    from(
      'Anna Schmidt|John Smith|Yuki Tanaka|Maria Garcia|Kim Min-jun|Pierre Martin|Olga Ivanova|Ahmed Ali|Li Wei|Sven Olsson',
    ),
    ['person'],
    ['owner', 'assigned_to'],
  ],
  ['hexadecimal colours', (random) => `#${fill(random, '%%%%%%')}`, ['hex'], ['bg'], ['Colour']],
  ['sizes of shoes', whole(35, 48), ['size'], ['shoe_size', 'Schuhgröße']],
  [
    'dimensions',
    (random) => `${between(random, 1, 99)}x${between(random, 1, 99)} cm`,
    ['dimensions'],
    ['Maße', 'box_size'],
  ],
  ['durations', (random) => `${between(random, 1, 9)}h ${between(random, 0, 59)}m`, ['duration'], ['runtime', 'Dauer']],
  ['percents', (random) => `${between(random, 0, 100)}%`, ['percent'], ['discount', 'Anteil']],
  [
    'campaigns',
    (random) => `${pick(random, ['Spring', 'Summer', 'Winter'])} Sale ${between(random, 2015, 2026)}`,
    ['campaign'],
    ['promotion', 'promo_name'],
  ],
  ['rooms', of('#.##@', 'R-###'), ['room'], ['office_room', 'Raum']],
  ['flights', of('LH####', 'BA###', 'AF####'), ['flight'], ['flight_no', 'Flugnummer']],
  ['notes in one word', from(WORDS), ['tag'], ['topic', 'keyword', 'Schlagwort']],
];

/** Columns that no method may tag, though each looks like something. */
export const NEGATIVES: readonly ColumnType[] = ROWS.map(([what, value, development, heldOut, also]) => ({
  what,
  tags: [],
  value,
  names: { development, 'held out': heldOut },
  ...(also ? { also } : {}),
}));
