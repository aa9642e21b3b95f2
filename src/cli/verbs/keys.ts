import { type AnswerOf, AssayApiError, type AssayClient, type InputOf } from '../../client/index.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { isApiKey, shownPart } from '../../model/api-key.ts';
import { openSession } from '../client/open-session.ts';
import { EXIT } from '../exit-codes.ts';
import { formatTable } from '../output/format-table.ts';
import { harmless } from '../output/text-width.ts';
import { toJsonText } from '../terminal.ts';
import type { VerbContext } from '../verb-context.ts';

type KeyView = AnswerOf<'GET', '/api-keys'>['data'][number];
type Scopes = InputOf<'POST', '/api-keys'>['body']['scopes'];

const DAY_MS = 86_400_000;

export async function createKey(
  { config, terminal, json }: VerbContext,
  name: string,
  options: { scope?: string[]; days?: string; quiet?: boolean },
): Promise<number> {
  const client = await openSession(config, terminal.signal);
  const expiresAt =
    options.days === undefined ? undefined : new Date(Date.now() + toDays(options.days) * DAY_MS).toISOString();
  // What the server does not know, it names.
  const scopes = options.scope?.flatMap((scope) => scope.split(',')) as Scopes;
  const { data } = await client.post('/api-keys', { body: { name, scopes, expiresAt } }).catch((error: unknown) => {
    throw options.days === undefined ? error : inDays(error, options.days);
  });
  if (json) terminal.out(toJsonText(data));
  else if (options.quiet) terminal.out(`${data.key}\n`);
  else {
    terminal.out(`${data.key}\n`);
    terminal.err(`Shown this once. It may ${data.scopes.join(', ')}, until ${data.expiresAt.slice(0, 10)}.\n`);
    const others = (await client.get('/api-keys')).data.filter(
      (key) => key.name === data.name && key.state === 'active' && key._id !== data._id,
    );
    if (others.length > 0)
      terminal.err(
        `Active keys of the same name, to be revoked by how they begin: ${others.map(toLine).join(', ')}.\n`,
      );
  }
  return EXIT.done;
}

export async function listKeys({ config, terminal, json }: VerbContext, all: boolean): Promise<number> {
  const client = await openSession(config, terminal.signal);
  const { data } = await client.get('/api-keys', { query: all ? { all: 'true' } : {} });
  const rows = data.map((key) => [
    key.prefix,
    key.name,
    ...(all ? [key.username] : []),
    key.state,
    key.scopes.join(', '),
    key.expiresAt.slice(0, 10),
    key.lastUsedAt.slice(0, 16).replace('T', ' ') || 'never',
  ]);
  const columns = ['key', 'name', ...(all ? ['owner'] : []), 'state', 'scopes', 'ends', 'last used (UTC)'];
  terminal.out(json ? toJsonText(data) : formatTable(columns, rows, terminal.columns()));
  return EXIT.done;
}

export async function revokeKey({ config, terminal, json }: VerbContext, given: string): Promise<number> {
  const client = await openSession(config, terminal.signal);
  const key = await findKey(client, given);
  if (key.state === 'revoked')
    throw new AssayError('CONFLICT', `${toLine(key)} was revoked at ${key.revokedAt}; nothing is left to do`);
  const { data } = await client.delete('/api-keys/{id}', { path: { id: key._id } });
  terminal.out(json ? toJsonText(data) : `Revoked ${key.prefix}… (${key.name}).\n`);
  return EXIT.done;
}

/** One's own keys come first; an administrator reaches everybody's by id or beginning. */
async function findKey(client: AssayClient, given: string): Promise<KeyView> {
  const own = (await client.get('/api-keys')).data;
  const prefix = isApiKey(given) ? shownPart(given) : given;
  const fits = (key: KeyView): boolean => key._id === given || key.prefix === prefix;
  const named = own.filter((key) => key.name === given);
  const active = named.filter((key) => key.state === 'active');
  // Of those that ended the list begins with the newest.
  const found = own.filter(fits).concat(active.length > 0 ? active : named.slice(0, 1));
  if (found.length === 0) {
    const { data } = await client.get('/api-keys', { query: { all: 'true' } }).catch((error: unknown) => {
      if (error instanceof AssayApiError && error.status === 403) return { data: [] };
      throw error;
    });
    found.push(...data.filter(fits));
  }
  if (found.length === 1) return found[0]!;
  throw new AssayError(
    found.length === 0 ? 'NOT_FOUND' : 'CONFLICT',
    found.length === 0
      ? `there is no key with the id, name or beginning "${prefix}"; see assay keys list`
      : `"${prefix}" fits ${found.length} keys: name one by how it begins, or by its id: ${found.map(toLine).join(', ')}`,
  );
}

/** How a key is told from others: what `keys list` shows first, and what is unique. */
const toLine = ({ prefix, name, createdAt, _id }: KeyView): string =>
  `${prefix} (${harmless(name)}, made ${createdAt.slice(0, 16).replace('T', ' ')}, id ${_id})`;

/** The server speaks of the instant that the days became. */
function inDays(error: unknown, days: string): unknown {
  const words =
    error instanceof AssayApiError ? /^expiresAt: received [^,]+, (.*)$/.exec(error.message)?.[1] : undefined;
  return words === undefined
    ? error
    : new AssayError('BAD_REQUEST', `--days: received "${days}", ${words}`, { cause: error });
}

function toDays(text: string): number {
  const days = Number(text);
  if (text.trim() !== '' && days > 0 && days <= 36_500) return days;
  throw new AssayError('BAD_REQUEST', `--days: received "${text}", expected a number of days above 0`);
}
