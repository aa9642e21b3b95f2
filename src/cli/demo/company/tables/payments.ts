import { daysAgo, someDay, someTime } from '../calendar.ts';
import { columns, type SampleTable } from '../sample-table.ts';
import { perEuro } from './reference.ts';

const TEXTS: Record<string, string[]> = {
  'card payment': ['Card payment', 'POS purchase', 'Contactless'],
  transfer: ['Rent', 'Miete', 'Loyer', '給与振込', '월세', 'Salário', 'Invoice 2026-0', 'Thanks!', 'Ενοίκιο'],
  'direct debit': ['Electricity', 'Mobile contract', 'Insurance', 'Gym', 'Broadband'],
  cash: ['ATM withdrawal', 'Cash deposit'],
  fee: ['Account fee', 'Card fee'],
};
const KINDS = ['card payment', 'card payment', 'card payment', 'transfer', 'direct debit', 'cash', 'fee'];

export const transaction: SampleTable = {
  schema: 'core',
  name: 'transaction',
  comment: 'Booked movements of money, the last 18 months',
  columns: columns(`
    transaction_id bigint NOT NULL
    account_id bigint NOT NULL
    booked_at timestamptz NOT NULL
    value_date date NOT NULL
    kind text NOT NULL
    amount numeric(14,2) NOT NULL | Negative: out of the account
    currency_code char(3) NOT NULL
    merchant_id integer
    card_id bigint
    reference text
    status text NOT NULL`),
  primaryKey: ['transaction_id'],
  foreignKeys: {
    account_id: 'core.account(account_id)',
    merchant_id: 'shop.merchant(merchant_id)',
    card_id: 'core.card(card_id)',
    currency_code: 'ref.currency(code)',
  },
  *rows(world) {
    const random = world.random('core.transaction');
    const count = world.count(128_000);
    const cards = world.count(15_000);
    for (let id = 1; id <= count; id++) {
      const at = random.between(0, world.accounts.length - 1);
      const { currency } = world.accounts[at]!;
      const day = Math.floor(((count - id) / count) * 548);
      const kind = random.pick(KINDS);
      const euros = Math.exp(random.normal(3.4, 1.1)) * (kind === 'transfer' && random.chance(0.45) ? 20 : -1);
      const byCard = kind === 'card payment';
      yield [
        id,
        at + 1,
        `${someTime(random, daysAgo(day))}+00`,
        daysAgo(Math.max(0, day - random.between(0, 2))),
        kind,
        (euros * perEuro(currency)).toFixed(2),
        currency,
        byCard ? random.skewed(world.merchants) + 1 : null,
        byCard && random.chance(0.97) ? random.between(1, cards) : null,
        random.chance(0.1) ? '' : random.pick(TEXTS[kind]!),
        random.chance(0.985) ? 'booked' : random.pick(['pending', 'reversed', 'BOOKED', 'rejected']),
      ];
    }
  },
};

export const loan: SampleTable = {
  schema: 'core',
  name: 'loan',
  comment: 'Loans and mortgages',
  columns: columns(`
    loan_id integer NOT NULL
    customer_id bigint NOT NULL
    kind text NOT NULL
    principal numeric(14,2) NOT NULL
    currency_code char(3) NOT NULL
    interest_rate numeric(5,3) NOT NULL | Percent a year
    term_months integer NOT NULL
    started date NOT NULL
    status text NOT NULL
    collateral jsonb | What secures the loan`),
  primaryKey: ['loan_id'],
  foreignKeys: { customer_id: 'crm.customer(customer_id)', currency_code: 'ref.currency(code)' },
  *rows(world) {
    const random = world.random('core.loan');
    const count = world.count(3_000);
    for (let id = 1; id <= count; id++) {
      const who = random.between(0, world.customers.length - 1);
      const { country } = world.customers[who]!;
      const mortgage = random.chance(0.4);
      const euros = mortgage ? random.between(60, 700) * 1000 : random.between(2, 60) * 500;
      yield [
        id,
        who + 1,
        mortgage ? 'mortgage' : random.pick(['consumer', 'car', 'student']),
        (euros * perEuro(country.currency)).toFixed(2),
        country.currency,
        Math.max(0.5, random.normal(4.1, 1.2)).toFixed(3),
        mortgage ? random.pick([120, 180, 240, 300, 360]) : random.pick([12, 24, 36, 48, 60]),
        someDay(random, 3000, 30),
        random.chance(0.93) ? 'performing' : random.pick(['late', 'defaulted', 'repaid']),
        mortgage
          ? JSON.stringify({ kind: 'home', city: random.pick(country.cities).native, value: euros * 1.25 })
          : null,
      ];
    }
  },
};

export const loanPayment: SampleTable = {
  schema: 'core',
  name: 'loan_payment',
  comment: 'Instalments, due and paid',
  columns: columns(`
    loan_id integer NOT NULL
    instalment integer NOT NULL
    due_on date NOT NULL
    paid_on date
    amount numeric(12,2) NOT NULL
    late_fee numeric(8,2)`),
  primaryKey: ['loan_id', 'instalment'],
  foreignKeys: { loan_id: 'core.loan(loan_id)' },
  *rows(world) {
    const random = world.random('core.loan_payment');
    const loans = world.count(3_000);
    for (let loan = 1; loan <= loans; loan++) {
      const amount = random.between(60, 2400);
      for (let instalment = 1; instalment <= 8; instalment++) {
        const due = (9 - instalment) * 30;
        const late = random.chance(0.06);
        const paid = late ? due - random.between(3, 28) : due + random.between(0, 2);
        yield [
          loan,
          instalment,
          daysAgo(due),
          random.chance(0.015) ? null : daysAgo(Math.max(0, paid)),
          amount.toFixed(2),
          late ? '25.00' : null,
        ];
      }
    }
  },
};
