import { daysAgo } from './calendar.ts';
import { COUNTRIES, type Country, type NamePart, type Sex } from './countries.ts';
import { openRandom, type Random } from './random.ts';

export interface Person {
  country: Country;
  sex: Sex;
  family: NamePart;
  given: NamePart;
  born: string;
  nationalId: string;
  email: string;
}

export interface Account {
  customer: number;
  currency: string;
  number: string;
  opened: string;
  kind: 'current' | 'savings' | 'deposit';
  closed: string | null;
}

/** What several tables have to agree on: who the customers are and which accounts there are. */
export interface World {
  seed: number;
  random(stream: string): Random;
  /** Rows of a table that has `full` rows at scale 1. */
  count(full: number): number;
  customers: readonly Person[];
  employees: readonly Person[];
  accounts: readonly Account[];
  branches: number;
  merchants: number;
}

/**
 * The facts of the sample company. Pure: seed and scale decide everything.
 *
 * @param scale 1 gives about 300,000 rows in 20 tables
 */
export function buildWorld(seed: number, scale = 1): World {
  const count = (full: number): number => Math.max(12, Math.round(full * scale));
  const random = (stream: string): Random => openRandom(seed, stream);
  const customers = buildPersons(random('customers'), count(12_000), 'mail');
  return {
    seed,
    random,
    count,
    customers,
    employees: buildPersons(random('employees'), count(640), 'bank'),
    accounts: buildAccounts(random('accounts'), count(18_000), customers),
    branches: count(84),
    merchants: count(2_600),
  };
}

const BY_SHARE: readonly Country[] = COUNTRIES.flatMap((country) => Array<Country>(country.share).fill(country));
const MAIL_HOSTS = ['mail.example.com', 'post.example.org', 'inbox.example.net', 'web.example.com', 'home.example.org'];

function buildPersons(random: Random, count: number, mail: 'mail' | 'bank'): Person[] {
  const persons: Person[] = [];
  while (persons.length < count) {
    // Now and then the same person is entered again, by another branch: with a new number and nothing else new.
    if (persons.length > 20 && random.chance(0.012)) {
      persons.push(persons[persons.length - random.between(1, 20)]!);
      continue;
    }
    const country = random.pick(BY_SHARE);
    const sex: Sex = random.chance(0.51) ? 'F' : 'M';
    const family = country.family[random.skewed(country.family.length)]!;
    const given = random.pick(country.given[sex]);
    const born = daysAgo(Math.round(Math.max(18, Math.min(96, random.normal(47, 16))) * 365.25));
    const facts = { sex, born, family: family.latin, given: given.latin };
    const user = `${given.latin}.${family.latin}`.toLowerCase().replace(/[^a-z.-]/g, '');
    const email =
      mail === 'bank'
        ? `${user}${persons.length}@assay-bank.example`
        : `${user}${random.chance(0.7) ? random.between(1, 999) : ''}@${MAIL_HOSTS[random.skewed(MAIL_HOSTS.length)]}`;
    persons.push({ country, ...facts, family, given, nationalId: country.nationalId(random, facts), email });
  }
  return persons;
}

function buildAccounts(random: Random, count: number, customers: readonly Person[]): Account[] {
  return Array.from({ length: count }, (_, index) => {
    const customer = index < customers.length ? index : random.between(0, customers.length - 1);
    const { country } = customers[customer]!;
    const opened = daysAgo(random.between(30, 5400));
    const kind = index < customers.length ? 'current' : random.chance(0.8) ? 'savings' : 'deposit';
    return {
      customer,
      currency: random.chance(0.96) ? country.currency : random.pick(['EUR', 'USD']),
      number: country.account(random, `37${random.between(10, 29)}${random.digits(4)}`),
      opened,
      kind,
      closed: random.chance(0.05) ? daysAgo(random.between(1, 29)) : null,
    };
  });
}

/** As the country writes it: family name first in Japan, Korea and Taiwan. */
export function fullName({ country, family, given }: Person): string {
  if (!country.familyFirst) return `${given.native} ${family.native}`;
  return country.code === 'JP' ? `${family.native} ${given.native}` : family.native + given.native;
}
