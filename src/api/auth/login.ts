import { AssayError } from '../../errors/assay-error.ts';
import { recordAudit } from '../../store/audit.ts';
import type { UserRow } from '../../store/database.ts';
import { countLoginAttempt, forgiveLoginAttempts } from '../../store/login-attempts.ts';
import { verifyPassword } from '../../store/passwords.ts';
import { issueRefreshToken, redeemRefreshToken } from '../../store/refresh-tokens.ts';
import { findUserById, findUserByName, noteLogin } from '../../store/users.ts';
import type { ApiContext } from '../app-options.ts';

export interface TokenPair {
  accessToken: string;
  refreshToken: string;
  /** Life of the access token, in seconds. */
  expiresIn: number;
}

/**
 * Signs a user in. Unknown users, wrong passwords and disabled users get the same answer in the same time.
 *
 * @throws BAD_CREDENTIALS, RATE_LIMITED (details.retryAfterSeconds)
 */
export async function signIn(
  context: ApiContext,
  username: string,
  password: string,
  address: string,
): Promise<TokenPair> {
  const wait = await countLoginAttempt(context.db, username, address);
  if (wait > 0) {
    throw new AssayError('RATE_LIMITED', `too many attempts to sign in; try again in ${wait} seconds`, {
      details: { retryAfterSeconds: wait },
    });
  }
  const user = await findUserByName(context.db, username);
  const matches = await verifyPassword(password, user?.password_hash ?? null);
  if (!user || !matches || user.disabled) {
    const reason = !user ? 'no such user' : !matches ? 'wrong password' : 'disabled';
    await recordAudit(context.db, {
      userId: user?.id ?? null,
      username,
      action: 'login failed',
      details: { address, reason },
    });
    throw new AssayError(
      'BAD_CREDENTIALS',
      'user name or password is wrong; the user name is wanted, not the e-mail address',
    );
  }
  await forgiveLoginAttempts(context.db, username, address);
  await noteLogin(context.db, user.id);
  await recordAudit(context.db, { userId: user.id, username: user.username, action: 'login', details: { address } });
  return issuePair(context, user);
}

/** Changes a refresh token for a new pair; the old one is used up. @throws BAD_CREDENTIALS */
export async function refresh(context: ApiContext, refreshToken: string): Promise<TokenPair> {
  const redeemed = await redeemRefreshToken(context.db, refreshToken);
  const user = redeemed && (await findUserById(context.db, redeemed.userId));
  if (!user || user.disabled || user.token_version !== redeemed.tokenVersion)
    throw new AssayError('BAD_CREDENTIALS', 'the refresh token is unknown, used or expired; sign in again');
  return issuePair(context, user);
}

async function issuePair(context: ApiContext, user: UserRow): Promise<TokenPair> {
  const refreshToken = await issueRefreshToken(context.db, user, context.config.refreshTokenSeconds);
  if (refreshToken === undefined)
    throw new AssayError('BAD_CREDENTIALS', 'the user was changed in the same moment; sign in again');
  return { ...(await context.tokens.issue(user)), refreshToken };
}
