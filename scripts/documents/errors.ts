import { ERRORS, type ErrorKind, type ErrorRow } from '../../src/errors/table.ts';
import { toTable } from './table.ts';

const KINDS: Record<ErrorKind, string> = {
  caller: 'The request has to change.',
  source: 'The connected system, or the way to it, has to change.',
  limit: 'A bound was reached.',
  engine: 'Assay itself, or what it runs on.',
};

/** docs/errors.md from the error table. */
export function buildErrorsPage(): string {
  const rows = Object.entries(ERRORS) as [string, ErrorRow][];
  const sections = (Object.keys(KINDS) as ErrorKind[]).map((kind) => {
    const cells = rows
      .filter(([, row]) => row.kind === kind)
      .map(([code, row]) => [`\`${code}\``, String(row.status), row.retry ? 'yes' : 'no', row.says, row.remedy]);
    return `## ${kind}\n\n${KINDS[kind]}\n\n${toTable(['code', 'status', 'retried', 'what it says', 'what to do'], cells)}`;
  });
  return `# Errors

Every error that Assay reports carries one of these ${rows.length} codes. Codes are stable: scripts and translations may rely on
them, and a retired code is never used again. Over HTTP an error is
\`{status, message, code, requestId}\`; \`message\` is a sentence, or a list of them when a request has several problems.
*Retried* says whether a task that failed with it is tried again without anybody doing anything.

The client for TypeScript throws an \`AssayApiError\` with the same codes. When no answer came its \`status\` is 0, not that of the
table: \`SERVER_UNREACHABLE\`, or \`UNAUTHENTICATED\` for a token or key that no header can carry and \`BAD_REQUEST\` for such a header.

${sections.join('\n')}`;
}
