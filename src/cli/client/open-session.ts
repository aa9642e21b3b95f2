import {
  AssayApiError,
  type AssayClient,
  createAssayClient,
  type TokenPair,
  type TokenSource,
} from '../../client/index.ts';
import { pause } from '../../client/pause.ts';
import type { Config } from '../../config/settings.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { type Credential, credentialPath, readCredentials, serverUrl, writeCredentials } from './credentials.ts';
import { type Issuer, type IssuerTokens, renewAtIssuer } from './device-flow.ts';

/** A token that ends sooner is renewed before it is sent. */
const EARLY_MS = 10_000;
/** Who redeemed our refresh token before us writes the new pair within this time; the pauses between looks at the file. */
const LOOKS_MS = [0, 100, 400];

/**
 * A client that is signed in: with ASSAY_TOKEN or ASSAY_API_KEY when given, else with what `assay login` left, renewed when it runs out.
 *
 * @param file where the credentials lie; another one in tests
 */
export async function openSession(config: Config, signal: AbortSignal, file = credentialPath()): Promise<AssayClient> {
  const kept = await readCredentials(file);
  const url = serverUrl(config.serverUrl, kept);
  if (config.token && config.apiKey)
    throw new AssayError('BAD_CONFIG', 'ASSAY_TOKEN and ASSAY_API_KEY are both set: unset the one that is not meant');
  if (config.token || config.apiKey) {
    return createAssayClient({ baseUrl: url, signal, token: config.token, apiKey: config.apiKey });
  }
  const credential = kept.servers[url];
  if (!credential) {
    throw new AssayError('UNAUTHENTICATED', `Not signed in at ${url}. Run: assay login --url ${url}`);
  }
  return createAssayClient({ baseUrl: url, signal, token: renewing(file, url, credential, signal) });
}

/**
 * Gives the access token, renewed when it runs out or was rejected. Refresh tokens work once, and other commands use the same
 * file: what one of them renewed is taken from there.
 */
function renewing(file: string, url: string, first: Credential, signal: AbortSignal): TokenSource {
  let current = first;
  let renewal: Promise<boolean> | undefined;

  const read = async (): Promise<Credential> => (await readCredentials(file)).servers[url] ?? current;

  /** Whether there is another token than `old` now. */
  async function replace(old: Credential): Promise<boolean> {
    current = await read();
    if (current.accessToken !== old.accessToken && isFresh(current)) return true;
    const tried = current;
    const renewed = await renew(url, tried, signal);
    if (renewed) {
      current = renewed;
      const latest = await readCredentials(file);
      await writeCredentials(file, { ...latest, servers: { ...latest.servers, [url]: renewed } });
      return true;
    }
    for (const waitMs of LOOKS_MS) {
      await pause(waitMs, signal);
      current = await read();
      if (current.refreshToken !== tried.refreshToken) return isFresh(current);
    }
    return false;
  }

  return async (rejected) => {
    if (isFresh(current) && rejected !== current.accessToken) return current.accessToken;
    renewal ??= replace(current).finally(() => {
      renewal = undefined;
    });
    return (await renewal) || rejected === undefined ? current.accessToken : undefined;
  };
}

const isFresh = ({ expiresAt }: Credential): boolean => expiresAt > Date.now() + EARLY_MS;

/** Undefined when the refresh token is no longer taken: the caller's 401 then says so. */
async function renew(url: string, old: Credential, signal: AbortSignal): Promise<Credential | undefined> {
  if (old.issuer) {
    const tokens = await renewAtIssuer(old.issuer, old.refreshToken, signal);
    return tokens && ofIssuer(old.username, old.issuer, tokens);
  }
  try {
    const body = { refreshToken: old.refreshToken };
    const answer = await createAssayClient({ baseUrl: url, signal }).post('/auth/refresh', { body });
    return toCredential(old.username, answer.data);
  } catch (error) {
    if (error instanceof AssayApiError && error.status === 401) return undefined;
    throw error;
  }
}

export const toCredential = (username: string, pair: TokenPair): Credential => ({
  username,
  accessToken: pair.accessToken,
  refreshToken: pair.refreshToken,
  expiresAt: Date.now() + pair.expiresIn * 1000,
});

/** What to keep of a sign-in at an issuer. */
export const ofIssuer = (username: string, issuer: Issuer, tokens: IssuerTokens): Credential => ({
  username,
  accessToken: tokens.token,
  refreshToken: tokens.refreshToken,
  expiresAt: Date.now() + tokens.expiresIn * 1000,
  issuer,
});
