import { buildOpenApi } from '../../src/api/open-api.ts';

/** openapi.json from the routes of the app. Floor: a document without its paths is a sign that no route was registered. */
export async function buildOpenApiFile(): Promise<string> {
  const document = (await buildOpenApi()) as { paths?: Record<string, unknown> };
  const paths = Object.keys(document.paths ?? {}).length;
  if (paths < 5) throw new Error(`openapi.json: the app describes ${paths} paths, expected at least 5`);
  return `${JSON.stringify(document, null, 2)}\n`;
}
