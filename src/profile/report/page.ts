import { countText, grouped, timeText } from './figure-text.ts';
import { STYLE } from './style.ts';
import { type ReportTable, tableSection } from './table-section.ts';
import { foreign, toHtml } from './to-html.ts';

/** No script, nothing from elsewhere, no form, no base: what slipped through the escaping could still do nothing. */
export const REPORT_CSP = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Bytes of a report of one table, and of a job with all its tables. */
export const TABLE_BUDGET = 1_600_000;
export const JOB_BUDGET = 8_000_000;

/** One table as a whole file. Pure. */
export function tableReport(table: ReportTable, madeAt: Date): string {
  const about = table.type.toLowerCase();
  return `${pageHead(table.title, about)}<main>${tableSection(table, '', TABLE_BUDGET).html}</main>${pageFoot(madeAt)}`;
}

export interface ReportJob {
  title: string;
  status: string;
  message: string;
  /** How many tables the job worked on. */
  tables: number;
}

/** A table of a job, or why there is nothing of it. */
export type JobEntry = ReportTable | { title: string; missing: string };

/**
 * All tables of a job as one file, piece by piece, so that neither the tables nor the file need be in memory at once. Each table gets an
 * equal share of the budget that is left; from the moment it is spent, tables are named with their rows and columns only.
 */
export async function* jobReport(
  job: ReportJob,
  entries: AsyncIterable<JobEntry>,
  madeAt: Date,
): AsyncGenerator<string> {
  yield `${pageHead(job.title, 'job')}<main><p>${toHtml(job.status)}: ${foreign(job.message, 1_000)}</p><p class=soft>${grouped(job.tables)} ${job.tables === 1 ? 'table' : 'tables'}. Open one to see its columns.</p>`;
  let left = JOB_BUDGET;
  let at = 0;
  let [brief, cut] = [0, 0];
  for await (const entry of entries) {
    const waiting = Math.max(1, job.tables - at);
    const line = summaryLine(entry);
    if ('missing' in entry) {
      yield `<details class=table><summary>${line}</summary><p>${toHtml(entry.missing, 300)}</p></details>`;
    } else {
      const share = Math.min(TABLE_BUDGET, left / waiting);
      const section = share < SMALLEST_SECTION ? undefined : tableSection(entry, `t${at}`, share);
      if (!section) brief += 1;
      if (section && section.columnsLeftOut > 0) cut += 1;
      const html = `<details class=table><summary>${line}</summary>${section?.html ?? '<p class=soft>Left out, to keep this file small: its profile is in the catalog.</p>'}</details>`;
      left -= Buffer.byteLength(html);
      yield html;
    }
    at += 1;
  }
  const said = [
    ...(brief > 0 ? [`${grouped(brief)} tables are named without their columns`] : []),
    ...(cut > 0 ? [`${grouped(cut)} tables have no card for some of their columns`] : []),
  ];
  if (said.length > 0)
    yield `<p class="f notice">To keep this file small, ${said.join(' and ')}. A report of one table shows more.</p>`;
  yield `</main>${pageFoot(madeAt)}`;
}

/** Below this a section would be all frame. */
const SMALLEST_SECTION = 3_000;

function summaryLine(entry: JobEntry): string {
  if ('missing' in entry) return `<b>${foreign(entry.title, 200)}</b> <span class=soft>no profile</span>`;
  const warnings = [...entry.findings, ...entry.columns.flatMap(({ findings }) => findings)].filter(
    ({ severity }) => severity === 'warning',
  ).length;
  const counts = `${countText(entry.rows)} rows, ${grouped(entry.columns.length)} columns`;
  const says =
    warnings > 0
      ? ` <span class="f warning">${grouped(warnings)} ${warnings === 1 ? 'warning' : 'warnings'}</span>`
      : '';
  return `<b>${foreign(entry.title, 200)}</b> <span class=soft>${toHtml(counts)}</span>${says}`;
}

const pageHead = (title: string, about: string): string =>
  `<!doctype html><html lang=en><head><meta charset=utf-8><meta http-equiv=Content-Security-Policy content="${toHtml(REPORT_CSP, 300)}"><meta name=viewport content="width=device-width,initial-scale=1"><meta name=referrer content=no-referrer><title>${toHtml(title, 150)} – profile</title><style>${STYLE}</style></head><body><header><p class=soft>Profile of a ${toHtml(about)}</p><h1>${foreign(title, 300)}</h1></header>`;

const pageFoot = (madeAt: Date): string =>
  `<footer>Made by Assay, ${timeText(madeAt)}. ≈ marks an estimate, with its 95 % interval; figures without a mark are exact for the rows that were read.</footer></body></html>\n`;
