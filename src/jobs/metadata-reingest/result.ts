import { ENTITY_TYPES, ENTITY_WORDS } from '../../model/entity.ts';
import type { Conclusion, FinishedTask } from '../job.ts';
import type { ReingestInput } from './accept.ts';

export function concludeReingest(tasks: FinishedTask[], input: ReingestInput): Conclusion {
  const plan = tasks.find((task) => task.kind === 'plan')?.part as { missing?: number } | null | undefined;
  const missing = plan?.missing ?? 0;
  const counts: Record<string, number> = {};
  for (const task of tasks) {
    const part = (task.kind === 'work' && task.part?.counts) || {};
    for (const type of ENTITY_TYPES) {
      const n = (part as Record<string, number>)[type] ?? 0;
      if (n > 0) counts[ENTITY_WORDS[type]] = (counts[ENTITY_WORDS[type]] ?? 0) + n;
    }
  }
  const listed = Object.entries(counts).map(([word, n]) => `${n} ${n === 1 ? word.slice(0, -1) : word}`);
  const gone = missing > 0 ? ` ${missing} of the given entities had already left the catalog.` : '';
  return {
    result: { counts, missing },
    message:
      listed.length > 0
        ? `Refreshed ${listed.join(', ')}.${gone}`
        : `The sources no longer show what was given.${gone}`,
    ...(missing === input.scope.length
      ? { failed: 'nothing could be refreshed: every entity of the scope left the catalog after the job was accepted' }
      : {}),
  };
}
