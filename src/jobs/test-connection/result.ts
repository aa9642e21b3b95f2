import type { TestStep } from '../../connectors/connector.ts';
import type { Conclusion, FinishedTask } from '../job.ts';
import type { TestConnectionInput } from './accept.ts';

export function concludeTestConnection(tasks: FinishedTask[], input: TestConnectionInput): Conclusion {
  const steps = tasks.flatMap((task) => (task.part?.steps as TestStep[] | undefined) ?? []);
  const warnings = steps.filter((step) => step.outcome === 'warning');
  const missing = warnings.map((step) => `${step.name} (${step.reason})`).join('; ');
  return {
    result: { steps },
    message: `The connection to "${input.title}" works.${missing === '' ? '' : ` Later jobs will miss: ${missing}`}`,
  };
}
