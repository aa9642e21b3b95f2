import { createAssayClient } from '../../client/index.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { askPassword } from '../ask.ts';
import { credentialPath, readCredentials, serverUrl, writeCredentials } from '../client/credentials.ts';
import { type Issuer, revokeAtIssuer, signInByDevice } from '../client/device-flow.ts';
import { ofIssuer, toCredential } from '../client/open-session.ts';
import { EXIT } from '../exit-codes.ts';
import { harmless } from '../output/text-width.ts';
import { toJsonText } from '../terminal.ts';
import type { VerbContext } from '../verb-context.ts';

interface LoginOptions {
  username: string;
  passwordStdin?: boolean;
  sso?: boolean;
  issuer?: string;
}

export async function login(context: VerbContext, options: LoginOptions): Promise<number> {
  if (options.sso || options.issuer !== undefined) return loginAtIssuer(context, options.issuer);
  const { terminal, config, json } = context;
  const file = credentialPath();
  const kept = await readCredentials(file);
  const url = serverUrl(config.serverUrl, kept);
  const prompt = `Password of ${options.username} at ${url}: `;
  const password = await askPassword(prompt, options.passwordStdin === true, terminal.signal);
  const body = { username: options.username, password };
  const answer = await createAssayClient({ baseUrl: url, signal: terminal.signal }).post('/auth', { body });
  const servers = { ...kept.servers, [url]: toCredential(options.username, answer.data) };
  await writeCredentials(file, { current: url, servers });
  terminal.out(
    json ? toJsonText({ url, username: options.username }) : `Signed in at ${url} as ${options.username}.\n`,
  );
  return EXIT.done;
}

/** Signs in at an issuer that the server trusts; the server is asked at once whether it takes the token. */
async function loginAtIssuer({ terminal, config, json }: VerbContext, wanted: string | undefined): Promise<number> {
  const file = credentialPath();
  const kept = await readCredentials(file);
  const url = serverUrl(config.serverUrl, kept);
  const { signal } = terminal;
  const { data } = await createAssayClient({ baseUrl: url, signal }).get('/auth/issuers');
  const issuer = pickIssuer(url, data, wanted);
  const tokens = await signInByDevice(issuer, {
    signal,
    show: ({ address, code, directAddress }) => {
      terminal.err(`Open ${address} and enter the code ${code}\n`);
      if (directAddress) terminal.err(`or open  ${directAddress}\n`);
      terminal.err('Waiting until you have confirmed it …\n');
    },
  });
  const me = await createAssayClient({ baseUrl: url, signal, token: tokens.token }).get('/users/me');
  const { username, roles } = me.data;
  await writeCredentials(file, {
    current: url,
    servers: { ...kept.servers, [url]: ofIssuer(username, issuer, tokens) },
  });
  const said = { url, username, issuer: issuer.issuer, roles };
  const who = `${harmless(username)} of ${issuer.issuer}`;
  terminal.out(json ? toJsonText(said) : `Signed in at ${url} as ${who}: ${roles.join(', ')}.\n`);
  return EXIT.done;
}

function pickIssuer(url: string, issuers: readonly Issuer[], wanted: string | undefined): Issuer {
  const fitting = wanted === undefined ? issuers : issuers.filter((one) => one.issuer === wanted);
  if (fitting.length === 1) return fitting[0]!;
  const known = issuers.map((one) => one.issuer).join(', ');
  if (issuers.length === 0)
    throw new AssayError(
      'BAD_REQUEST',
      `${url} names no issuer to sign in at; its administrator can, with ASSAY_OIDC_CLIENT_ID`,
    );
  const what =
    wanted === undefined ? 'there are several issuers; name one with --issuer' : `${wanted} is none of its issuers`;
  throw new AssayError('BAD_REQUEST', `${url}: ${what}: ${known}`);
}

export async function logout({ terminal, config }: VerbContext): Promise<number> {
  const file = credentialPath();
  const kept = await readCredentials(file);
  const url = serverUrl(config.serverUrl, kept);
  const credential = kept.servers[url];
  if (!credential) throw new AssayError('UNAUTHENTICATED', `Not signed in at ${url}.`);
  const { [url]: _gone, ...servers } = kept.servers;
  await writeCredentials(file, { current: kept.current === url ? undefined : kept.current, servers });
  const { issuer, refreshToken } = credential;
  const told = issuer
    ? revokeAtIssuer(issuer, refreshToken, terminal.signal)
    : createAssayClient({ baseUrl: url, signal: terminal.signal }).post('/auth/logout', { body: { refreshToken } });
  await told.catch((error: Error) =>
    terminal.err(`${issuer?.issuer ?? 'The server'} was not told: ${error.message}\n`),
  );
  terminal.out(`Signed out at ${url}.\n`);
  return EXIT.done;
}
