import { createHash, scryptSync } from 'node:crypto';
import { acceptJob, type IdempotencyKey, type JobUser, type NewJob } from '../engine/accept-job.ts';
import type { AnyJobSpec } from '../jobs/specs.ts';
import { isPlainObject } from '../model/coerce.ts';
import { SECRET_FIELDS } from '../model/source-fields.ts';
import { recordAct } from '../store/audit.ts';
import type { JobRow, UserRow } from '../store/database.ts';
import { findByIdempotencyKey } from '../store/jobs.ts';
import { toSnapshot } from '../store/users.ts';
import type { ApiContext, Caller } from './app-options.ts';
import { requireRight } from './plugins/authenticate.ts';

export interface StartRequest {
  /** Parsed by the spec's schema. */
  body: unknown;
  user: Caller;
  /** Sentences about what the body carried that is not used. */
  warnings: readonly string[];
  idempotency?: IdempotencyKey;
}

/**
 * Accepts a job of any type: its spec says what the request means and which rights it takes, the engine stores it.
 *
 * @throws FORBIDDEN, KEY_LACKS_SCOPE, and what the spec throws
 */
export async function startJob(
  context: ApiContext,
  spec: AnyJobSpec,
  request: StartRequest,
): Promise<{ job: JobRow; replayed: boolean }> {
  const { db, secrets } = context;
  const { user, idempotency } = request;
  requireRights(user, spec);
  const earlier = idempotency && (await findEarlier(context, user.id, idempotency));
  if (earlier) return { job: earlier, replayed: true };
  const acceptance = await spec.accept(request.body, {
    db,
    userId: user.id,
    mayCreateSources: user.rights.has('manageSources'),
    encrypt: (plain, place) => secrets.encrypt(plain, place),
  });
  const warnings = [...request.warnings, ...acceptance.warnings];
  const { onAccepted, resourceIds } = acceptance;
  const job: NewJob = {
    ...acceptance,
    name: spec.name,
    warnings,
    async onAccepted(trx, jobId) {
      await onAccepted?.(trx, jobId);
      await recordAct(trx, user, 'job started', jobId, { name: spec.name, resourceIds });
    },
  };
  return acceptJob(db, job, toJobUser(user), idempotency);
}

/** What a job of this type takes beside `runJobs`, whichever way it is started. @throws FORBIDDEN, KEY_LACKS_SCOPE */
export function requireRights(user: Caller, spec: Pick<AnyJobSpec, 'rights'>): void {
  for (const right of spec.rights ?? []) requireRight(user, right);
}

/** What the `Idempotency-Key` header stands for; undefined when it was not sent. */
export function toIdempotency(
  headers: Readonly<Record<string, unknown>>,
  user: UserRow,
  route: string,
  body: unknown,
): IdempotencyKey | undefined {
  const key = headers['idempotency-key'];
  return typeof key === 'string' ? { route, key, bodyHash: hashBody(body, `${user.id} ${key}`) } : undefined;
}

export function toJobUser(user: UserRow): JobUser {
  return { id: user.id, username: user.username, snapshot: toSnapshot(user) };
}

/** A repeated request gets its first job even when it could not be accepted any more. Another body is left to the engine to refuse. */
async function findEarlier(context: ApiContext, userId: string, wanted: IdempotencyKey): Promise<JobRow | undefined> {
  const found = await findByIdempotencyKey(context.db, userId, wanted.route, wanted.key);
  return found?.bodyHash === wanted.bodyHash ? found.job : undefined;
}

/** Order of keys does not matter. A body with a secret is hashed slowly, so that the hash does not help to guess it. */
function hashBody(body: unknown, salt: string): string {
  const text = JSON.stringify(sortKeys(body)) ?? '';
  if (hasSecret(body)) return scryptSync(text, salt, 32, { N: 2 ** 14, r: 8, p: 1 }).toString('hex');
  return createHash('sha256').update(text).digest('hex');
}

function hasSecret(body: unknown): boolean {
  if (Array.isArray(body)) return body.some(hasSecret);
  if (!isPlainObject(body)) return false;
  return SECRET_KEYS.some((name) => body[name] !== undefined) || Object.values(body).some(hasSecret);
}

const SECRET_KEYS = [...SECRET_FIELDS, 'uri'];

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key])]),
  );
}
