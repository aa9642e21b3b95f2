import { type DrawnRows, keptOf, sampleOf } from '../../profile/drawn.ts';
import { type NewValues, packValues, valuesPlace } from '../../store/profile-values.ts';
import type { NewProfile } from '../../store/profiles.ts';
import type { TaskContext } from '../job.ts';
import { optionsOf, type ProfilingInput } from './accept.ts';
import { limitsOf } from './limits.ts';

/** What is kept of the rows that were drawn, by column, sealed. */
export function sealValues(
  profiles: readonly NewProfile[],
  stored: ReadonlySet<string>,
  drawn: DrawnRows | undefined,
  context: TaskContext,
): NewValues[] {
  if (!drawn) return [];
  const { samples } = optionsOf(context.job.input as ProfilingInput);
  const { keepValues } = limitsOf(context);
  const cells = new Map(drawn.columns.map((column) => [column.name, column.cells]));
  const shown = new Map(samples ? sampleOf(drawn).map((column) => [column.name, column.cells]) : []);
  const seal = (entityId: string, what: 'samples' | 'kept', value: unknown): Buffer =>
    context.seal(packValues(value), valuesPlace(entityId, context.job.id, what));
  return profiles.flatMap(({ entityId, body }) => {
    const name = (body as { name?: string }).name;
    const kept = name === undefined ? undefined : cells.get(name);
    if (!stored.has(entityId) || name === undefined || kept === undefined) return [];
    const rows = shown.get(name);
    return [
      {
        entityId,
        samples: rows ? seal(entityId, 'samples', rows) : null,
        kept: keepValues ? seal(entityId, 'kept', keptOf(kept)) : null,
      },
    ];
  });
}
