import { hideTokens } from '../model/api-key.ts';
import type { Db, Trx } from './database.ts';

export interface AuditEntry {
  userId: string | null;
  username: string;
  /** `login`, `login failed`, `user created`, `source changed`, `job started`, `attributes edited`, `samples viewed`, … */
  action: string;
  /** Id of what it was done to. */
  target?: string;
  /** Facts; never a secret. */
  details?: Record<string, unknown>;
}

/** Who did something: the caller of a request. */
export interface Actor {
  id: string;
  username: string;
  /** The API key it was done with. */
  apiKeyId?: string;
}

/** Appends what a caller did, and with which API key: of one that was stolen it must be seen what it was used for. */
export const recordAct = (
  db: Db | Trx,
  { id, username, apiKeyId }: Actor,
  action: string,
  target: string,
  details: Record<string, unknown> = {},
): Promise<void> =>
  recordAudit(db, {
    userId: id,
    username,
    action,
    target,
    details: apiKeyId === undefined ? details : { ...details, apiKey: apiKeyId },
  });

/** Appends to the audit log; nothing ever changes or removes an entry. */
export async function recordAudit(db: Db | Trx, entry: AuditEntry): Promise<void> {
  await db
    .insertInto('audit_log')
    .values({
      user_id: entry.userId,
      // People paste keys into the field for the name.
      username: hideTokens(entry.username).slice(0, 200),
      action: entry.action,
      target: entry.target ?? '',
      details: JSON.stringify(entry.details ?? {}),
    })
    .execute();
}

export interface AuditFilter {
  action?: string;
  username?: string;
  /** Only entries older than this sequence number. */
  before?: number;
  size: number;
}

/** Newest first. */
export async function listAudit(db: Db, filter: AuditFilter) {
  let query = db.selectFrom('audit_log').selectAll().orderBy('seq', 'desc').limit(filter.size);
  if (filter.action !== undefined) query = query.where('action', '=', filter.action);
  if (filter.username !== undefined) query = query.where('username', '=', filter.username);
  if (filter.before !== undefined) query = query.where('seq', '<', filter.before);
  return query.execute();
}
