import { reasonOf } from '../../client/api-error.ts';
import type { AnswerOf } from '../../client/index.ts';
import { pause } from '../../client/pause.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { jsonProblem } from '../../errors/json-problem.ts';

/** An issuer as a server names it at /auth/issuers. */
export type Issuer = AnswerOf<'GET', '/auth/issuers'>['data'][number];

export interface IssuerTokens {
  /** The one of the issuer's tokens that the server takes. */
  token: string;
  refreshToken: string;
  /** Seconds. */
  expiresIn: number;
}

/** What the person has to do. */
export interface DevicePrompt {
  address: string;
  code: string;
  /** With the code in it already. */
  directAddress?: string;
}

export interface DeviceOptions {
  show(prompt: DevicePrompt): void;
  signal: AbortSignal;
  /** Waits between two questions; handed in for tests. */
  wait?(ms: number, signal: AbortSignal): Promise<void>;
}

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const TIMEOUT_MS = 15_000;
/** RFC 8628, section 3.2: when the issuer does not say; section 3.5: how much slower after `slow_down`. */
const INTERVAL_SECONDS = 5;
/** No issuer is asked more often, whatever it says. */
const LEAST_SECONDS = 1;
/** How long a code is good when the issuer does not say, which it has to. */
const CODE_SECONDS = 600;

/**
 * Signs a person in by the device flow (RFC 8628): they confirm a code in whatever browser they have, while we ask the issuer now
 * and then. Works over SSH and needs no port.
 *
 * @throws AssayError BAD_CREDENTIALS when the person refuses or takes too long, SERVER_UNREACHABLE, CANCELLED
 */
export async function signInByDevice(issuer: Issuer, options: DeviceOptions): Promise<IssuerTokens> {
  const { signal, wait = pause } = options;
  const places = await discover(issuer.issuer, signal);
  if (!places.device_authorization_endpoint)
    throw new AssayError(
      'BAD_REQUEST',
      `${issuer.issuer} has no device flow; get a token another way and give it as ASSAY_TOKEN`,
    );
  const begun = await ask(
    places.device_authorization_endpoint,
    { client_id: issuer.clientId, scope: issuer.scopes },
    signal,
  );
  if (!begun.ok) throw refused(issuer, begun.body);
  const { device_code, user_code, verification_uri, verification_uri_complete, interval, expires_in } = begun.body;
  options.show({
    address: printable(verification_uri),
    code: printable(user_code),
    ...(verification_uri_complete ? { directAddress: printable(verification_uri_complete) } : {}),
  });
  const form = { grant_type: GRANT, device_code: String(device_code), client_id: issuer.clientId };
  let seconds = Math.max(LEAST_SECONDS, toNumber(interval, INTERVAL_SECONDS));
  let away: AssayError | undefined;
  for (let left = toNumber(expires_in, CODE_SECONDS); left > 0; ) {
    await wait(seconds * 1000, signal).catch((cause: unknown) => {
      throw new AssayError('CANCELLED', 'Interrupted.', { cause });
    });
    left -= seconds;
    const answer = await ask(places.token_endpoint, form, signal).catch((error: AssayError) => error);
    away = answer instanceof AssayError ? answer : undefined;
    if (answer instanceof AssayError) {
      if (answer.code !== 'SERVER_UNREACHABLE') throw answer;
      // Section 3.5: a request that was dropped ends nothing, but the next one comes later.
      seconds *= 2;
      continue;
    }
    const { ok, body } = answer;
    if (ok) return toTokens(issuer, body);
    if (body.error === 'slow_down') seconds += INTERVAL_SECONDS;
    else if (body.error !== 'authorization_pending') throw refused(issuer, body);
  }
  if (away) throw away;
  throw new AssayError('BAD_CREDENTIALS', `nobody confirmed the code at ${issuer.issuer} in time; try again`);
}

/** New tokens for a refresh token; undefined when the issuer takes it no longer. */
export async function renewAtIssuer(
  issuer: Issuer,
  refreshToken: string,
  signal: AbortSignal,
): Promise<IssuerTokens | undefined> {
  if (refreshToken === '') return undefined;
  const { token_endpoint } = await discover(issuer.issuer, signal);
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: issuer.clientId };
  const { ok, body } = await ask(token_endpoint, form, signal);
  if (ok) return toTokens(issuer, { refresh_token: refreshToken, ...body });
  if (body.error === 'invalid_grant') return undefined;
  throw refused(issuer, body);
}

/** Tells the issuer that a refresh token is not wanted any more, where it has a place for that. */
export async function revokeAtIssuer(issuer: Issuer, refreshToken: string, signal: AbortSignal): Promise<void> {
  const { revocation_endpoint } = await discover(issuer.issuer, signal);
  if (revocation_endpoint && refreshToken)
    await ask(revocation_endpoint, { token: refreshToken, client_id: issuer.clientId }, signal);
}

interface Places {
  issuer?: string;
  token_endpoint: string;
  device_authorization_endpoint?: string;
  revocation_endpoint?: string;
}

async function discover(issuer: string, signal: AbortSignal): Promise<Places> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const { ok, body } = await send(url, { headers: { accept: 'application/json' } }, signal);
  const places = body as unknown as Places;
  if (ok && places.issuer === issuer && places.token_endpoint) return places;
  throw new AssayError('SERVER_UNREACHABLE', `${url} is not the discovery document of ${issuer}`);
}

interface Answer {
  ok: boolean;
  body: Record<string, unknown>;
}

const ask = (url: string, form: Record<string, string>, signal: AbortSignal): Promise<Answer> =>
  send(url, { method: 'POST', headers: { accept: 'application/json' }, body: new URLSearchParams(form) }, signal);

async function send(url: string, init: RequestInit, signal: AbortSignal): Promise<Answer> {
  try {
    const limits = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const response = await fetch(url, { ...init, redirect: 'error', signal: limits });
    const text = await response.text();
    return { ok: response.ok, body: text === '' ? {} : JSON.parse(text) };
  } catch (cause) {
    if (signal.aborted) throw new AssayError('CANCELLED', 'Interrupted.', { cause });
    const reason = cause instanceof SyntaxError ? `what came is ${jsonProblem(cause)}` : reasonOf(cause);
    throw new AssayError('SERVER_UNREACHABLE', `No answer from ${new URL(url).origin}: ${reason}.`, { cause });
  }
}

function toTokens(issuer: Issuer, body: Record<string, unknown>): IssuerTokens {
  const token = body[issuer.tokenToSend];
  if (typeof token !== 'string')
    throw new AssayError('BAD_CREDENTIALS', `${issuer.issuer} signed you in but gave no ${issuer.tokenToSend}`);
  return { token, refreshToken: String(body.refresh_token ?? ''), expiresIn: Number(body.expires_in ?? 300) };
}

const refused = (issuer: Issuer, body: Record<string, unknown>): AssayError =>
  new AssayError(
    'BAD_CREDENTIALS',
    `${issuer.issuer} refuses: ${printable(body.error_description ?? body.error ?? 'no reason given')}`,
  );

/** The number that an issuer gave, as number or text, or what stands in for it. */
const toNumber = (given: unknown, otherwise: number): number =>
  Number.isFinite(Number(given ?? Number.NaN)) ? Number(given) : otherwise;

/** What comes from elsewhere must not steer the terminal. */
const printable = (text: unknown): string => String(text).replace(/\p{C}/gu, '').slice(0, 500);
