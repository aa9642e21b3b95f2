import { AssayApiError, type AssayClient, createAssayClient, type TokenPair } from '../../client/index.ts';
import type { Config } from '../../config/settings.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { type Credential, credentialPath, readCredentials, writeCredentials } from './credentials.ts';
import { type Issuer, type IssuerTokens, renewAtIssuer } from './device-flow.ts';

const DEFAULT_URL = 'http://127.0.0.1:8080';

/**
 * A client that is signed in: with ASSAY_TOKEN or ASSAY_API_KEY when given, else with what `assay login` left, renewed when it runs out.
 *
 * @param file where the credentials lie; another one in tests
 */
export async function openSession(config: Config, signal: AbortSignal, file = credentialPath()): Promise<AssayClient> {
  const kept = await readCredentials(file);
  const url = (config.serverUrl ?? kept.current ?? DEFAULT_URL).replace(/\/+$/, '');
  if (config.token && config.apiKey)
    throw new AssayError('BAD_CONFIG', 'ASSAY_TOKEN and ASSAY_API_KEY are both set: unset the one that is not meant');
  if (config.token || config.apiKey) {
    return createAssayClient({ baseUrl: url, signal, token: config.token, apiKey: config.apiKey });
  }
  let credential = kept.servers[url];
  if (!credential) {
    throw new AssayError('UNAUTHENTICATED', `Not signed in at ${url}. Run: assay login --url ${url}`);
  }
  return createAssayClient({
    baseUrl: url,
    signal,
    async token(rejected) {
      const current: Credential = credential!;
      const fresh = current.expiresAt > Date.now() + 10_000;
      if (fresh && rejected !== current.accessToken) return current.accessToken;
      const renewed = await renew(url, current, signal);
      if (!renewed) return rejected ? undefined : current.accessToken;
      credential = renewed;
      const latest = await readCredentials(file);
      await writeCredentials(file, { ...latest, servers: { ...latest.servers, [url]: renewed } });
      return renewed.accessToken;
    },
  });
}

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
