import type { TestStep } from '../../connectors/connector.ts';
import { toFailedStep } from '../../connectors/test-steps.ts';
import { toAssayError } from '../../errors/assay-error.ts';
import { recordConnectionTest } from '../../store/data-sources.ts';
import type { OpenedSource, TaskContext, TaskOutcome } from '../job.ts';
import type { TestConnectionInput } from './accept.ts';

export async function runTestConnection(context: TaskContext): Promise<TaskOutcome> {
  const input = context.job.input as TestConnectionInput;
  const { sourceId } = input;
  const opened = sourceId
    ? await context.openSource(sourceId)
    : await context.openConfig(input.config ?? {}, input.secrets ?? {});
  const steps = await listSteps(opened, context);
  const failed = steps.find((step) => step.outcome === 'failed');
  return {
    outcome: failed ? 'failed' : 'done',
    ...(failed ? { reason: sayFailure(failed) } : {}),
    part: { steps },
    async write(trx) {
      if (!sourceId) return undefined;
      const status = failed ? 'OFFLINE' : 'ONLINE';
      await recordConnectionTest(trx, sourceId, {
        jobId: context.job.id,
        ...(input.targetChanged ? {} : { status }),
      });
      return undefined;
    },
  };
}

async function listSteps(opened: OpenedSource, context: TaskContext): Promise<TestStep[]> {
  const steps: TestStep[] = [];
  try {
    for await (const step of opened.connector.test(opened.config, opened.context)) {
      context.signal.throwIfAborted();
      steps.push(step);
      context.event(
        step.outcome === 'failed' ? 'error' : step.outcome === 'warning' ? 'warning' : 'info',
        sayStep(step),
      );
      context.progress(steps.length / (steps.length + 3));
    }
  } catch (thrown) {
    context.signal.throwIfAborted();
    steps.push(toFailedStep('test', 0, toAssayError(thrown, 'SOURCE_FAILED')));
  }
  return steps;
}

const sayStep = (step: TestStep): string =>
  [`${step.name}: ${step.outcome}`, step.reason, step.remedy].filter((part) => part !== '').join('. ');

/** The first failing step, its cause, and what can be done. */
const sayFailure = (step: TestStep): string =>
  `The connection fails at "${step.name}": ${[step.reason, step.remedy].filter((part) => part !== '').join('. ')}`;
