import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { AssayError } from '../../errors/assay-error.ts';
import { signingKeyPlace } from '../../model/secret-places.ts';
import type { Db, UserRow } from '../../store/database.ts';
import { addSigningKey, listSigningKeys } from '../../store/signing-keys.ts';
import { toSnapshot } from '../../store/users.ts';
import type { SecretBox } from '../app-options.ts';

export const ISSUER = 'assay';
const ALGORITHM = 'EdDSA';
/** Keys are read again after so long, so that every server signs with the newest one. */
const REREAD_MS = 60_000;
/** A token with an unknown key id makes us look again, but not more often than this. */
const UNKNOWN_KID_MS = 2_000;

export interface TokenService {
  issue(user: UserRow): Promise<{ accessToken: string; expiresIn: number }>;
  /** @throws UNAUTHENTICATED with the reason */
  verify(token: string): Promise<VerifiedToken>;
  /** Makes a new key at once; tokens of the old one stay valid until they expire. */
  rotate(): Promise<string>;
}

export interface VerifiedToken {
  userId: string;
  tokenVersion: number;
}

type Key = Awaited<ReturnType<typeof importJWK>>;
interface Ring {
  readAt: number;
  signer: { kid: string; key: Key };
  verifiers: Map<string, Key>;
  /** Tokens whose signature was found good, with their end: clients send the same one again and again. Goes with the ring. */
  good: Map<string, VerifiedToken & { expiresAt: number }>;
}

/** More tokens than users who work at the same time. */
const GOOD_KEPT = 1_000;

/** Access tokens: JWT signed with Ed25519; the keys live in the store, their private parts encrypted. */
export function createTokenService(
  db: Db,
  secrets: SecretBox,
  lifeSeconds: number,
  now: () => number = Date.now,
): TokenService {
  let ring: Promise<Ring> | undefined;
  let readAt = 0;

  async function getRing(maxAgeMs: number): Promise<Ring> {
    if (!ring || now() - readAt > maxAgeMs) {
      readAt = now();
      ring = readRing(db, secrets, now);
      ring.catch(() => {
        ring = undefined;
      });
    }
    return ring;
  }

  return {
    async issue(user) {
      const { signer } = await getRing(REREAD_MS);
      const snapshot = toSnapshot(user);
      const accessToken = await new SignJWT({
        preferred_username: user.username,
        name: snapshot.name,
        given_name: snapshot.firstName,
        family_name: snapshot.lastName,
        email: snapshot.email,
        realm_access: { roles: user.roles },
        tv: user.token_version,
        typ: 'Bearer',
      })
        .setProtectedHeader({ alg: ALGORITHM, kid: signer.kid, typ: 'JWT' })
        .setIssuer(ISSUER)
        .setSubject(user.id)
        .setJti(randomUUID())
        .setIssuedAt(Math.floor(now() / 1000))
        .setExpirationTime(Math.floor(now() / 1000) + lifeSeconds)
        .sign(signer.key);
      return { accessToken, expiresIn: lifeSeconds };
    },

    async verify(token) {
      const { good } = await getRing(REREAD_MS);
      const seen = good.get(token);
      if (seen && Math.floor(now() / 1000) < seen.expiresAt) return seen;
      const find = async (kid: string | undefined): Promise<Key> => {
        const known =
          (await getRing(REREAD_MS)).verifiers.get(kid ?? '') ??
          (await getRing(UNKNOWN_KID_MS)).verifiers.get(kid ?? '');
        if (!known)
          throw new AssayError(
            'UNAUTHENTICATED',
            'the token was signed with a key that this server does not know; sign in again',
          );
        return known;
      };
      try {
        const { payload } = await jwtVerify(token, (header) => find(header.kid), {
          issuer: ISSUER,
          algorithms: [ALGORITHM, 'Ed25519'],
          currentDate: new Date(now()),
        });
        const verified = toVerified(payload);
        if (payload.exp !== undefined) {
          if (good.size >= GOOD_KEPT) good.clear();
          good.set(token, { ...verified, expiresAt: payload.exp });
        }
        return verified;
      } catch (error) {
        throw unauthenticated(error);
      }
    },

    async rotate() {
      const kid = await makeKey(db, secrets, { force: true });
      ring = undefined;
      return kid;
    },
  };
}

function toVerified(payload: JWTPayload): VerifiedToken {
  if (typeof payload.sub !== 'string' || typeof payload.tv !== 'number') {
    throw new AssayError(
      'UNAUTHENTICATED',
      'the token lacks a claim that this server puts into its tokens; sign in again',
    );
  }
  return { userId: payload.sub, tokenVersion: payload.tv };
}

/** jose's errors carry a code that starts with ERR_J; anything else (the store being away) is passed on as it is. */
function unauthenticated(error: unknown): unknown {
  if (error instanceof AssayError || !(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ERR_JWT_EXPIRED')
    return new AssayError('UNAUTHENTICATED', 'the token has expired; sign in again', { cause: error });
  if (code.startsWith('ERR_J'))
    return new AssayError('UNAUTHENTICATED', 'the token is not valid; sign in again', { cause: error });
  return error;
}

async function readRing(db: Db, secrets: SecretBox, now: () => number): Promise<Ring> {
  let rows = await listSigningKeys(db);
  if (!rows.some((row) => row.signs)) {
    await makeKey(db, secrets, {});
    rows = await listSigningKeys(db);
  }
  const newest = rows.find((row) => row.signs);
  if (!newest) throw new AssayError('INTERNAL', 'no signing key although one was just made');
  const privateJwk = JSON.parse(secrets.decrypt(newest.privateCiphertext, signingKeyPlace(newest.kid))) as JWK;
  const verifiers = new Map<string, Key>();
  for (const row of rows) verifiers.set(row.kid, await importJWK(row.publicJwk as JWK, ALGORITHM));
  return {
    readAt: now(),
    signer: { kid: newest.kid, key: await importJWK(privateJwk, ALGORITHM) },
    verifiers,
    good: new Map(),
  };
}

async function makeKey(db: Db, secrets: SecretBox, options: { force?: boolean }): Promise<string> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true });
  const kid = randomUUID();
  const publicJwk = { ...(await exportJWK(publicKey)), kid, alg: ALGORITHM, use: 'sig' };
  const privateCiphertext = secrets.encrypt(JSON.stringify(await exportJWK(privateKey)), signingKeyPlace(kid));
  await addSigningKey(db, { kid, publicJwk, privateCiphertext }, options);
  return kid;
}
