import type { InputOf } from '../../client/index.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { askPassword } from '../ask.ts';
import { openSession } from '../client/open-session.ts';
import { EXIT } from '../exit-codes.ts';
import { formatTable } from '../output/format-table.ts';
import { harmless } from '../output/text-width.ts';
import { toJsonText } from '../terminal.ts';
import type { VerbContext } from '../verb-context.ts';

type NewUser = InputOf<'POST', '/users'>['body'];

export async function listUsers({ config, terminal, json }: VerbContext): Promise<number> {
  const client = await openSession(config, terminal.signal);
  const { data } = await client.get('/users');
  const rows = data.map((user) => [
    user.username,
    [user.firstName, user.lastName].filter(Boolean).join(' '),
    user.email,
    user.roles.join(', '),
    user.issuer,
    user.disabled ? 'disabled' : '',
  ]);
  terminal.out(
    json ? toJsonText(data) : formatTable(['user', 'name', 'e-mail', 'roles', 'issuer', ''], rows, terminal.columns()),
  );
  return EXIT.done;
}

export async function addUser(
  { config, terminal, json }: VerbContext,
  username: string,
  options: { role?: string[]; email?: string; firstName?: string; lastName?: string; passwordStdin?: boolean },
): Promise<number> {
  const client = await openSession(config, terminal.signal);
  const password = await askPassword(`Password for ${username}: `, options.passwordStdin === true, terminal.signal);
  const roles = (options.role?.flatMap((role) => role.split(',')) ?? []) as NewUser['roles'];
  const { email = '', firstName = '', lastName = '' } = options;
  const { data } = await client.post('/users', { body: { username, password, roles, email, firstName, lastName } });
  terminal.out(json ? toJsonText(data) : `Added ${data.username} with roles ${data.roles.join(', ') || 'none'}.\n`);
  return EXIT.done;
}

export async function removeUser({ config, terminal }: VerbContext, given: string): Promise<number> {
  const client = await openSession(config, terminal.signal);
  const { data } = await client.get('/users');
  const fitting = data.filter((one) => one._id === given || one.username.toLowerCase() === given.toLowerCase());
  if (fitting.length > 1) {
    const ids = fitting.map((one) => `${one._id} (${one.issuer || 'Assay itself'})`).join(', ');
    throw new AssayError('CONFLICT', `"${given}" is the name of ${fitting.length} users: name one by its id: ${ids}`);
  }
  const user = fitting[0];
  if (!user) throw new AssayError('NOT_FOUND', `there is no user "${given}"`);
  await client.delete('/users/{id}', { path: { id: user._id } });
  terminal.out(`Removed ${harmless(user.username)}.\n`);
  return EXIT.done;
}
