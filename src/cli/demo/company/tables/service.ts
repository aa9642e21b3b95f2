import { someDay, someTime } from '../calendar.ts';
import { dirty } from '../dirt.ts';
import { columns, type SampleTable } from '../sample-table.ts';

const SUBJECTS = [
  'Card does not work abroad',
  'Cannot log in',
  'Wrong amount booked',
  'カードを紛失しました',
  'Überweisung nicht angekommen',
  'Je souhaite clôturer mon compte',
  '비밀번호를 잊었습니다',
  'Cambio de dirección',
  'Question about my mortgage',
  'Estorno não recebido',
];
const SENTENCES = [
  'Please call me back.',
  'Ich warte seit drei Tagen auf eine Antwort.',
  'よろしくお願いいたします。',
  'Merci de votre aide.',
  'We have looked into it and corrected the booking.',
  'Your card was replaced.',
  '확인 부탁드립니다.',
  'Gracias, ya funciona.',
];
const BROWSERS = ['Chrome 141', 'Safari 19', 'Firefox 144', 'Edge 141', 'Assay Bank iOS 8.2', 'Assay Bank Android 8.1'];

export const ticket: SampleTable = {
  schema: 'support',
  name: 'ticket',
  comment: 'Requests to customer service',
  columns: columns(`
    ticket_id uuid NOT NULL
    customer_id bigint
    opened_at timestamptz NOT NULL
    closed_at timestamptz
    channel text NOT NULL
    subject text NOT NULL
    priority smallint NOT NULL | 1 is the highest
    assigned_to integer
    satisfaction smallint | 1 to 5, asked after closing
    labels text[]`),
  primaryKey: ['ticket_id'],
  foreignKeys: { customer_id: 'crm.customer(customer_id)', assigned_to: 'org.employee(employee_id)' },
  *rows(world) {
    const random = world.random('support.ticket');
    for (let n = 0; n < world.count(6_000); n++) {
      const day = someDay(random, 500, 2);
      const opened = someTime(random, day);
      const closed = random.chance(0.85);
      yield [
        ticketId(n),
        random.chance(0.02) ? null : random.between(1, world.customers.length),
        `${opened}+00`,
        closed ? `${someTime(random, day).slice(0, 11)}23:5${random.digits(1)}:00+00` : null,
        random.pick(['phone', 'chat', 'e-mail', 'branch', 'app']),
        dirty.text(random, random.pick(SUBJECTS)),
        random.skewed(4) + 1,
        random.chance(0.1) ? null : random.between(1, world.employees.length),
        closed && random.chance(0.4) ? 5 - random.skewed(5) : null,
        random.chance(0.3)
          ? `{${random.pick(['card', 'login', 'fees'])},${random.pick(['urgent', 'repeat', 'vip'])}}`
          : null,
      ];
    }
  },
};

export const ticketMessage: SampleTable = {
  schema: 'support',
  name: 'ticket_message',
  comment: 'What was written in a ticket',
  columns: columns(`
    message_id bigint NOT NULL
    ticket_id uuid NOT NULL
    written_at timestamptz NOT NULL
    from_customer boolean NOT NULL
    body text NOT NULL | Free text, in any language; may hold personal data`),
  primaryKey: ['message_id'],
  foreignKeys: { ticket_id: 'support.ticket(ticket_id)' },
  *rows(world) {
    const random = world.random('support.ticket_message');
    const tickets = world.count(6_000);
    for (let id = 1; id <= world.count(15_000); id++) {
      const who = world.customers[random.between(0, world.customers.length - 1)]!;
      const extra = random.next();
      yield [
        id,
        ticketId(random.between(0, tickets - 1)),
        `${someTime(random, someDay(random, 500, 0))}+00`,
        random.chance(0.6),
        random.pick(SENTENCES) +
          (extra < 0.1
            ? ` My address is ${who.email}.`
            : extra < 0.15
              ? ` ID: ${who.nationalId}`
              : extra < 0.3
                ? ` ${random.pick(SENTENCES)}`
                : ''),
      ];
    }
  },
};

export const device: SampleTable = {
  schema: 'web',
  name: 'device',
  comment: 'Browsers and phones that customers log in from',
  columns: columns(`
    device_id integer NOT NULL
    customer_id bigint NOT NULL
    software text
    first_seen timestamptz NOT NULL
    trusted boolean NOT NULL
    fingerprint bytea | Hash of what the device shows`),
  primaryKey: ['device_id'],
  foreignKeys: { customer_id: 'crm.customer(customer_id)' },
  *rows(world) {
    const random = world.random('web.device');
    for (let id = 1; id <= world.count(8_000); id++) {
      yield [
        id,
        random.between(1, world.customers.length),
        random.chance(0.02) ? null : random.pick(BROWSERS),
        `${someTime(random, someDay(random, 700, 1))}+00`,
        random.chance(0.7),
        `\\x${random
          .between(0, 2 ** 32 - 1)
          .toString(16)
          .padStart(8, '0')
          .repeat(2)}`,
      ];
    }
  },
};

export const login: SampleTable = {
  schema: 'web',
  name: 'login',
  comment: 'Attempts to log in to online banking',
  columns: columns(`
    login_id bigint NOT NULL
    customer_id bigint
    at timestamptz NOT NULL
    ip inet NOT NULL | IPv4 or IPv6
    device_id integer
    outcome text NOT NULL
    duration interval`),
  primaryKey: ['login_id'],
  foreignKeys: { customer_id: 'crm.customer(customer_id)', device_id: 'web.device(device_id)' },
  *rows(world) {
    const random = world.random('web.login');
    const devices = world.count(8_000);
    for (let id = 1; id <= world.count(42_000); id++) {
      const ok = random.chance(0.93);
      yield [
        id,
        ok || random.chance(0.6) ? random.between(1, world.customers.length) : null,
        `${someTime(random, someDay(random, 120, 0))}+00`,
        random.chance(0.8)
          ? `${random.pick(['203.0.113', '198.51.100', '192.0.2'])}.${random.between(1, 254)}`
          : `2001:db8::${random.between(1, 65_535).toString(16)}`,
        random.chance(0.9) ? random.between(1, devices) : null,
        ok ? 'ok' : random.pick(['wrong password', 'wrong password', 'locked', 'no second factor']),
        ok ? `${random.between(1, 3_600)} seconds` : null,
      ];
    }
  },
};

/** Made from its number, so that messages find their ticket. */
const ticketId = (n: number): string =>
  `${(Math.imul(n + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0')}-7000-4000-8000-${n.toString(16).padStart(12, '0')}`;
