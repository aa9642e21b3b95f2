import type { SampleTable } from './sample-table.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Statements that make schemas and empty tables, without keys: rows come in faster so. */
export function createStatements(tables: readonly SampleTable[]): string[] {
  const schemas = [...new Set(tables.map((table) => table.schema))];
  return [
    ...schemas.map((schema) => `CREATE SCHEMA ${schema}`),
    ...schemas.map((schema) => `COMMENT ON SCHEMA ${schema} IS ${quoted(SCHEMA_COMMENTS[schema] ?? schema)}`),
    ...tables.map((table) => {
      const body = table.columns.map(({ name, type }) => `${name} ${type}`).join(', ');
      return `CREATE TABLE ${table.schema}.${table.name} (${body})`;
    }),
  ];
}

/** Statements for after the rows: keys, foreign keys, comments, views. */
export function finishStatements(tables: readonly SampleTable[]): string[] {
  const primary = tables.map(
    (table) => `ALTER TABLE ${table.schema}.${table.name} ADD PRIMARY KEY (${table.primaryKey.join(', ')})`,
  );
  const foreign = tables.flatMap((table) =>
    Object.entries(table.foreignKeys).map(
      ([column, target]) =>
        `ALTER TABLE ${table.schema}.${table.name} ADD FOREIGN KEY (${column}) REFERENCES ${target}`,
    ),
  );
  const comments = tables.flatMap((table) => [
    `COMMENT ON TABLE ${table.schema}.${table.name} IS ${quoted(table.comment)}`,
    ...table.columns
      .filter((column) => column.comment)
      .map(({ name, comment }) => `COMMENT ON COLUMN ${table.schema}.${table.name}.${name} IS ${quoted(comment!)}`),
  ]);
  return [...primary, ...foreign, ...comments, ...VIEWS, 'ANALYZE'];
}

const SCHEMA_COMMENTS: Record<string, string> = {
  ref: 'Reference data',
  org: 'The bank itself: branches and people',
  crm: 'Customers',
  core: 'Core banking',
  shop: 'Merchants',
  support: 'Customer service',
  web: 'Online banking',
};

const VIEWS = [
  `CREATE VIEW crm.customer_contact AS
     SELECT c.customer_id, c.full_name, c.email, c.mobile_phone, a.street, a.city, a.postcode, a.country_code
     FROM crm.customer c JOIN crm.address a USING (customer_id) WHERE a.kind = 'home' AND a.valid_to IS NULL`,
  `COMMENT ON VIEW crm.customer_contact IS 'Where customers can be reached today'`,
  `CREATE VIEW core.monthly_turnover AS
     SELECT date_trunc('month', booked_at AT TIME ZONE 'UTC')::date AS month, currency_code, kind, count(*) AS bookings,
            sum(amount) AS amount
     FROM core.transaction WHERE status = 'booked' GROUP BY 1, 2, 3`,
  `COMMENT ON VIEW core.monthly_turnover IS 'Money moved per month, currency and kind'`,
  `CREATE VIEW support.open_ticket AS
     SELECT t.ticket_id, t.subject, t.priority, t.opened_at, c.full_name, c.email
     FROM support.ticket t LEFT JOIN crm.customer c USING (customer_id) WHERE t.closed_at IS NULL`,
  `COMMENT ON VIEW support.open_ticket IS 'Requests that wait for an answer'`,
];

/** What changes in the source between the ingest and the re-ingest of the demo. */
export const CHANGES: readonly string[] = [
  `ALTER TABLE crm.customer ADD COLUMN loyalty_tier text DEFAULT 'none'`,
  `COMMENT ON COLUMN crm.customer.loyalty_tier IS 'none, silver or gold'`,
  'ALTER TABLE org.branch DROP COLUMN longitude',
  'ALTER TABLE core.card ALTER COLUMN credit_limit TYPE numeric(14,2)',
  'DROP TABLE core.standing_order',
  `CREATE TABLE core.dispute (dispute_id bigint PRIMARY KEY, transaction_id bigint NOT NULL, opened date NOT NULL, reason text)`,
  `COMMENT ON TABLE core.dispute IS 'Bookings that a customer contests'`,
];
