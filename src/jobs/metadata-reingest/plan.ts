import { fromPlace } from '../../harvest/object-path.ts';
import type { EntityType } from '../../model/entity.ts';
import type { TaskDraft } from '../job.ts';

/** An entity of the scope; a column was replaced by what holds it. */
export interface ScopeTarget {
  id: string;
  type: EntityType;
  /** `/public/customer` */
  place: string;
  sourceId: string;
  sourceName: string;
  affinityId: string;
  shape: 'database' | 'files';
}

/** What one task refreshes: objects of one schema, or of one file source; `place` '' with a database: all its schemas. */
export interface ReingestPayload {
  sourceId: string;
  place: string;
  targets: { id: string; place: string }[];
}

/** One task per schema or file source; what lies below another target is part of that one. Pure. */
export function planReingest(targets: readonly ScopeTarget[]): TaskDraft[] {
  const groups = new Map<string, { first: ScopeTarget; payload: ReingestPayload }>();
  for (const target of withoutCovered(targets)) {
    const place = target.shape === 'files' || target.place === '' ? '' : `/${target.place.split('/')[1]}`;
    const key = `${target.sourceId}${place}`;
    const group = groups.get(key) ?? { first: target, payload: { sourceId: target.sourceId, place, targets: [] } };
    group.payload.targets.push({ id: target.id, place: target.place });
    groups.set(key, group);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { first, payload }]) => ({
      key,
      item: key,
      title: payload.place === '' ? first.sourceName : `${first.sourceName}: ${fromPlace(payload.place).join('/')}`,
      payload: payload as unknown as TaskDraft['payload'],
      affinity: first.affinityId,
    }));
}

function withoutCovered(targets: readonly ScopeTarget[]): ScopeTarget[] {
  const given = new Set(targets.map((target) => `${target.sourceId}${target.place}`));
  const seen = new Set<string>();
  return targets.filter((target) => {
    const own = `${target.sourceId}${target.place}`;
    if (seen.has(own)) return false;
    seen.add(own);
    for (let at = target.place.lastIndexOf('/'); at >= 0; at = target.place.lastIndexOf('/', at - 1)) {
      if (given.has(target.sourceId + target.place.slice(0, at))) return false;
      if (at === 0) break;
    }
    return true;
  });
}
