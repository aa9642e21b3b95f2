import { errors, type JWTPayload, type JWTVerifyOptions, type JWTVerifyResult, jwtVerify } from 'jose';
import type { IssuerSettings } from '../../../config/issuers.ts';
import { AssayError } from '../../../errors/assay-error.ts';
import type { IssuerKeys } from './issuer-keys.ts';

/**
 * Checks signature, issuer, audience and times of a token. One that names no key is tried with each that may fit.
 *
 * @throws UNAUTHENTICATED with the reason, ISSUER_UNAVAILABLE
 */
export async function verifySignature(
  token: string,
  keys: IssuerKeys,
  settings: IssuerSettings,
  now: number,
): Promise<JWTVerifyResult<JWTPayload>> {
  const options: JWTVerifyOptions = {
    issuer: settings.issuer,
    audience: [...settings.audiences],
    algorithms: settings.algorithms,
    clockTolerance: settings.clockSkewSeconds,
    requiredClaims: ['sub', 'iat', 'exp'],
    currentDate: new Date(now),
  };
  try {
    return await jwtVerify(token, keys.find, options).catch((error: unknown) => {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
      return tryEach(token, error, options);
    });
  } catch (error) {
    throw explain(error, settings);
  }
}

async function tryEach(token: string, several: errors.JWKSMultipleMatchingKeys, options: JWTVerifyOptions) {
  for await (const key of several) {
    try {
      return await jwtVerify(token, key, options);
    } catch (error) {
      // The signature is by another key, or this one is of no use; what a fitting key finds wrong is for the caller.
      if (error instanceof errors.JOSEError && !(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
  }
  throw several;
}

export const CLOCKS = 'the clocks of issuer and server differ too much';

export const refused = (message: string, cause?: unknown): AssayError =>
  new AssayError('UNAUTHENTICATED', message, { cause });

/** jose's words are for programmers. Whether the token, the issuer or the server is wrong must be clear. */
function explain(error: unknown, { issuer, audiences, algorithms }: IssuerSettings): unknown {
  if (error instanceof AssayError) return error;
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
  if (error instanceof errors.JWKSMultipleMatchingKeys)
    return refused(`the token does not say which key it was signed with (kid), and it is none of ${issuer}`, error);
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return refused('the signature of the token is wrong: it was changed or cut', error);
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid)
    return refused('the token is not valid; sign in again', error);
  // What is left is about the key: too short, or no key at all. The token only named it.
  const words = error instanceof Error ? error.message : String(error);
  return refused(`the key of ${issuer} that the token was signed with cannot be used: ${words}`, error);
}
