import type { TokenPair } from './generated.ts';
import { createTransport, type TokenSource, type TransportOptions } from './transport.ts';

/** One of: a token (or what gives one), an API key, user name and password. None for what needs no sign-in. */
export interface Credentials {
  token?: string | TokenSource;
  apiKey?: string;
  username?: string;
  password?: string;
}

/** Tokens are renewed so long before they run out. */
const EARLY_MS = 30_000;

/** @throws TypeError when two kinds of credentials are given, or half of one */
export function toTokenSource(credentials: Credentials, options: TransportOptions): TokenSource {
  const { token, apiKey, username, password } = credentials;
  const kinds = [token, apiKey, username ?? password].filter((kind) => kind !== undefined);
  if (kinds.length > 1) throw new TypeError('give one of token, apiKey, or username with password');
  if (typeof token === 'function') return token;
  const fixed = token ?? apiKey;
  if (fixed !== undefined) return (rejected) => (rejected === undefined ? fixed : undefined);
  if (username === undefined && password === undefined) return () => undefined;
  if (username === undefined || password === undefined) throw new TypeError('username and password belong together');
  return signIn(username, password, options);
}

/** Signs in when a token is first needed, and again when it has run out or was rejected; calls at the same time share it. */
function signIn(username: string, password: string, options: TransportOptions): TokenSource {
  const transport = createTransport(options, () => undefined);
  let current: Promise<{ token: string; until: number }> | undefined;
  const fetchToken = async () => {
    const body = { username, password };
    const { data } = (await transport.call('POST', '/api/public/v1/auth', { body })) as { data: TokenPair };
    return { token: data.accessToken, until: Date.now() + data.expiresIn * 1000 - EARLY_MS };
  };
  return async (rejected) => {
    const before = current;
    const known = await before?.catch(() => undefined);
    const stale = !known || known.token === rejected || known.until < Date.now();
    // While this call waited, another may have begun to sign in.
    if (stale && current === before) {
      const next = fetchToken();
      current = next;
      next.catch(() => {
        if (current === next) current = undefined;
      });
    }
    return (await current)?.token;
  };
}
