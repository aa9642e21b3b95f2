import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { AssayError } from '../../errors/assay-error.ts';
import { type JobEntry, jobReport, REPORT_CSP, tableReport } from '../../profile/report/page.ts';
import { getEntity, loadEntities } from '../../store/entities.ts';
import { getJob } from '../../store/jobs.ts';
import {
  findProfileById,
  listColumnProfiles,
  listColumnProfilesOfJob,
  listTablesOfJob,
} from '../../store/read-profiles.ts';
import type { ApiContext, ApiInstance } from '../app-options.ts';
import { errorBody } from '../plugins/errors.ts';
import { viewStatus } from '../view-status.ts';
import { required } from '../views/profile-history.ts';
import { titleOf, toReportTable } from '../views/profile-report.ts';
import { auditSamples } from './entities.ts';
import { hexIdParams, uuidParams } from './pages.ts';

const tags = ['Profiles'];
const html = { description: 'The report, one HTML file', content: { 'text/html': { schema: z.string() } } } as never;
const about =
  'One HTML file without scripts that needs nothing else: overview, a card per column with its distribution, most frequent values, patterns and findings. Values are left out for callers without the right `viewSamples`, and always of columns whose sensitivity is MEDIUM or HIGH, or that a tag marks as personal or confidential, also when that is said of their table or of what it lies in.';

/** Reports for people, as files to be passed on. */
export async function profileReportRoutes(app: ApiInstance, { db }: ApiContext): Promise<void> {
  const read = { right: 'read' } as const;

  app.get(
    '/entities/:id/profile/report',
    {
      config: read,
      schema: {
        tags,
        summary: 'Report of a table, view or file, as HTML',
        description: `${about} Below 2 MB: of very wide tables some columns have no card, and the report says how many.`,
        params: uuidParams,
        response: { 200: html, 404: errorBody.describe('There is no such entity, or it was never profiled') },
      },
    },
    async (request, reply) => {
      const named = await getEntity(db, request.params.id);
      // Of a column: the report of its table.
      const table = named.type === 'COLUMN' && named.parentId ? await getEntity(db, named.parentId) : named;
      const profile = await required(db, table, undefined);
      const samples = request.user.rights.has('viewSamples');
      if (samples) await auditSamples(db, request.user, [table.id]);
      const columns = await listColumnProfiles(db, table.id);
      const report = await toReportTable(db, table, profile, columns, samples);
      return send(reply, report.title, tableReport(report, new Date()));
    },
  );

  app.get(
    '/jobs/:id/report',
    {
      config: read,
      schema: {
        tags,
        summary: 'Report of everything that a profiling job measured, as HTML',
        description: `${about} Below 9 MB: of large jobs some tables are named without their columns, and the report says how many.`,
        params: hexIdParams,
        response: {
          200: html,
          400: errorBody.describe('It is not a profiling job'),
          404: errorBody.describe('There is no such job'),
        },
      },
    },
    async (request, reply) => {
      const job = await getJob(db, request.params.id);
      if (job.name !== 'DATA_PROFILE')
        throw new AssayError(
          'BAD_REQUEST',
          `job ${job.id} is a ${job.name}: only jobs of data-profiling have a report`,
        );
      const { status, message } = await viewStatus(db, job);
      const tables = await listTablesOfJob(db, job.id);
      const samples = request.user.rights.has('viewSamples');
      if (samples && tables.length > 0)
        await auditSamples(
          db,
          request.user,
          tables.map(({ id }) => id),
        );
      const title = `Profiling job ${job.id}`;
      const pieces = jobReport(
        { title, status, message, tables: tables.length },
        entriesOf(job.id, tables, samples),
        new Date(),
      );
      return send(reply, title, Readable.from(pieces));
    },
  );

  async function* entriesOf(
    jobId: string,
    tables: readonly { id: string; profileId: number | null }[],
    samples: boolean,
  ): AsyncGenerator<JobEntry> {
    for (const { id, profileId } of tables) {
      const [entity] = await loadEntities(db, [id]);
      // It left the catalog while the report was written.
      if (!entity) continue;
      const profile = profileId === null ? undefined : await findProfileById(db, id, profileId);
      if (!profile)
        yield {
          title: titleOf(entity),
          missing:
            'This job left no profile of it: it was left out or failed, a later job profiled it first, only some of its columns were asked for, or the profile is not kept any more.',
        };
      else yield toReportTable(db, entity, profile, await listColumnProfilesOfJob(db, id, jobId), samples);
    }
  }
}

/** A file to keep, never a page of ours: it is shown, if at all, without the rights of this server's pages. */
function send(reply: FastifyReply, title: string, body: string | Readable): never {
  const name = title
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+|-+$/g, '')
    .slice(0, 100);
  void reply
    .type('text/html; charset=utf-8')
    .header('Content-Disposition', `attachment; filename="${name || 'profile'}.html"`)
    .header('Content-Security-Policy', `${REPORT_CSP}; sandbox`);
  return body as never;
}
