import type { JWTPayload } from 'jose';
import { v5 } from 'uuid';
import type { IssuerSettings } from '../../../config/issuers.ts';
import { isPlainObject } from '../../../model/coerce.ts';
import { ROLE_NAMES, toRole } from '../../../model/rights.ts';
import { toStorable } from '../../../model/storable-text.ts';
import type { IssuerUser } from '../../../store/issuer-users.ts';

/** Namespace of the ids of issuers' users; made once, never changed. */
const NAMESPACE = '6f6f2d1c-3a57-4f0e-9d0b-5b7d3f0c9a41';

/** A space occurs in no URL, so no two pairs give the same text. */
export const issuerUserId = (issuer: string, subject: string): string => v5(`${issuer} ${subject}`, NAMESPACE);

/** Pure: the claims of a verified token → who that is. */
export function toIdentity(claims: JWTPayload, settings: IssuerSettings): IssuerUser {
  const subject = String(claims.sub);
  const texts = (...paths: string[]): string => {
    const found = paths
      .map((path) => findClaim(claims, path))
      .find((value): value is string => typeof value === 'string' && value.trim() !== '');
    return toStorable(found?.trim().slice(0, 200) ?? '');
  };
  const firstName = texts('given_name');
  const lastName = texts('family_name');
  return {
    userId: issuerUserId(settings.issuer, subject),
    issuer: settings.issuer,
    subject,
    username:
      texts(settings.usernameClaim, 'preferred_username', 'upn', 'email', 'client_id', 'azp', 'appid') || subject,
    firstName,
    lastName,
    name: texts(settings.nameClaim) || [firstName, lastName].filter(Boolean).join(' '),
    email: texts(settings.emailClaim),
    roles: toRoles(claims, settings),
    issuedAt: toDate(claims.iat),
    expiresAt: toDate(claims.exp),
  };
}

/** Wire roles from all claims with roles. With a map only what it names counts; without one, roles of the same name. */
export function toRoles(
  claims: JWTPayload,
  settings: Pick<IssuerSettings, 'rolesClaims' | 'roleMap' | 'defaultRole'>,
): string[] {
  const given = listGivenRoles(claims, settings.rolesClaims);
  const mapped = settings.roleMap
    ? given.flatMap((name) => (Object.hasOwn(settings.roleMap!, name) ? [settings.roleMap![name]!] : []))
    : given.map(toRole);
  const held = ROLE_NAMES.filter((role) => mapped.includes(role));
  return held.length > 0 || settings.defaultRole === undefined ? held : [settings.defaultRole];
}

/** What the issuer calls the roles and groups of a token. Anybody may write any address into an account: it has to be verified. */
export function listGivenRoles(claims: JWTPayload, paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (isUnverified(claims, path)) return [];
    const value = findClaim(claims, path);
    // Scopes are the one list that is written as a text; elsewhere a space belongs to the name.
    if (typeof value === 'string') return /(^|\.)(scope|scp)$/.test(path) ? value.split(' ') : [value];
    return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
  });
}

/** Whether the claim is an e-mail address of which the issuer does not say that it is the user's. */
export const isUnverified = (claims: JWTPayload, path: string): boolean =>
  /(^|\.)email$/.test(path) && findClaim(claims, path) !== undefined && findClaim(claims, `${path}_verified`) !== true;

/** Follows the dots; a claim whose own name has dots in it (`https://example.com/roles`) is found too, longest name first. */
export function findClaim(from: unknown, path: string): unknown {
  if (!isPlainObject(from)) return undefined;
  if (Object.hasOwn(from, path)) return from[path];
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const head = path.slice(0, dot);
    const found = Object.hasOwn(from, head) ? findClaim(from[head], path.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** 1970 and ten years bound what a careless issuer may write; JavaScript's dates end somewhere, too. */
const LONGEST_MS = 10 * 365 * 86_400_000;
const toDate = (seconds: number | undefined): Date =>
  new Date(Math.max(0, Math.min((seconds ?? 0) * 1000, Date.now() + LONGEST_MS)));
