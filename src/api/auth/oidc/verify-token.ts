import { createHash } from 'node:crypto';
import { decodeJwt, type JWTHeaderParameters, type JWTPayload } from 'jose';
import type { IssuerSettings } from '../../../config/issuers.ts';
import { toStorable } from '../../../model/storable-text.ts';
import type { IssuerUser } from '../../../store/issuer-users.ts';
import { ISSUER } from '../tokens.ts';
import { toIdentity } from './claims.ts';
import { type IssuerTimes, openIssuerKeys } from './issuer-keys.ts';
import { CLOCKS, refused, verifySignature } from './verify-signature.ts';

export interface VerifiedIdentity {
  identity: IssuerUser;
  claims: JWTPayload;
  settings: IssuerSettings;
  /** Names the token without being of use to anybody. */
  tokenHash: Buffer;
}

export interface IssuerTokens {
  /** The trusted issuers. */
  issuers: readonly IssuerSettings[];
  /** Whether the token says that it comes from an issuer; nothing is checked yet. */
  isForeign(token: string): boolean;
  /** @throws UNAUTHENTICATED with the reason, ISSUER_UNAVAILABLE */
  verify(token: string): Promise<VerifiedIdentity>;
}

/** Checks access tokens of the issuers that the settings name. Asks nobody until the first token. */
export function openIssuerTokens(
  issuers: readonly IssuerSettings[],
  times?: IssuerTimes,
  now: () => number = Date.now,
): IssuerTokens {
  const known = new Map(
    issuers.map((settings) => [settings.issuer, { settings, keys: openIssuerKeys(settings, times, now) }]),
  );
  return {
    issuers,
    isForeign: (token) => ![undefined, ISSUER].includes(issuerOf(token)),
    async verify(token) {
      const entry = known.get(issuerOf(token) ?? '');
      if (!entry)
        throw refused(
          `the token is from ${JSON.stringify(issuerOf(token))}, which is no issuer that this server trusts`,
        );
      const { settings, keys } = entry;
      const { payload, protectedHeader } = await verifySignature(token, keys, settings, now());
      checkPurpose(payload, protectedHeader, settings, now());
      return { identity: toIdentity(payload, settings), claims: payload, settings, tokenHash: hashOf(token) };
    },
  };
}

/** The issuer that a token names, unchecked. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/** Without the signature: some can be written in two ways, and the token would be two. */
const hashOf = (token: string): Buffer =>
  createHash('sha256')
    .update(token.slice(0, token.lastIndexOf('.')))
    .digest();

/** `at+jwt` is RFC 9068; most issuers write JWT or nothing. Everything else (logout, proof, …) serves another purpose. */
const ACCESS_TYPES = new Set(['at+jwt', 'application/at+jwt', 'jwt', 'application/jwt']);
/** Claims that OpenID Connect has for ID tokens alone. */
const ID_TOKEN_CLAIMS = ['nonce', 'at_hash', 'c_hash', 's_hash'];
/**
 * Claims that issuers write into access tokens alone, where the type does not say at+jwt: Keycloak and Auth0 `scope`, Entra ID
 * `scp`, `azpacr` and `appid`, Okta `cid` and `scp`, Auth0 `gty` for machines, others `client_id`. `azp` is none: Google and
 * Keycloak have it in ID tokens too.
 */
const ACCESS_TOKEN_CLAIMS = ['scope', 'scp', 'client_id', 'cid', 'appid', 'azpacr', 'gty'];

/** A well-signed token may still be made for something else, or for somebody else's client. */
function checkPurpose(claims: JWTPayload, header: JWTHeaderParameters, settings: IssuerSettings, now: number): void {
  const type = header.typ?.toLowerCase();
  if (type !== undefined && !ACCESS_TYPES.has(type))
    throw refused(`the token is of the type ${header.typ}; send the access token`);
  // Keycloak says in the payload what it is: Bearer, ID, Refresh, Offline, Logout.
  const kind = typeof claims.typ === 'string' ? claims.typ : undefined;
  if (kind !== undefined && !['Bearer', 'ID'].includes(kind))
    throw refused(`the token is a ${kind} token; send the access token`);
  const has = (names: readonly string[]): boolean => names.some((name) => claims[name] !== undefined);
  const isTyped = type?.endsWith('at+jwt') === true;
  const saysId = kind === 'ID' || (!isTyped && has(ID_TOKEN_CLAIMS));
  const saysAccess = isTyped || kind === 'Bearer' || has(ACCESS_TOKEN_CLAIMS);
  const isIdToken = saysId || !saysAccess;
  if (isIdToken && !settings.idTokens) {
    const what = saysId
      ? 'this is an ID token'
      : `this is taken for an ID token (its type is not at+jwt, and it has none of the claims ${ACCESS_TOKEN_CLAIMS.join(', ')})`;
    throw refused(`${what}, which tells a client who signed in; send the access token`);
  }
  if (claims.cnf !== undefined)
    throw refused(
      'the token is bound to a key of its client (cnf), which cannot be checked here; ask for a bearer token',
    );
  const client = claims.azp ?? claims.client_id ?? claims.appid ?? claims.cid;
  if (settings.clients.length > 0 && !settings.clients.includes(String(client)))
    throw refused(`the token was made for the client ${String(client)}, which is none of ASSAY_OIDC_CLIENTS`);
  // A service account of Google is its own client.
  const clients = [...settings.audiences, ...settings.clients, String(claims.sub)];
  if (isIdToken && claims.azp !== undefined && !clients.includes(String(claims.azp)))
    throw refused(`the ID token was made for the client ${String(claims.azp)}, not for this server`);
  if (claims.iat! * 1000 > now + settings.clockSkewSeconds * 1000)
    throw refused(`the token is from the future (iat); ${CLOCKS}`);
  const { sub } = claims;
  if (typeof sub !== 'string' || sub === '' || sub.length > 1_000 || toStorable(sub) !== sub)
    throw refused(
      'the claim sub of the token is no text of 1 to 1,000 characters, U+0000 and half surrogate pairs aside',
    );
}
