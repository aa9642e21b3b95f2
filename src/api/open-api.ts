import { concludeJob } from '../jobs/conclude.ts';
import { JOB_SPECS } from '../jobs/specs.ts';
import { buildApp } from './app.ts';

/** The OpenAPI 3.1 document of this version. Needs no database: no route is called. */
export async function buildOpenApi(): Promise<object> {
  const nothing = new Proxy({}, { get: (_target, key) => refuse(String(key)) });
  const app = await buildApp({
    store: {
      db: nothing as never,
      secrets: { encrypt: () => refuse('encrypt'), decrypt: () => refuse('decrypt'), unseal: () => refuse('unseal') },
    },
    engine: { conclude: concludeJob, specs: JOB_SPECS },
    logger: false,
  });
  await app.ready();
  try {
    return app.swagger();
  } finally {
    await app.close();
  }
}

function refuse(what: string): never {
  throw new Error(`the OpenAPI document is made without a store, yet ${what} was asked for`);
}
