import { AssayError } from '../../errors/assay-error.ts';
import type { TaskContext, TaskOutcome } from '../job.ts';
import { foldTable } from './finish-table.ts';
import { measurePart } from './measure-part.ts';
import type { ProfilePayload } from './plan.ts';

export async function runProfiling(payload: ProfilePayload, context: TaskContext): Promise<TaskOutcome> {
  if (!payload.part) return foldTable(payload, context);
  try {
    return await measurePart(payload, payload.part, context);
  } catch (error) {
    // Looked into for its name says nothing: a text that is no table is no failure.
    if (error instanceof AssayError && error.code === 'NOT_A_TABLE')
      return { outcome: 'skipped', reason: error.message };
    throw error;
  }
}
