import { createHash } from 'node:crypto';
import { decodeJwt, errors, type JWTHeaderParameters, type JWTPayload, jwtVerify } from 'jose';
import type { IssuerSettings } from '../../../config/issuers.ts';
import { AssayError } from '../../../errors/assay-error.ts';
import type { IssuerUser } from '../../../store/issuer-users.ts';
import { ISSUER } from '../tokens.ts';
import { toIdentity } from './claims.ts';
import { type IssuerTimes, openIssuerKeys } from './issuer-keys.ts';

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
      try {
        const { payload, protectedHeader } = await jwtVerify(token, keys.find, {
          issuer: settings.issuer,
          audience: [...settings.audiences],
          algorithms: settings.algorithms,
          clockTolerance: settings.clockSkewSeconds,
          requiredClaims: ['sub', 'iat', 'exp'],
          currentDate: new Date(now()),
        });
        checkPurpose(payload, protectedHeader, settings, now());
        return { identity: toIdentity(payload, settings), claims: payload, settings, tokenHash: hashOf(token) };
      } catch (error) {
        throw explain(error, settings);
      }
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

/** A well-signed token may still be made for something else, or for somebody else's client. */
function checkPurpose(claims: JWTPayload, header: JWTHeaderParameters, settings: IssuerSettings, now: number): void {
  const type = header.typ?.toLowerCase();
  if (type !== undefined && !ACCESS_TYPES.has(type))
    throw refused(`the token is of the type ${header.typ}; send the access token`);
  const isAccessToken = type?.endsWith('at+jwt') === true;
  // Keycloak says in the payload what it is: Bearer, ID, Refresh, Offline, Logout.
  const kind = typeof claims.typ === 'string' ? claims.typ : undefined;
  const isIdToken = kind === 'ID' || (!isAccessToken && ID_TOKEN_CLAIMS.some((name) => claims[name] !== undefined));
  if (isIdToken && !settings.idTokens)
    throw refused('this is an ID token, which tells a client who signed in; send the access token');
  if (kind !== undefined && !['Bearer', 'ID'].includes(kind))
    throw refused(`the token is a ${kind} token; send the access token`);
  if (claims.cnf !== undefined)
    throw refused(
      'the token is bound to a key of its client (cnf), which cannot be checked here; ask for a bearer token',
    );
  const client = claims.azp ?? claims.client_id ?? claims.appid;
  if (settings.clients.length > 0 && !settings.clients.includes(String(client)))
    throw refused(`the token was made for the client ${String(client)}, which is none of ASSAY_OIDC_CLIENTS`);
  if (
    isIdToken &&
    claims.azp !== undefined &&
    ![...settings.audiences, ...settings.clients].includes(String(claims.azp))
  )
    throw refused(`the ID token was made for the client ${String(claims.azp)}, not for this server`);
  if (claims.iat! * 1000 > now + settings.clockSkewSeconds * 1000)
    throw refused(`the token is from the future (iat); ${CLOCKS}`);
  if (typeof claims.sub !== 'string' || claims.sub === '' || claims.sub.length > 1_000)
    throw refused('the claim sub of the token is no text of 1 to 1,000 characters');
}

const CLOCKS = 'the clocks of issuer and server differ too much';
const refused = (message: string, cause?: unknown): AssayError => new AssayError('UNAUTHENTICATED', message, { cause });

/** jose's words are for programmers. Whether the token or the server is wrong must be clear. */
function explain(error: unknown, { issuer, audiences, algorithms }: IssuerSettings): unknown {
  if (error instanceof AssayError || !(error instanceof errors.JOSEError)) return error;
  if (error instanceof errors.JWTExpired) return refused('the token has expired; sign in again', error);
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.reason === 'missing') return refused(`the token lacks the claim ${error.claim}`, error);
    if (error.claim === 'nbf') return refused(`the token is not valid yet (nbf); wait, or ${CLOCKS}`, error);
    if (error.claim === 'aud') {
      const given = JSON.stringify(error.payload.aud)?.slice(0, 300);
      return refused(`the token is for the audience ${given}, expected one of ${audiences.join(', ')}`, error);
    }
    return refused(`the claim ${error.claim} of the token is not valid`, error);
  }
  if (error instanceof errors.JOSEAlgNotAllowed)
    return refused(`the token is signed in a way that is not accepted; accepted are ${algorithms.join(', ')}`, error);
  if (error instanceof errors.JWKSNoMatchingKey)
    return refused(`the token was signed with a key that ${issuer} does not have (any more); sign in again`, error);
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return refused('the signature of the token is wrong: it was changed or cut', error);
  return refused('the token is not valid; sign in again', error);
}
