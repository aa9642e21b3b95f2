import { createAssayClient } from '../../client/index.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { askPassword } from '../ask.ts';
import { credentialPath, readCredentials, writeCredentials } from '../client/credentials.ts';
import { toCredential } from '../client/open-session.ts';
import { EXIT } from '../exit-codes.ts';
import { toJsonText } from '../terminal.ts';
import type { VerbContext } from '../verb-context.ts';

const DEFAULT_URL = 'http://127.0.0.1:8080';

export async function login(
  { terminal, config, json }: VerbContext,
  options: { username: string; passwordStdin?: boolean },
): Promise<number> {
  const file = credentialPath();
  const kept = await readCredentials(file);
  const url = (config.serverUrl ?? kept.current ?? DEFAULT_URL).replace(/\/+$/, '');
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

export async function logout({ terminal, config }: VerbContext): Promise<number> {
  const file = credentialPath();
  const kept = await readCredentials(file);
  const url = (config.serverUrl ?? kept.current ?? DEFAULT_URL).replace(/\/+$/, '');
  const credential = kept.servers[url];
  if (!credential) throw new AssayError('UNAUTHENTICATED', `Not signed in at ${url}.`);
  const { [url]: _gone, ...servers } = kept.servers;
  await writeCredentials(file, { current: kept.current === url ? undefined : kept.current, servers });
  await createAssayClient({ baseUrl: url, signal: terminal.signal })
    .post('/auth/logout', { body: { refreshToken: credential.refreshToken } })
    .catch((error: Error) => terminal.err(`The server was not told: ${error.message}\n`));
  terminal.out(`Signed out at ${url}.\n`);
  return EXIT.done;
}
