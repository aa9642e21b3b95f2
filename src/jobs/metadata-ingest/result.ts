import { sayFilters } from '../../harvest/filters.ts';
import { ENTITY_TYPES, ENTITY_WORDS, type EntityType } from '../../model/entity.ts';
import type { Conclusion, FinishedTask } from '../job.ts';
import type { IngestInput } from './accept.ts';

interface UnitPart {
  counts?: Record<string, number>;
  hidden?: number;
  gone?: string;
}

/** Sums what was seen. A run whose filters left nothing of a source that has something could not have done anything. */
export function concludeIngest(tasks: FinishedTask[], input: IngestInput): Conclusion {
  const plan = tasks.find((task) => task.kind === 'plan')?.part as
    | { units?: number; leftOut?: number }
    | null
    | undefined;
  const parts = tasks.filter((task) => task.kind === 'work').map((task) => (task.part ?? {}) as UnitPart);
  const counts: Record<string, number> = {};
  for (const part of parts) {
    for (const [type, n] of Object.entries(part.counts ?? {})) {
      const word = ENTITY_WORDS[type as EntityType];
      counts[word] = (counts[word] ?? 0) + n;
    }
  }
  const gone = parts.flatMap((part) => part.gone ?? []);
  const hidden = parts.reduce((sum, part) => sum + (part.hidden ?? 0), 0);
  const result = { dataSource: { _id: input.sourceId, title: input.title }, counts, gone, filters: input.filters };
  const seen = (counts.tables ?? 0) + (counts.views ?? 0) + (counts.files ?? 0);
  const failed = sayNothingWanted(input, plan?.leftOut ?? 0, parts.length, seen, hidden, gone.length);
  return { result, message: sayCounts(input, counts, gone), ...(failed === undefined ? {} : { failed }) };
}

function sayNothingWanted(
  input: IngestInput,
  leftOut: number,
  tasks: number,
  seen: number,
  hidden: number,
  gone: number,
): string | undefined {
  const filters = sayFilters(input.filters);
  if (tasks === 0 && leftOut > 0)
    return `nothing could be ingested: ${filters} leave out all ${leftOut} schemas of the source`;
  if (seen === 0 && gone === 0 && hidden > 0) {
    return `nothing could be ingested: ${filters} leave out every table, view or file of the source (${hidden} and more); check the patterns`;
  }
  return undefined;
}

function sayCounts(input: IngestInput, counts: Record<string, number>, gone: string[]): string {
  const words = ENTITY_TYPES.map((type) => ENTITY_WORDS[type]).filter((word) => (counts[word] ?? 0) > 0);
  const listed = words.map((word) => `${counts[word]} ${counts[word] === 1 ? word.slice(0, -1) : word}`);
  const removed = gone.length > 0 ? ` No longer in the source: ${gone.join(', ')}.` : '';
  const filters = sayFilters(input.filters);
  if (listed.length === 0) {
    const where = filters === '' ? '' : ` that ${filters} select`;
    return gone.length > 0 ? removed.trim() : `Nothing found: "${input.title}" shows nothing${where} to this user.`;
  }
  return `"${input.title}" has ${listed.join(', ')}.${removed}`;
}
