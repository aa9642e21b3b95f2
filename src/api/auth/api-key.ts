import { AssayError } from '../../errors/assay-error.ts';
import { isApiKey } from '../../model/api-key.ts';
import { rightsOf } from '../../model/rights.ts';
import { findApiKey } from '../../store/api-keys.ts';
import type { ApiContext, Caller } from '../app-options.ts';

/**
 * Who holds this API key, and what it may do: its scopes, as far as the roles of its owner still give those rights. Whoever
 * knows the whole key is told why it is refused; nobody else learns that it exists.
 *
 * @throws UNAUTHENTICATED with the reason
 */
export async function callerOfKey(context: ApiContext, secret: string): Promise<Caller> {
  if (!isApiKey(secret))
    throw new AssayError(
      'UNAUTHENTICATED',
      'the API key is cut or mistyped: its checksum is wrong; copy the whole key',
    );
  const key = await findApiKey(context.db, secret, context.config.apiKeyAwayDays);
  if (!key) throw new AssayError('UNAUTHENTICATED', 'the API key is unknown; make a new one at POST /api-keys');
  const { user, scopes } = key;
  if (key.revokedAt)
    throw new AssayError(
      'UNAUTHENTICATED',
      `the API key was revoked at ${key.revokedAt.toISOString()}; make a new one`,
    );
  if (key.expired)
    throw new AssayError('UNAUTHENTICATED', `the API key expired at ${key.expiresAt.toISOString()}; make a new one`);
  if (user.disabled) throw new AssayError('UNAUTHENTICATED', 'the owner of the API key is disabled');
  if (key.ownerAway) {
    const days = context.config.apiKeyAwayDays;
    throw new AssayError(
      'UNAUTHENTICATED',
      `the owner of the API key has not signed in at ${user.issuer} for ${days} days; once they sign in, the key works again`,
    );
  }
  const rights = new Set([...rightsOf(user.roles)].filter((right) => scopes.includes(right)));
  return { ...user, rights, apiKeyId: key.id };
}
