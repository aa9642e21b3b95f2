import { AssayError } from '../../errors/assay-error.ts';
import { askPassword } from '../ask.ts';
import { openSession } from '../client/open-session.ts';
import { EXIT } from '../exit-codes.ts';
import { formatTable } from '../output/format-table.ts';
import { toJsonText } from '../terminal.ts';
import type { VerbContext } from '../verb-context.ts';

interface UserView {
  _id: string;
  username: string;
  firstName: string;
  lastName: string;
  email: string;
  roles: string[];
  disabled: boolean;
}

export async function listUsers({ config, terminal, json }: VerbContext): Promise<number> {
  const client = await openSession(config, terminal.signal);
  const { data } = await client.get<{ data: UserView[] }>('/users');
  const rows = data.map((user) => [
    user.username,
    [user.firstName, user.lastName].filter(Boolean).join(' '),
    user.email,
    user.roles.join(', '),
    user.disabled ? 'disabled' : '',
  ]);
  terminal.out(
    json ? toJsonText(data) : formatTable(['user', 'name', 'e-mail', 'roles', ''], rows, terminal.columns()),
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
  const { data } = await client.post<{ data: UserView }>('/users', {
    username,
    password,
    roles: options.role?.flatMap((role) => role.split(',')) ?? [],
    email: options.email ?? '',
    firstName: options.firstName ?? '',
    lastName: options.lastName ?? '',
  });
  terminal.out(json ? toJsonText(data) : `Added ${data.username} with roles ${data.roles.join(', ') || 'none'}.\n`);
  return EXIT.done;
}

export async function removeUser({ config, terminal }: VerbContext, username: string): Promise<number> {
  const client = await openSession(config, terminal.signal);
  const { data } = await client.get<{ data: UserView[] }>('/users');
  const user = data.find((one) => one.username.toLowerCase() === username.toLowerCase());
  if (!user) throw new AssayError('NOT_FOUND', `there is no user "${username}"`);
  await client.delete(`/users/${user._id}`);
  terminal.out(`Removed ${user.username}.\n`);
  return EXIT.done;
}
