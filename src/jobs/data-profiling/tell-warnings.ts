import { isAsSaid } from '../../profile/csv/told.ts';
import type { TaskContext } from '../job.ts';
import { titleOf } from '../title.ts';
import type { ProfilePayload } from './plan.ts';

/** What the job itself said is in the profile, and no news of a thousand files. */
export function tellWarnings(payload: ProfilePayload, warnings: readonly string[], context: TaskContext): void {
  for (const warning of warnings) if (!isAsSaid(warning)) context.event('warning', `${titleOf(payload)}: ${warning}`);
}
