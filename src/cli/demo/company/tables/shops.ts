import { COUNTRIES } from '../countries.ts';
import { dirty } from '../dirt.ts';
import { columns, type SampleTable } from '../sample-table.ts';

const CATEGORIES: [code: string, name: string][] = [
  ['5411', 'Grocery stores'],
  ['5812', 'Restaurants'],
  ['5814', 'Fast food'],
  ['5541', 'Service stations'],
  ['5311', 'Department stores'],
  ['5912', 'Pharmacies'],
  ['4111', 'Local transport'],
  ['4511', 'Airlines'],
  ['7011', 'Hotels'],
  ['5732', 'Electronics'],
  ['5942', 'Book stores'],
  ['5651', 'Clothing'],
  ['7832', 'Cinemas'],
  ['8011', 'Doctors'],
  ['4899', 'Streaming and cable'],
  ['6011', 'Cash machines'],
];
const FIRST = [
  'Blue',
  'Grand',
  'Nova',
  'Casa',
  'Petit',
  'さくら',
  '한빛',
  'Alpha',
  'Zum Goldenen',
  'Le Bon',
  'Ηλιος',
  'Сонце',
];
const SECOND = [
  'Market',
  'Café',
  'Bistro',
  'Books',
  'Store',
  'Apotheke',
  '商店',
  '마트',
  'Motors',
  'Hotel',
  'Kino',
  'Travel',
];

export const merchantCategory: SampleTable = {
  schema: 'shop',
  name: 'merchant_category',
  comment: 'Merchant category codes',
  columns: columns(`
    code char(4) NOT NULL | ISO 18245
    name text NOT NULL`),
  primaryKey: ['code'],
  foreignKeys: {},
  *rows() {
    yield* CATEGORIES;
  },
};

export const merchant: SampleTable = {
  schema: 'shop',
  name: 'merchant',
  comment: 'Shops that take cards',
  columns: columns(`
    merchant_id integer NOT NULL
    name text NOT NULL
    category_code char(4) NOT NULL
    country_code char(2) NOT NULL
    city text
    website text
    contact_email text
    terminal_ip inet | Address of the payment terminal
    active boolean NOT NULL`),
  primaryKey: ['merchant_id'],
  foreignKeys: { category_code: 'shop.merchant_category(code)', country_code: 'ref.country(code)' },
  *rows(world) {
    const random = world.random('shop.merchant');
    for (let id = 1; id <= world.merchants; id++) {
      const where = COUNTRIES[random.skewed(COUNTRIES.length)]!;
      const name = `${random.pick(FIRST)} ${random.pick(SECOND)}${random.chance(0.3) ? ` ${random.between(2, 40)}` : ''}`;
      yield [
        id,
        dirty.text(random, name),
        CATEGORIES[random.skewed(CATEGORIES.length)]![0],
        where.code,
        random.pick(where.cities).native,
        random.chance(0.4) ? null : `https://shop${id}.example.${random.pick(['com', 'org', 'net'])}/`,
        dirty.email(random, `contact@shop${id}.example.com`),
        random.chance(0.1) ? null : `198.51.100.${random.between(1, 254)}`,
        random.chance(0.95),
      ];
    }
  },
};
