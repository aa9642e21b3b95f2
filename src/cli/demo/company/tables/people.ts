import { someDay } from '../calendar.ts';
import { COUNTRIES } from '../countries.ts';
import { dirty } from '../dirt.ts';
import { columns, type SampleTable } from '../sample-table.ts';
import { fullName } from '../world.ts';

const DEPARTMENTS = ['Retail', 'Lending', 'Cards', 'Operations', 'IT', 'Compliance', 'Human resources', 'Treasury'];
const TITLES = ['Adviser', 'Senior adviser', 'Clerk', 'Analyst', 'Team lead', 'Head of department'];

export const branch: SampleTable = {
  schema: 'org',
  name: 'branch',
  comment: 'Branches, one of them per town at least',
  columns: columns(`
    branch_id integer NOT NULL
    name text NOT NULL
    country_code char(2) NOT NULL
    city text NOT NULL | Town in its own script
    street text
    postcode text
    phone text
    opened date
    swift_bic text | Business identifier code
    latitude double precision
    longitude double precision
    is_open boolean NOT NULL`),
  primaryKey: ['branch_id'],
  foreignKeys: { country_code: 'ref.country(code)' },
  *rows(world) {
    const random = world.random('org.branch');
    for (let id = 1; id <= world.branches; id++) {
      const where = COUNTRIES[(id - 1) % COUNTRIES.length]!;
      const city = random.pick(where.cities);
      yield [
        id,
        `${city.latin} ${random.pick(['Central', 'North', 'South', 'Market', 'Station'])}`,
        where.code,
        city.native,
        where.street(random),
        city.postcode,
        dirty.phone(random, where.dialling, where.mobile(random)),
        someDay(random, 14_000, 400),
        `ASSY${where.code}${random.pick(['FF', 'MM', '2X', 'JT'])}${random.chance(0.5) ? `${random.digits(3)}` : 'XXX'}`,
        Number(random.normal(42, 9).toFixed(5)),
        Number(random.normal(12, 40).toFixed(5)),
        random.chance(0.96),
      ];
    }
  },
};

export const employee: SampleTable = {
  schema: 'org',
  name: 'employee',
  comment: 'People who work for the bank',
  columns: columns(`
    employee_id integer NOT NULL
    full_name text NOT NULL | As written in the country of work
    latin_name text NOT NULL
    email text
    branch_id integer NOT NULL
    manager_id integer
    department text
    job_title text
    hired date NOT NULL
    left_on date
    salary numeric(12,2) | Per year, in the currency of the country
    national_id text | Tax or identity number`),
  primaryKey: ['employee_id'],
  foreignKeys: { branch_id: 'org.branch(branch_id)', manager_id: 'org.employee(employee_id)' },
  *rows(world) {
    const random = world.random('org.employee');
    for (const [index, person] of world.employees.entries()) {
      const hired = someDay(random, 9000, 30);
      yield [
        index + 1,
        fullName(person),
        `${person.given.latin} ${person.family.latin}`,
        dirty.email(random, person.email),
        random.between(1, world.branches),
        index === 0 ? null : Math.floor((index - 1) / 8) + 1,
        dirty.text(random, DEPARTMENTS[random.skewed(DEPARTMENTS.length)]!),
        TITLES[random.skewed(TITLES.length)]!,
        hired,
        random.chance(0.07) ? someDay(random, 29, 1) : null,
        random.chance(0.02) ? null : Math.max(18_000, random.normal(52_000, 16_000)).toFixed(2),
        dirty.checked(random, person.nationalId, 20),
      ];
    }
  },
};
