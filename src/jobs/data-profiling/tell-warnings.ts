import type { TaskContext } from '../job.ts';
import { titleOf } from '../title.ts';
import type { ProfilePayload } from './plan.ts';

export function tellWarnings(payload: ProfilePayload, warnings: readonly string[], context: TaskContext): void {
  for (const warning of warnings) context.event('warning', `${titleOf(payload)}: ${warning}`);
}
