import { fromApi } from './client/api-errors.ts';

/** What the `assay` command ends with. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  cancelled: 4,
  interrupted: 130,
} as const;

const NO_ACCESS = new Set([
  'SERVER_UNREACHABLE',
  'UNAUTHENTICATED',
  'BAD_CREDENTIALS',
  'FORBIDDEN',
  'KEY_LACKS_SCOPE',
  'NOT_WITH_KEY',
  'RATE_LIMITED',
]);
const WRONG_SETTINGS = new Set(['BAD_CONFIG', 'FOLDER_IN_USE']);

/** 3 when the server cannot be reached or does not let us in, 2 when what was asked is wrong, else 1. */
export function exitCodeOf(thrown: unknown): number {
  const error = fromApi(thrown);
  if (NO_ACCESS.has(error.code) || Number(error.details.httpStatus ?? 0) >= 500) return EXIT.unreachable;
  if (error.code === 'CANCELLED') return EXIT.cancelled;
  if (error.row.kind === 'caller' || WRONG_SETTINGS.has(error.code)) return EXIT.usage;
  return EXIT.failed;
}

/** The sentence for a person, with what can be done about it. */
export function describeError(thrown: unknown): string {
  const error = fromApi(thrown);
  const problems = error.problems.length > 1 ? error.problems.map((problem) => `\n  - ${problem}`).join('') : '';
  const message = problems ? `${error.row.says}${problems}` : error.message;
  const remedy =
    error.code === 'UNAUTHENTICATED'
      ? 'Sign in with `assay login`, or give a token as ASSAY_TOKEN or a key as ASSAY_API_KEY.'
      : error.row.remedy;
  const advice = remedy.split('; ').at(-1)!.replace(/\.$/, '');
  const said =
    remedy.startsWith('Read the message:') ||
    message.includes(advice) ||
    (error.code === 'UNAUTHENTICATED' && message.includes('assay login'));
  return `assay: ${message}\n${said ? '' : `  ${remedy}\n`}`;
}
