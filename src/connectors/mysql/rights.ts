import { type Grants, readGrants } from './grants.ts';
import type { Session, TextRow } from './session.ts';

/**
 * What a user may see, as it is stored in the server, at one moment. It need not be what a session has: a session keeps the global
 * rights, those on its own database, and in MySQL 8 all rights of its roles, as they were when it was opened. So rights hold for
 * sessions that were opened after they were read, as long as nobody changed any: see `hold`.
 */
export interface Rights {
  grants: Grants;
  /** How many statements that give or take rights the server has seen; undefined when it does not tell. */
  changes: string | undefined;
}

/**
 * Whether rights stood still between two readings, the second in a session that was opened after the first. A right may be taken
 * while a source is listed, and given back before anybody looks again: of that only the counters of the server tell.
 */
export const hold = (before: Rights, after: Rights): boolean =>
  before.changes !== undefined && before.changes === after.changes;

/** The counters come first when rights are read for the first time, and last otherwise, so that nothing falls between. */
export async function readRights(session: Session, signal: AbortSignal, when: 'before' | 'after'): Promise<Rights> {
  if (when === 'before') {
    const changes = await countChanges(session, signal);
    return { changes, grants: await grantsOf(session, signal) };
  }
  const grants = await grantsOf(session, signal);
  return { grants, changes: await countChanges(session, signal) };
}

/**
 * Statements of all sessions since the server started; needs no right. FLUSH PRIVILEGES follows upon changes in the tables of rights
 * themselves, and is not told from the other statements called FLUSH.
 */
const CHANGES = "SHOW GLOBAL STATUS WHERE Variable_name RLIKE '^Com_(grant|revoke|flush|rename_user)'";

async function countChanges(session: Session, signal: AbortSignal): Promise<string | undefined> {
  const rows = await orNothing(session, CHANGES, signal);
  if (rows.length === 0) return undefined;
  return rows.map((row) => Object.values(row).join(' ')).join(', ');
}

/** SHOW GRANTS of the session's user and its active roles. What cannot be read proves nothing. */
export async function grantsOf(session: Session, signal?: AbortSignal): Promise<Grants> {
  const rows = await orNothing(session, 'SHOW GRANTS', signal);
  return readGrants(
    rows.map((row) => Object.values(row)[0] ?? ''),
    await hasWildcards(session, signal),
  );
}

/** Since 8.0.16 MySQL can be set to take back a part of a right, and then reads no wildcards in names of databases. */
async function hasWildcards(session: Session, signal?: AbortSignal): Promise<boolean> {
  if (session.product === 'MariaDB') return true;
  const [row] = await session.query("SHOW VARIABLES LIKE 'partial_revokes'", signal);
  return row === undefined || row.Value === 'OFF';
}

function orNothing(session: Session, sql: string, signal?: AbortSignal): Promise<TextRow[]> {
  return session.query(sql, signal).catch((error: unknown) => {
    if (session.dead || signal?.aborted) throw error;
    return [];
  });
}
