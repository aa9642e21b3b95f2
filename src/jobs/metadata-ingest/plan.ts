import type { IngestUnit } from '../../connectors/connector.ts';
import { toPlace } from '../../harvest/object-path.ts';
import { nearestName } from '../../model/nearest-name.ts';
import type { TaskDraft } from '../job.ts';

export type IngestPayload =
  | { kind: 'unit'; unit: IngestUnit }
  /** The catalog knows a schema that the source did not show when the job was planned. */
  | { kind: 'vanished'; id: string; name: string }
  | { kind: 'unknown'; reason: string };

export interface IngestSnapshot {
  units: readonly IngestUnit[];
  known: readonly { id: string; name: string }[];
  schemaNames: readonly string[];
}

/** One task per unit that is wanted, in the order of their names. Pure. */
export function planIngest(snapshot: IngestSnapshot): { tasks: TaskDraft[]; leftOut: number } {
  const { units, known, schemaNames } = snapshot;
  const isSchema = (unit: IngestUnit): boolean => unit.path.length > 0;
  const nameOf = (unit: IngestUnit): string => unit.path[unit.path.length - 1] ?? '';
  const wanted = (name: string): boolean => schemaNames.length === 0 || schemaNames.includes(name);
  const shown = new Set(units.filter(isSchema).map(nameOf));
  const chosen = units.filter((unit) => !isSchema(unit) || wanted(nameOf(unit)));
  const gone = units.every(isSchema) ? known.filter(({ name }) => wanted(name) && !shown.has(name)) : [];
  const knownNames = new Set(known.map(({ name }) => name));
  const unknown = schemaNames.filter((name) => !shown.has(name) && !knownNames.has(name) && units.every(isSchema));
  const tasks = [
    ...chosen.map((unit) => draft(toPlace(unit.path), nameOf(unit) || 'all files', { kind: 'unit', unit })),
    ...gone.map(({ id, name }) => draft(toPlace([name]), name, { kind: 'vanished', id, name })),
    ...unknown.map((name) => draft(toPlace([name]), name, { kind: 'unknown', reason: sayUnknown(name, [...shown]) })),
  ];
  return { tasks, leftOut: units.length - chosen.length };
}

function draft(place: string, title: string, payload: IngestPayload): TaskDraft {
  return {
    key: `unit${place}`,
    item: place === '' ? '/' : place,
    title,
    payload: payload as unknown as TaskDraft['payload'],
  };
}

function sayUnknown(name: string, shown: string[]): string {
  const near = nearestName(name, shown);
  const hint = near
    ? `did you mean "${near}"?`
    : `it has ${shown.length === 0 ? 'none' : shown.slice(0, 10).join(', ')}`;
  return `the source shows no schema "${name}" to this user; ${hint}`;
}
