import type { SessionPool } from '../session-pool.ts';
import {
  type CheckRow,
  checksOf,
  countTables,
  type ForeignKeyRow,
  foreignKeyRulesOf,
  foreignKeysOf,
  type RuleRow,
  type TableRow,
  tablesOf,
  type UniqueKeyRow,
  uniqueKeysOf,
  type ViewRow,
  viewsOf,
} from './catalog.ts';
import { type OwnFacts, toChecks, toForeignKeys, toKeys } from './objects.ts';
import type { Session, TextRow } from './session.ts';
import { sideBySide } from './side-by-side.ts';

/** What is known of the tables before their columns come. */
interface Facts {
  all: TableRow[];
  factsOf(table: string): OwnFacts;
}

/** @param session does the first of them itself: what tables there are is proven of this session only */
export async function readFacts(
  session: Session,
  pool: SessionPool<Session>,
  schema: string,
  signal: AbortSignal,
): Promise<Facts> {
  const byTable = async <Row extends TextRow & { table: string }>(by: Session, sql: string | undefined) =>
    Map.groupBy(sql === undefined ? [] : await by.query<Row>(sql, signal), (row) => row.table);
  let all: TableRow[] = [];
  let foreign: Map<string, ForeignKeyRow[]> | undefined;
  let rules = new Map<string, RuleRow[]>();
  let checks = new Map<string, CheckRow[]>();
  const walks = [
    async (by: Session) => {
      all = await by.query<TableRow>(tablesOf(schema), signal);
    },
    async (by: Session) => {
      foreign = await byTable<ForeignKeyRow>(by, foreignKeysOf(schema));
    },
    async (by: Session) => {
      if (foreign?.size !== 0) rules = await byTable<RuleRow>(by, foreignKeyRulesOf(schema));
    },
    async (by: Session) => {
      checks = await byTable<CheckRow>(by, checksOf(by, schema));
    },
  ];
  const isLarge = await opensMany(session, schema, signal);
  await sideBySide(session, pool, isLarge ? walks.length : 1, walks);
  const keys = await byTable<UniqueKeyRow>(session, uniqueKeysOf(schema));
  const views = await byTable<ViewRow>(session, viewsOf(schema));
  const factsOf = (table: string): OwnFacts => ({
    ...toKeys(keys.get(table) ?? []),
    foreignKeys: toForeignKeys(foreign?.get(table) ?? [], rules.get(table) ?? []),
    checks: toChecks(checks.get(table) ?? []),
    view: views.get(table)?.[0],
  });
  return { all, factsOf };
}

/** Tables from which on it pays to open three more sessions. */
const MANY_TABLES = 1_000;

/** MySQL 8 keeps these things in a dictionary of its own, and opens no table for them. */
async function opensMany(session: Session, schema: string, signal: AbortSignal): Promise<boolean> {
  if (session.product !== 'MariaDB') return false;
  const [row] = await session.query(countTables(schema), signal);
  return Number(row?.tables ?? 0) >= MANY_TABLES;
}
