import { AssayError } from '../../errors/assay-error.ts';
import { listProfileTargets } from '../../store/profiles.ts';
import type { JobRunner, Plan, TaskContext } from '../job.ts';
import type { IdentificationInput } from './accept.ts';
import { type IdentificationPayload, planIdentification } from './plan.ts';
import { runIdentification } from './run.ts';
import { methodsOf } from './shared-judge.ts';

/**
 * DATA_IDENTIFICATION asks dictionaries and data patterns about columns. Planning expands the scope to tables, views and files; each is
 * a task, and a process does many of them with methods that it read once. A task reads the stored profiles of its columns, and
 * opens no source. What the methods found is stored in the transaction that ends the task, in the place of what the same
 * methods found in the same columns before; people's own tags, terms and sensitivities stay, and what they took back does not come back.
 * Run twice, a task finds the same and writes nothing. A table without a profile fails alone, and so does one on which
 * a method breaks; what the others found is kept.
 */
export const dataIdentificationRunner: JobRunner<IdentificationInput> = {
  name: 'DATA_IDENTIFICATION',
  plan,
  run: (payload, context) => runIdentification(payload as IdentificationPayload, context),
};

async function plan(input: IdentificationInput, context: TaskContext): Promise<Plan> {
  const methods = await methodsOf(context.db, input);
  const named = input.dictionaryIds.length + input.dataPatternIds.length;
  if (methods.length === 0)
    throw new AssayError(
      'BAD_REQUEST',
      named === 0
        ? 'no dictionary and no data pattern is enabled, so nothing can be identified; enable or import some'
        : 'none of the dictionaries and data patterns that were named is there and enabled any more',
    );
  if (named > methods.length)
    context.event('warning', `${named - methods.length} of the methods that were named are gone or disabled by now`);
  const targets = await listProfileTargets(context.db, input.scopeIds);
  return { ...planIdentification(targets, input.scopeIds), part: { methods: methods.length } };
}
