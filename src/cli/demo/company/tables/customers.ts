import { someDay, someTime, typedDate } from '../calendar.ts';
import { dirty } from '../dirt.ts';
import { columns, type SampleTable } from '../sample-table.ts';
import { fullName } from '../world.ts';

const SEGMENTS = ['retail', 'retail', 'retail', 'premier', 'student', 'private', 'small business'];

export const customer: SampleTable = {
  schema: 'crm',
  name: 'customer',
  comment: 'Customers as the branches entered them; some were entered twice',
  columns: columns(`
    customer_id bigint NOT NULL | Number of the customer
    full_name text NOT NULL | Name in its own script
    latin_name text | Name in Latin letters
    name_kana text | Reading of the name, Japan only
    sex char(1)
    date_of_birth date
    email text
    mobile_phone text
    national_id text | Tax or identity number of the country
    country_code char(2) NOT NULL
    preferred_language char(2)
    segment text
    risk_score numeric(5,2) | 0 (none) to 100
    customer_since text | Typed by hand: several date formats
    marketing_consent boolean
    home_branch_id integer
    notes text`),
  primaryKey: ['customer_id'],
  foreignKeys: { country_code: 'ref.country(code)', home_branch_id: 'org.branch(branch_id)' },
  *rows(world) {
    const random = world.random('crm.customer');
    for (const [index, person] of world.customers.entries()) {
      const { country, given, family } = person;
      yield [
        index + 1,
        dirty.text(random, fullName(person)),
        random.chance(0.04) ? null : `${given.latin} ${family.latin}`,
        country.code === 'JP' ? `${family.kana} ${given.kana}` : null,
        random.chance(0.02) ? '' : person.sex,
        random.chance(0.015) ? null : random.chance(0.004) ? '1900-01-01' : person.born,
        dirty.email(random, person.email),
        dirty.phone(random, country.dialling, country.mobile(random)),
        random.chance(0.03) ? null : dirty.checked(random, person.nationalId, 15),
        country.code,
        random.chance(0.9) ? country.language : 'en',
        random.pick(SEGMENTS),
        random.chance(0.08) ? null : Math.max(0, Math.min(100, random.normal(31, 17))).toFixed(2),
        random.chance(0.02) ? '' : typedDate(random, someDay(random, 6000, 20)),
        random.chance(0.1) ? null : random.chance(0.6),
        random.chance(0.06) ? null : random.between(1, world.branches),
        random.chance(0.9)
          ? null
          : random.pick(['prefers letters', 'VIP', 'call after 18:00', 'moved abroad', '-', '???']),
      ];
    }
  },
};

export const address: SampleTable = {
  schema: 'crm',
  name: 'address',
  comment: 'Addresses of customers, past and present',
  columns: columns(`
    address_id bigint NOT NULL
    customer_id bigint NOT NULL
    kind text NOT NULL | home, work or post
    street text
    city text
    postcode text
    country_code char(2) NOT NULL
    valid_from date
    valid_to date`),
  primaryKey: ['address_id'],
  foreignKeys: { customer_id: 'crm.customer(customer_id)', country_code: 'ref.country(code)' },
  *rows(world) {
    const random = world.random('crm.address');
    const count = world.count(13_500);
    for (let id = 1; id <= count; id++) {
      const who = id <= world.customers.length ? id - 1 : random.between(0, world.customers.length - 1);
      const { country } = world.customers[who]!;
      const city = country.cities[random.skewed(country.cities.length)]!;
      yield [
        id,
        who + 1,
        id <= world.customers.length ? 'home' : random.pick(['work', 'post', 'home']),
        random.chance(0.01) ? null : dirty.text(random, country.street(random)),
        random.chance(0.15) ? city.latin : city.native,
        random.chance(0.02) ? '' : random.chance(0.02) ? city.postcode.replace(/\D/g, '') : city.postcode,
        country.code,
        someDay(random, 6000, 200),
        random.chance(0.12) ? someDay(random, 199, 1) : null,
      ];
    }
  },
};

export const kycDocument: SampleTable = {
  schema: 'crm',
  name: 'kyc_document',
  comment: 'Papers by which customers were identified',
  columns: columns(`
    document_id bigint NOT NULL
    customer_id bigint NOT NULL
    kind text NOT NULL
    number text
    issued_by char(2)
    issued date
    expires date
    checked_at timestamp
    checked_by integer`),
  primaryKey: ['document_id'],
  foreignKeys: { customer_id: 'crm.customer(customer_id)', checked_by: 'org.employee(employee_id)' },
  *rows(world) {
    const random = world.random('crm.kyc_document');
    const count = world.count(9_000);
    for (let id = 1; id <= count; id++) {
      const who = random.between(0, world.customers.length - 1);
      const { country } = world.customers[who]!;
      const kind = random.pick(['passport', 'passport', 'identity card', 'driving licence', 'residence permit']);
      const letters = random.pick(['C', 'L', 'X', 'T', 'AB', 'YA']);
      const issued = someDay(random, 3600, 40);
      yield [
        id,
        who + 1,
        kind,
        random.chance(0.02) ? null : `${letters}${random.digits(9 - letters.length)}`,
        country.code,
        issued,
        `${Number(issued.slice(0, 4)) + 10}${issued.slice(4).replace('02-29', '02-28')}`,
        someTime(random, someDay(random, 900, 1)),
        random.between(1, world.employees.length),
      ];
    }
  },
};
