import { someDay, someTime } from '../calendar.ts';
import { luhnDigit } from '../check-digits.ts';
import { dirty } from '../dirt.ts';
import { columns, type SampleTable } from '../sample-table.ts';
import { perEuro } from './reference.ts';

export const account: SampleTable = {
  schema: 'core',
  name: 'account',
  comment: 'Accounts, open and closed',
  columns: columns(`
    account_id bigint NOT NULL
    customer_id bigint NOT NULL
    account_number text NOT NULL | IBAN, or the account number of a country without IBANs
    kind text NOT NULL | current, savings or deposit
    currency_code char(3) NOT NULL
    balance numeric(16,2) NOT NULL
    overdraft_limit numeric(12,2)
    interest_rate real | Percent a year
    opened date NOT NULL
    closed date
    branch_id integer`),
  primaryKey: ['account_id'],
  foreignKeys: {
    customer_id: 'crm.customer(customer_id)',
    currency_code: 'ref.currency(code)',
    branch_id: 'org.branch(branch_id)',
  },
  *rows(world) {
    const random = world.random('core.account');
    for (const [index, { customer, currency, number, opened, kind, closed }] of world.accounts.entries()) {
      const euros = closed ? 0 : Math.exp(random.normal(7.6, 1.4)) - (kind === 'current' ? 600 : 0);
      yield [
        index + 1,
        customer + 1,
        number,
        kind,
        currency,
        (euros * perEuro(currency)).toFixed(2),
        kind === 'current' ? (random.between(0, 8) * 250 * perEuro(currency)).toFixed(2) : null,
        kind === 'current' ? 0 : Number(random.normal(2.1, 0.6).toFixed(2)),
        opened,
        closed,
        random.chance(0.03) ? null : random.between(1, world.branches),
      ];
    }
  },
};

export const card: SampleTable = {
  schema: 'core',
  name: 'card',
  comment: 'Debit and credit cards',
  columns: columns(`
    card_id bigint NOT NULL
    account_id bigint NOT NULL
    card_number text NOT NULL | Primary account number
    network text NOT NULL
    holder_name text NOT NULL | As embossed
    expires text NOT NULL | MM/YY
    credit_limit numeric(12,2)
    blocked boolean NOT NULL
    issued_at timestamp NOT NULL`),
  primaryKey: ['card_id'],
  foreignKeys: { account_id: 'core.account(account_id)' },
  *rows(world) {
    const random = world.random('core.card');
    const count = world.count(15_000);
    for (let id = 1; id <= count; id++) {
      const at = random.between(0, world.accounts.length - 1);
      const { given, family, country } = world.customers[world.accounts[at]!.customer]!;
      const network =
        country.code === 'JP' && random.chance(0.4) ? 'JCB' : random.pick(['Visa', 'Visa', 'Mastercard', 'Amex']);
      const start = { JCB: '3540', Visa: '4556', Mastercard: '5412', Amex: '3711' }[network]!;
      const digits = start + random.digits((network === 'Amex' ? 14 : 15) - start.length);
      yield [
        id,
        at + 1,
        dirty.checked(random, digits + luhnDigit(digits), 4),
        network,
        `${given.latin} ${family.latin}`.toUpperCase(),
        `${String(random.between(1, 12)).padStart(2, '0')}/${random.between(25, 31)}`,
        random.chance(0.5) ? (random.between(2, 40) * 250).toFixed(2) : null,
        random.chance(0.03),
        someTime(random, someDay(random, 1500, 1)),
      ];
    }
  },
};

export const standingOrder: SampleTable = {
  schema: 'core',
  name: 'standing_order',
  comment: 'Payments that repeat; the beneficiary was typed by the customer',
  columns: columns(`
    order_id bigint NOT NULL
    account_id bigint NOT NULL
    beneficiary_name text
    beneficiary_account text | IBAN or account number, not always right
    amount numeric(12,2) NOT NULL
    every text NOT NULL | week, month, quarter or year
    first_on date NOT NULL
    last_on date`),
  primaryKey: ['order_id'],
  foreignKeys: { account_id: 'core.account(account_id)' },
  *rows(world) {
    const random = world.random('core.standing_order');
    const count = world.count(4_000);
    for (let id = 1; id <= count; id++) {
      const to = world.accounts[random.between(0, world.accounts.length - 1)]!;
      const { given, family } = world.customers[to.customer]!;
      const number = dirty.checked(random, to.number, 30);
      const spaced = random.chance(0.2) ? number.replace(/(.{4})(?=.)/g, '$1 ') : number;
      yield [
        id,
        random.between(1, world.accounts.length),
        random.chance(0.03) ? null : dirty.text(random, `${given.latin} ${family.latin}`),
        spaced,
        (random.between(1, 240) * 5).toFixed(2),
        random.pick(['month', 'month', 'month', 'quarter', 'week', 'year']),
        someDay(random, 1200, 10),
        random.chance(0.2) ? someDay(random, 9, 0) : null,
      ];
    }
  },
};
