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
