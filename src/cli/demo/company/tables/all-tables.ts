import type { SampleTable } from '../sample-table.ts';
import { account, card, standingOrder } from './accounts.ts';
import { address, customer, kycDocument } from './customers.ts';
import { loan, loanPayment, transaction } from './payments.ts';
import { branch, employee } from './people.ts';
import { country, currency, exchangeRate } from './reference.ts';
import { device, login, ticket, ticketMessage } from './service.ts';
import { merchant, merchantCategory } from './shops.ts';

/** Every table of the bank, each after those it points to. */
export const SAMPLE_TABLES: readonly SampleTable[] = [
  currency,
  country,
  exchangeRate,
  branch,
  employee,
  customer,
  address,
  kycDocument,
  account,
  card,
  standingOrder,
  merchantCategory,
  merchant,
  transaction,
  loan,
  loanPayment,
  ticket,
  ticketMessage,
  device,
  login,
];
