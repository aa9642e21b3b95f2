import { type AssayError, toAssayError } from '../errors/assay-error.ts';
import type { TestStep } from './connector.ts';

/** What a step found, or a warning: the connection works but a later job will not. */
export interface StepFinding {
  reason: string;
  found?: Record<string, unknown>;
  warning?: { remedy: string };
}

/**
 * Runs one step of a connection test and times it. An error becomes a failed step with the remedy of its code; it is not
 * thrown.
 */
export async function runStep(name: string, work: () => Promise<StepFinding>): Promise<TestStep> {
  const start = performance.now();
  const ms = (): number => Math.round(performance.now() - start);
  try {
    const { reason, found, warning } = await work();
    return {
      name,
      outcome: warning ? 'warning' : 'ok',
      ms: ms(),
      reason,
      remedy: warning?.remedy ?? '',
      ...(found ? { found } : {}),
    };
  } catch (thrown) {
    const error: AssayError = toAssayError(thrown, 'SOURCE_FAILED');
    return toFailedStep(name, ms(), error);
  }
}

/**
 * A failed step. Connectors write "cause; advice" where they know more than the error table does; the advice then is the
 * remedy, so that nothing is said twice.
 */
export function toFailedStep(name: string, ms: number, error: AssayError): TestStep {
  const [cause = '', ...advice] = error.message.split('; ');
  const own = advice.join('; ');
  const remedy = own ? `${own[0]?.toUpperCase()}${own.slice(1)}${/[.!?]$/.test(own) ? '' : '.'}` : error.row.remedy;
  return { name, outcome: 'failed', ms, reason: cause, remedy, code: error.code };
}

/** Runs steps in order; a failed one ends the test. */
export async function* runSteps(steps: readonly [string, () => Promise<StepFinding>][]): AsyncIterable<TestStep> {
  for (const [name, work] of steps) {
    const step = await runStep(name, work);
    yield step;
    if (step.outcome === 'failed') return;
  }
}

/** What a step of a server's test found; `outcome` is ok unless it says otherwise. */
export type Finding = Pick<TestStep, 'reason'> & Partial<Pick<TestStep, 'outcome' | 'remedy' | 'found'>>;

/**
 * Runs the steps of a server with a login, in order; a failed one ends the test. One login answers whether the user is known
 * and whether the database can be had: which of them failed is told by the error.
 */
export async function* runLoginSteps(
  steps: readonly [string, () => Promise<Finding>][],
  user: string,
  toError: (error: unknown) => AssayError,
): AsyncGenerator<TestStep> {
  for (const [name, work] of steps) {
    const startedAt = performance.now();
    const msSince = (): number => Math.round(performance.now() - startedAt);
    try {
      const finding = await work();
      yield { name, ms: msSince(), outcome: 'ok', remedy: '', ...finding };
    } catch (thrown) {
      const error = toError(thrown);
      if (name === 'authenticate' && isAboutDatabase(error)) {
        yield { name, outcome: 'ok', ms: msSince(), reason: `the server knows user "${user}"`, remedy: '' };
        yield toFailedStep('open database', 0, error);
      } else yield toFailedStep(name, msSince(), error);
      return;
    }
  }
}

/** Missing database, or no right to use it: the login itself was accepted. */
const isAboutDatabase = (error: AssayError): boolean =>
  error.code === 'SOURCE_NO_DATABASE' || error.code === 'SOURCE_NO_RIGHT';

/** `1 view`, `2 views` */
export const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** At most ten, so that a message stays one. */
export function some(names: readonly string[]): string {
  return names.length <= 10 ? names.join(', ') : `${names.slice(0, 10).join(', ')} /* and ${names.length - 10} more */`;
}
