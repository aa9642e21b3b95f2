import type { Connection, IngestUnit } from '../../connectors/connector.ts';
import { findConnectorSpec } from '../../connectors/specs.ts';
import { readFilters, toSelection } from '../../harvest/filters.ts';
import { type Harvest, harvest, mergeHarvest, rememberedBy, sayBroken } from '../../harvest/harvest.ts';
import { fromPlace, toPlace } from '../../harvest/object-path.ts';
import { type Selection, selectTargets } from '../../harvest/selection.ts';
import { findUnits, getRootId } from '../../store/catalog-roots.ts';
import type { DataSourceRow } from '../../store/database.ts';
import { listScopeEntities } from '../../store/scope.ts';
import type { Plan, TaskContext, TaskOutcome } from '../job.ts';
import type { ReingestInput } from './accept.ts';
import { planReingest, type ReingestPayload, type ScopeTarget } from './plan.ts';

export async function planFromCatalog(input: ReingestInput, context: TaskContext): Promise<Plan> {
  const entities = await listScopeEntities(context.db, input.scope);
  const tables = new Set(entities.flatMap((one) => (one.type === 'COLUMN' && one.parentId ? [one.parentId] : [])));
  const holders = await listScopeEntities(context.db, [...tables]);
  const targets = [...entities.filter((entity) => entity.type !== 'COLUMN'), ...holders].map(
    (entity): ScopeTarget => ({
      ...entity,
      shape: findConnectorSpec(entity.databaseType)?.shape ?? 'database',
    }),
  );
  const missing = input.scope.length - entities.length;
  return {
    tasks: planReingest(targets),
    part: { missing },
  };
}

export async function runReingest(payload: ReingestPayload, context: TaskContext): Promise<TaskOutcome> {
  const opened = await context.openSource(payload.sourceId);
  const row = opened.row as DataSourceRow;
  const { shape } = opened.connector.spec;
  const connection = await opened.connector.connect(opened.config, opened.context);
  try {
    const units = await connection.listUnits();
    const whole = payload.targets.some((target) => target.place === '');
    const filters = readFilters({}, whole ? row.config : {});
    const selection = whole
      ? toSelection(filters, shape)
      : selectTargets(payload.targets.map((target) => fromPlace(target.place)));
    const wantsUnit = (unit: IngestUnit): boolean =>
      whole
        ? filters.schemaNames.length === 0 || unit.path.length === 0 || filters.schemaNames.includes(unit.path[0] ?? '')
        : toPlace(unit.path) === payload.place;
    const chosen = units.filter(wantsUnit);
    const done = await harvest(connection, {
      units: chosen,
      selection,
      signal: context.signal,
      tempFolder: context.limits.tempFolder,
      fqdnId: row.fqdn_id,
      loadKnown: rememberedBy(context.db, row),
      onProgress: (objects) => context.progress(0.8 * (objects / (objects + 20_000))),
    });
    context.onEnd(() => done.spool.remove());
    const targetIds = payload.targets.map((target) => target.id);
    for (const doubt of done.doubts) context.event('warning', doubt);
    const missing = { payload, whole, units, schemaNames: filters.schemaNames, done, row, context };
    const { ids, doubts } = shape === 'database' ? await proveMissing(connection, missing) : { ids: [], doubts: [] };
    targetIds.push(...ids);
    const ownsRoot = whole && shape === 'files';
    return finish({ done, chosen, selection, targetIds, shape, ownsRoot, doubts, row, context });
  } finally {
    await connection.close();
  }
}

interface Missing {
  payload: ReingestPayload;
  whole: boolean;
  units: readonly IngestUnit[];
  schemaNames: readonly string[];
  done: Harvest;
  row: DataSourceRow;
  context: TaskContext;
}

/**
 * The list of schemas is whole, or it would have thrown: what it does not show is gone, unless the connector has doubts.
 *
 * @returns ids of schemas that may go though nobody named them: those of a source that was named whole
 */
async function proveMissing(connection: Connection, missing: Missing): Promise<{ ids: string[]; doubts: string[] }> {
  const { payload, whole, units, schemaNames, done, row, context } = missing;
  const shown = new Set(units.map((unit) => toPlace(unit.path)));
  const doubtOf = async (path: string[]): Promise<string> => (await connection.doubtGone?.(path)) ?? '';
  if (!whole) {
    if (shown.has(payload.place)) return { ids: [], doubts: [] };
    const name = fromPlace(payload.place);
    const doubt = await doubtOf(name);
    if (doubt !== '') return { ids: [], doubts: [doubt] };
    const named = payload.targets.some((target) => target.place === payload.place);
    done.complete.push('');
    // Tables of a schema that is gone: the schema stays until it is named itself, so it must be found as their parent.
    if (!named) {
      done.complete.push(payload.place);
      await done.spool.add({ type: 'SCHEMA', path: name, metadata: {} }, false);
    }
    return { ids: [], doubts: [] };
  }
  done.complete.push('');
  const { schemas } = await findUnits(context.db, row.id);
  const wanted = (name: string): boolean => schemaNames.length === 0 || schemaNames.includes(name);
  const ids: string[] = [];
  const doubts: string[] = [];
  for (const { id, name } of schemas) {
    if (!wanted(name) || shown.has(toPlace([name]))) continue;
    const doubt = await doubtOf([name]);
    if (doubt === '') ids.push(id);
    else doubts.push(doubt);
  }
  return { ids, doubts };
}

interface Finish {
  done: Harvest;
  chosen: readonly IngestUnit[];
  selection: Selection;
  targetIds: string[];
  shape: 'database' | 'files';
  ownsRoot: boolean;
  /** Schemas that are not shown and may still exist. */
  doubts: readonly string[];
  row: DataSourceRow;
  context: TaskContext;
}

function finish({ done, chosen, selection, targetIds, shape, ownsRoot, doubts, row, context }: Finish): TaskOutcome {
  const unsure = doubts.map((doubt) => `${doubt}; nothing was deleted`);
  const broken = [...new Set([...chosen.map((unit) => sayBroken(done, unit)).filter((one) => one !== ''), ...unsure])];
  return {
    outcome: broken.length === 0 ? 'done' : 'failed',
    ...(broken.length === 0 ? {} : { reason: broken.join('; ') }),
    part: { counts: done.counts },
    async write(trx) {
      const at = {
        jobId: context.job.id,
        source: { id: row.id, fqdnId: row.fqdn_id },
        rootId: await getRootId(trx, row.id),
        shape,
        ownsRoot,
        targetIds,
      };
      return mergeHarvest(trx, done, at, selection);
    },
  };
}
