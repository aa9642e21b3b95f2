import type { TestStep } from '../../connectors/connector.ts';
import type { Conclusion, FinishedTask } from '../job.ts';
import type { TestConnectionInput } from './accept.ts';

export function concludeTestConnection(tasks: FinishedTask[], input: TestConnectionInput): Conclusion {
  const steps = tasks.flatMap((task) => (task.part?.steps as TestStep[] | undefined) ?? []);
  const warnings = steps.filter((step) => step.outcome === 'warning');
  const say = (rights: boolean) =>
    warnings
      .filter((step) => step.name.startsWith('right: ') === rights)
      .map((step) => `${step.name} (${step.reason})`)
      .join('; ');
  const [missing, other] = [say(true), say(false)];
  return {
    result: { steps },
    message: `The connection to "${input.title}" works.${other && ` Warnings: ${other}.`}${missing && ` Later jobs will miss: ${missing}`}`,
  };
}
