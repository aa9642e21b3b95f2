/** The habits of such clients on the way: every call, signing in again, and what they make of an answer. */
export interface Existing {
  base: string;
  username: string;
  password: string;
  /** Fields of a data source that can be reached and has at least one table with three columns. */
  source: Record<string, unknown>;
  version: 'v1' | 'v2' | 'v3';
}

export interface Found {
  problems: string[];
  /** Checks made; a run that made few of them showed little. */
  checks: number;
  /** How often the token had run out and the client signed in again. */
  reauthentications: number;
}

// biome-ignore lint/suspicious/noExplicitAny: such clients take what comes
export type Json = any;
export interface Answer {
  code: number;
  body: Json;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

export type Wire = ReturnType<typeof openWire>;

export function openWire(given: Existing) {
  const base = given.base.replace(/\/+$/, '');
  const api = `/api/public/${given.version}`;
  const found: Found = { problems: [], checks: 0, reauthentications: 0 };
  const user = { username: given.username, password: given.password };
  let token = '';

  const check = (what: string, holds: unknown, seen?: unknown): void => {
    found.checks += 1;
    if (!holds)
      found.problems.push(
        `${given.version}: ${what}${seen === undefined ? '' : `; seen ${JSON.stringify(seen).slice(0, 500)}`}`,
      );
  };
  const is = (what: string, seen: unknown, wanted: unknown): void =>
    check(`${what} should be ${JSON.stringify(wanted)}`, JSON.stringify(seen) === JSON.stringify(wanted), seen);

  async function raw(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Answer> {
    const response = await fetch(base + path, { method, headers, body });
    const text = await response.text();
    let parsed: Json;
    try {
      parsed = JSON.parse(text);
    } catch {
      check(`${method} ${path} should answer in JSON`, false, text.slice(0, 100));
    }
    return { code: response.status, body: parsed ?? {} };
  }
  const form = (path: string, fields: Record<string, string>): Promise<Answer> =>
    raw('POST', path, FORM, new URLSearchParams(fields).toString());

  async function signIn(): Promise<void> {
    const { body } = await form(`${api}/auth`, {
      ...user,
      client_id: 'pdc-client',
      grant_type: 'password',
      scope: 'openid profile email',
    });
    token = body.data?.accessToken ?? '';
  }
  /** Every call of such clients: on a 401 they sign in once more and repeat it. */
  async function call(method: string, path: string, body?: unknown): Promise<Answer> {
    const send = () => {
      const headers: Record<string, string> = { authorization: `Bearer ${token}`, accept: 'application/json' };
      if (body !== undefined) headers['content-type'] = 'application/json';
      return raw(
        method,
        path.startsWith('/api/') ? path : api + path,
        headers,
        body === undefined ? undefined : JSON.stringify(body),
      );
    };
    const first = await send();
    if (first.code !== 401) return first;
    found.reauthentications += 1;
    await signIn();
    return send();
  }
  const isError = (what: string, answer: Answer, code: number): void => {
    is(`${what}: HTTP status`, answer.code, code);
    is(`${what}: status in the body`, answer.body.status, code);
    const { message } = answer.body;
    check(`${what}: message should be text or a list`, typeof message === 'string' || Array.isArray(message), message);
  };
  return {
    given,
    api,
    user,
    found,
    check,
    is,
    isError,
    raw,
    form,
    signIn,
    call,
    get token() {
      return token;
    },
    set token(value) {
      token = value;
    },
  };
}
