import { randomBytes } from 'node:crypto';
import type { FastifyBaseLogger, FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import type { AppOptions } from '../../src/api/app-options.ts';
import { createTokenService } from '../../src/api/auth/tokens.ts';
import { concludeJob } from '../../src/jobs/conclude.ts';
import { JOB_SPECS } from '../../src/jobs/specs.ts';
import type { Role } from '../../src/model/rights.ts';
import type { UserRow } from '../../src/store/database.ts';
import { openSecrets, type Secrets } from '../../src/store/secrets/secrets.ts';
import { insertUser } from '../../src/store/users.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

export interface TestApi extends TestDatabase {
  app: FastifyInstance;
  secrets: Secrets;
  /** A new user with these roles, and a token of theirs. */
  signUp(...roles: Role[]): Promise<{ user: UserRow; token: string }>;
  /** Sends a request below /api/public/v1. */
  call(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    options?: { token?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<LightMyRequestResponse>;
}

/** The whole API over a database of its own; nothing listens. Call `drop` in afterAll. */
export async function createTestApi(options: Partial<AppOptions> & { log?: FastifyBaseLogger } = {}): Promise<TestApi> {
  const database = await createTestDatabase();
  const secrets = openSecrets(randomBytes(32));
  const app = await buildApp({
    store: { db: database.db, secrets },
    engine: { conclude: concludeJob, specs: JOB_SPECS },
    logger: options.log ?? false,
    ...options,
  });
  await app.ready();
  const tokens = createTokenService(database.db, secrets, 3_600);
  let users = 0;
  return {
    ...database,
    app,
    secrets,
    signUp: async (...roles) => {
      users += 1;
      const fields = {
        firstName: 'Test',
        lastName: `User ${users}`,
        email: `user${users}@example.org`,
        disabled: false,
      };
      const user = await insertUser(database.db, { ...fields, username: `user${users}`, roles }, 'no password');
      return { user, token: (await tokens.issue(user)).accessToken };
    },
    call: (method, path, { token, body, headers } = {}) =>
      app.inject({
        method,
        url: `/api/public/v1${path}`,
        headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
        ...(body === undefined ? {} : { payload: body as InjectOptions['payload'] }),
      }),
    drop: async () => {
      await app.close();
      await database.drop();
    },
  };
}
