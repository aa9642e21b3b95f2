import { type CryptoKey, createRemoteJWKSet, errors, type FlattenedJWSInput, type JWSHeaderParameters } from 'jose';
import { isPrivateUrl } from '../../../config/issuers.ts';
import { AssayError } from '../../../errors/assay-error.ts';

/**
 * When an issuer is asked. Keys are fetched at the first token, not at the start of the server, and again when they are older
 * than `freshMs`, so that a withdrawn key is refused after that time at the latest. A token with an unknown key has them
 * fetched at once, at most every `cooldownMs`: rotation needs no restart, and forged tokens make no storm. While the issuer is
 * away, known keys are good for `staleMs`, and it is tried again every `retryMs`, so that no request waits for it in a row.
 */
export const ISSUER_TIMES = {
  freshMs: 5 * 60_000,
  staleMs: 60 * 60_000,
  cooldownMs: 10_000,
  retryMs: 2_000,
  timeoutMs: 5_000,
};
export type IssuerTimes = typeof ISSUER_TIMES;

export interface IssuerKeys {
  /** The key that a token names; for `jwtVerify`. @throws ISSUER_UNAVAILABLE, or jose's JWKSNoMatchingKey */
  find(header?: JWSHeaderParameters, token?: FlattenedJWSInput): Promise<CryptoKey>;
}

export interface IssuerPlace {
  issuer: string;
  allowHttp: boolean;
}

type KeySet = ReturnType<typeof createRemoteJWKSet>;

/** The signing keys of one issuer, found by discovery. Does nothing until the first token. */
export function openIssuerKeys(place: IssuerPlace, times: IssuerTimes = ISSUER_TIMES, now = Date.now): IssuerKeys {
  let keys: { set: KeySet; fetchedAt: number } | undefined;
  let failure: { error: AssayError; at: number } | undefined;
  let fetching: Promise<KeySet> | undefined;

  async function fetchKeys(): Promise<KeySet> {
    try {
      const url = await discoverKeys(place, times.timeoutMs);
      // When to fetch is decided here: jose knows no failed tries and drops good keys while the issuer is away.
      const set = createRemoteJWKSet(url, {
        timeoutDuration: times.timeoutMs,
        cooldownDuration: Number.POSITIVE_INFINITY,
        cacheMaxAge: Number.POSITIVE_INFINITY,
      });
      await set.reload();
      keys = { set, fetchedAt: now() };
      failure = undefined;
      return set;
    } catch (cause) {
      failure = { error: unavailable(place.issuer, cause), at: now() };
      throw failure.error;
    }
  }

  /** One fetch at a time, and after a failed one a pause. */
  function refetch(): Promise<KeySet> {
    if (failure && now() - failure.at < times.retryMs) return Promise.reject(failure.error);
    fetching ??= fetchKeys().finally(() => {
      fetching = undefined;
    });
    return fetching;
  }

  async function current(): Promise<KeySet> {
    if (!keys) return refetch();
    const age = now() - keys.fetchedAt;
    if (age <= times.freshMs) return keys.set;
    const known = keys.set;
    return refetch().catch((error: unknown) => {
      if (age <= times.staleMs) return known;
      throw error;
    });
  }

  return {
    async find(header, token) {
      try {
        return await (await current())(header, token);
      } catch (error) {
        const unknown = error instanceof errors.JWKSNoMatchingKey;
        if (!unknown || (keys && now() - keys.fetchedAt < times.cooldownMs)) throw error;
        return (await refetch())(header, token);
      }
    },
  };
}

/** Address of the keys, from `.well-known/openid-configuration`. */
async function discoverKeys({ issuer, allowHttp }: IssuerPlace, timeoutMs: number): Promise<URL> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(url, {
    redirect: 'error',
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status !== 200) throw new Error(`${url} answers ${response.status}`);
  const document = (await response.json().catch((cause: unknown) => {
    throw new Error(`${url} is no JSON`, { cause });
  })) as { issuer?: unknown; jwks_uri?: unknown } | null;
  if (document?.issuer !== issuer)
    throw new Error(
      `${url} is of the issuer ${JSON.stringify(document?.issuer)}; the setting must be the same to the letter`,
    );
  const keys = document.jwks_uri;
  if (typeof keys !== 'string' || !URL.canParse(keys)) throw new Error(`${url} names no jwks_uri`);
  if (!allowHttp && !isPrivateUrl(keys))
    throw new Error(`${keys} is plain HTTP, where anybody on the way could exchange the keys (ASSAY_OIDC_ALLOW_HTTP)`);
  return new URL(keys);
}

function unavailable(issuer: string, cause: unknown): AssayError {
  const [reason, advice] = explain(cause);
  return new AssayError(
    'ISSUER_UNAVAILABLE',
    `the issuer ${issuer} cannot be asked for its keys just now: ${reason}; ${advice}`,
    { cause },
  );
}

const AGAIN = 'try again in a few seconds';

/** What went wrong, and what can be done. fetch says only "fetch failed"; the reason is the cause. */
function explain(error: unknown): [string, string] {
  if (!(error instanceof Error)) return [String(error), AGAIN];
  if (error.name === 'TimeoutError' || error instanceof errors.JWKSTimeout)
    return ['it does not answer in time', AGAIN];
  const cause = error.cause as (Error & { code?: string; errors?: Error[] }) | undefined;
  const reason = cause?.errors?.map((one) => one.message).join('; ') || cause?.message || cause?.code || error.message;
  if (/SELF_SIGNED|UNABLE_TO_(VERIFY|GET)/.test(cause?.code ?? ''))
    return [
      `its certificate is signed by nobody this server trusts (${reason})`,
      'start the server with NODE_EXTRA_CA_CERTS=<file with the PEM of its authority>, or with NODE_OPTIONS=--use-system-ca',
    ];
  return [reason, AGAIN];
}
