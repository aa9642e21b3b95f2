import { AssayError } from '../../../errors/assay-error.ts';
import { rightsOf } from '../../../model/rights.ts';
import { noteIssuerLogin } from '../../../store/issuer-users.ts';
import { findUserById } from '../../../store/users.ts';
import type { ApiContext, Caller } from '../../app-options.ts';
import { isUnverified, listGivenRoles } from './claims.ts';
import type { VerifiedIdentity } from './verify-token.ts';

/** Tokens that this server has noted in the store; bounded, and only saves a look there. */
const MAX_REMEMBERED = 10_000;

/**
 * Who sends this token of an issuer, and what they may do: the rights of the roles in this very token. The user's row is read
 * every time, so that disabling somebody works at once.
 */
export function createIssuerCallers(context: Pick<ApiContext, 'db' | 'issuerTokens'>) {
  const noted = new Set<string>();
  return async (token: string, address: string): Promise<Caller> => {
    const verified = await context.issuerTokens.verify(token);
    const { identity, tokenHash } = verified;
    const hash = tokenHash.toString('base64');
    let user = noted.has(hash) ? await findUserById(context.db, identity.userId) : undefined;
    if (!user) {
      user = await noteIssuerLogin(context.db, identity, tokenHash, address);
      if (user) remember(noted, hash);
    }
    if (user?.disabled) throw new AssayError('UNAUTHENTICATED', 'the user of this token is disabled');
    if (!user || identity.roles.length === 0) throw noRole(verified);
    return { ...user, roles: identity.roles, rights: rightsOf(identity.roles) };
  };
}

function remember(noted: Set<string>, hash: string): void {
  for (const oldest of noted) {
    if (noted.size < MAX_REMEMBERED) break;
    noted.delete(oldest);
  }
  noted.add(hash);
}

/** An administrator must be able to mend it from this message alone. */
function noRole({ claims, settings }: VerifiedIdentity): AssayError {
  const given = listGivenRoles(claims, settings.rolesClaims);
  const where = settings.rolesClaims.join(', ');
  const found =
    given.length > 0
      ? `${where} hold ${given.slice(0, 20).join(', ')}, none of which is a role here`
      : `${where} hold nothing`;
  // Entra ID leaves the groups out of a token when there are more than 200.
  const left = claims._claim_names === undefined ? '' : '; the issuer left groups out because there are too many';
  const unverified = settings.rolesClaims.filter((path) => isUnverified(claims, path));
  const doubtful = unverified.map((path) => `; ${path} does not count, since ${path}_verified is not true`).join('');
  const wanted = settings.roleMap
    ? Object.keys(settings.roleMap).slice(0, 20).join(', ')
    : 'a role of Assay by its name';
  return new AssayError(
    'NO_ROLE',
    `you signed in, but the token gives you no role: ${found}${left}${doubtful}; expected ${wanted}. An administrator can map roles with ASSAY_OIDC_ROLE_MAP`,
  );
}
