import { z } from 'zod';
import { AssayError } from '../../errors/assay-error.ts';
import { isPlainObject, kindOf } from '../../model/coerce.ts';
import { recordAct } from '../../store/audit.ts';
import { insertDataSource } from '../../store/data-sources.ts';
import type { DataSourceRow } from '../../store/database.ts';
import type { ApiContext, ApiInstance, Caller } from '../app-options.ts';
import { listUnready, toNewDataSource } from '../change-data-source.ts';
import { errorBody } from '../plugins/errors.ts';
import { dataSourceBody, NEW_SOURCE_REQUEST, SOURCE_EXAMPLE, toDataSourceBody } from '../views/data-source.ts';

/** More than so many sources in one body is a mistake. */
const MANY = 1_000;

/** One data source or several in one body. */
export async function addDataSourceRoutes(app: ApiInstance, context: ApiContext): Promise<void> {
  const { db } = context;

  async function create(body: Record<string, unknown>, user: Caller) {
    const { source, warnings } = toNewDataSource(body, user.id, context.secrets);
    const row = await insertDataSource(db, source);
    await recordAct(db, user, 'source created', row.id, {
      resourceName: row.resource_name,
      databaseType: row.database_type,
      secrets: Object.keys(row.secrets),
    });
    return { row, warnings: [...warnings, ...listUnready(row)] };
  }

  app.post(
    '/data-sources',
    {
      config: { right: 'manageSources' },
      schema: {
        tags: ['Data sources'],
        summary: 'Add one data source or several',
        description:
          'Several are added one by one: 207 when some could not be, with the outcome of each in `results`. Unknown keys are accepted with a warning, and so is a configuration that no connection can be made with yet.',
        body: z.unknown().meta({
          oneOf: [NEW_SOURCE_REQUEST, { type: 'array', items: NEW_SOURCE_REQUEST, minItems: 1, maxItems: MANY }],
          example: SOURCE_EXAMPLE,
        }),
        response: {
          201: z
            .object({ status: z.int(), data: z.array(dataSourceBody), warnings: z.array(z.string()).optional() })
            .describe('The new data sources'),
          207: z
            .object({
              status: z.int(),
              data: z.array(dataSourceBody),
              results: z.array(
                z.object({
                  status: z.int(),
                  _id: z.string().optional(),
                  message: z.union([z.string(), z.array(z.string())]).optional(),
                  code: z.string().optional(),
                }),
              ),
              warnings: z.array(z.string()).optional(),
            })
            .describe('Some could not be added; `results` has one entry per item of the body'),
          409: errorBody.describe('Name or fqdnId is taken'),
        },
      },
    },
    async (request, reply) => {
      const bodies = toBodies(request.body);
      const rows: DataSourceRow[] = [];
      const warnings: string[] = [];
      const results: { status: number; _id?: string; message?: string | string[]; code?: string }[] = [];
      for (const [index, body] of bodies.entries()) {
        const place = bodies.length > 1 ? `${index}.` : '';
        try {
          const made = await create(body, request.user);
          rows.push(made.row);
          warnings.push(...made.warnings.map((warning) => place + warning));
          results.push({ status: 201, _id: made.row.id });
        } catch (error) {
          if (!(error instanceof AssayError) || error.row.status >= 500 || bodies.length === 1) throw error;
          const problems = error.problems.length > 0 ? error.problems : [error.message];
          results.push({
            status: error.row.status,
            message: problems.map((problem) => place + problem),
            code: error.code,
          });
        }
      }
      if (rows.length === 0) throw allFailed(results);
      const status = rows.length < bodies.length ? 207 : 201;
      return reply.code(status).send({
        status,
        data: rows.map(toDataSourceBody),
        ...(status === 207 ? { results } : {}),
        ...(warnings.length > 0 ? { warnings } : {}),
      } as never);
    },
  );
}

function toBodies(body: unknown): Record<string, unknown>[] {
  const given = Array.isArray(body) ? body : [body];
  if (given.length === 0 || given.length > MANY)
    throw new AssayError('BAD_REQUEST', `body: received ${given.length} data sources, expected 1 to ${MANY}`);
  const wrong = given.findIndex((item) => !isPlainObject(item));
  if (wrong < 0) return given as Record<string, unknown>[];
  throw new AssayError(
    'BAD_REQUEST',
    `${Array.isArray(body) ? wrong : 'body'}: received ${kindOf(given[wrong])}, expected an object`,
  );
}

function allFailed(results: readonly { status: number; message?: string | string[] }[]): AssayError {
  const problems = results.flatMap((result) => result.message ?? []);
  const code = results.every((result) => result.status === 409) ? 'CONFLICT' : 'BAD_REQUEST';
  return new AssayError(code, problems.join('; '), { problems });
}
