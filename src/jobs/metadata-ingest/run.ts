import type { Connection, IngestUnit } from '../../connectors/connector.ts';
import { EarlyLoad } from '../../harvest/early-load.ts';
import { toSelection } from '../../harvest/filters.ts';
import { harvest, mergeHarvest, rememberedBy, sayBroken } from '../../harvest/harvest.ts';
import { toPlace } from '../../harvest/object-path.ts';
import { type Selection, selectAll } from '../../harvest/selection.ts';
import { findUnits, getRootId, putRoot } from '../../store/catalog-roots.ts';
import { recordIngest } from '../../store/data-sources.ts';
import type { DataSourceRow } from '../../store/database.ts';
import { holdSource } from '../../store/ingest.ts';
import type { OpenedSource, Plan, TaskContext, TaskOutcome } from '../job.ts';
import type { IngestInput } from './accept.ts';
import { type IngestPayload, planIngest } from './plan.ts';

export async function planFromSource(input: IngestInput, context: TaskContext): Promise<Plan> {
  return withConnection(input, context, async (connection, opened) => {
    const [info, units] = [await connection.info(), await connection.listUnits()];
    const { schemas } = await findUnits(context.db, input.sourceId);
    const plan = planIngest({ units, known: schemas, schemaNames: input.filters.schemaNames });
    const row = opened.row as DataSourceRow;
    const { product, version, url } = info;
    const metadata = { resource: { type: row.database_type, product, version, url } };
    return {
      tasks: plan.tasks,
      part: { units: units.length, leftOut: plan.leftOut },
      async write(trx) {
        await holdSource(trx, row.id);
        await putRoot(trx, row, metadata, context.job.id);
        await recordIngest(trx, row.id, context.job.id, input.overrides?.[row.id]?.dropStoredSecrets === true);
      },
    };
  });
}

export async function runIngest(payload: IngestPayload, context: TaskContext): Promise<TaskOutcome> {
  const input = context.job.input as IngestInput;
  if (payload.kind === 'unknown') return { outcome: 'failed', reason: payload.reason };
  return withConnection(input, context, async (connection, opened) => {
    const selection = toSelection(input.filters, opened.connector.spec.shape);
    const row = opened.row as DataSourceRow;
    if (payload.kind === 'vanished') return dropUnit(payload, connection, selection, row, context);
    const mayLoad = selection === selectAll && payload.unit.path.length === 1;
    const early = mayLoad ? await loadEarly(payload.unit, row, context) : undefined;
    return ingestUnit(payload.unit, connection, selection, row, early, context);
  });
}

async function loadEarly(unit: IngestUnit, row: DataSourceRow, context: TaskContext): Promise<EarlyLoad> {
  const { jobId, source, rootId } = place(row, await getRootId(context.db, row.id), context, false);
  const early = new EarlyLoad(context.db, { jobId, source, rootId, units: [toPlace(unit.path)] });
  context.onEnd(() => early.giveUp());
  return early;
}

async function ingestUnit(
  unit: IngestUnit,
  connection: Connection,
  selection: Selection,
  row: DataSourceRow,
  early: EarlyLoad | undefined,
  context: TaskContext,
): Promise<TaskOutcome> {
  const done = await harvest(connection, {
    units: [unit],
    onSpool: (spool) => early?.follow(spool),
    selection,
    signal: context.signal,
    tempFolder: context.limits.tempFolder,
    fqdnId: row.fqdn_id,
    loadKnown: rememberedBy(context.db, row),
    onProgress: (objects) => context.progress(listingShare(objects)),
  });
  context.onEnd(() => done.spool.remove());
  for (const doubt of done.doubts) context.event('warning', doubt);
  const reason = sayBroken(done, unit);
  const loaded = await early?.finish(done);
  return {
    outcome: reason === '' ? 'done' : 'failed',
    ...(reason === '' ? {} : { reason }),
    part: { counts: done.counts, hidden: done.hidden },
    ...(loaded ? { begun: loaded.trx } : {}),
    async write(trx) {
      if (loaded) return loaded.write(trx);
      const rootId = await getRootId(trx, row.id);
      return mergeHarvest(trx, done, place(row, rootId, context, unit.path.length === 0), selection);
    },
  };
}

/** A schema is gone when the source, asked once more, still lists its schemas without it. */
async function dropUnit(
  unit: { id: string; name: string },
  connection: Connection,
  selection: Selection,
  row: DataSourceRow,
  context: TaskContext,
): Promise<TaskOutcome> {
  const units = await connection.listUnits();
  if (units.some((other) => other.path[0] === unit.name)) {
    return { outcome: 'failed', reason: `schema "${unit.name}" came back while the job ran; ingest it again` };
  }
  const doubt = (await connection.doubtGone?.([unit.name])) ?? '';
  if (doubt !== '') return { outcome: 'failed', reason: `${doubt}; nothing was deleted` };
  const done = await harvest(connection, {
    units: [],
    selection,
    signal: context.signal,
    tempFolder: context.limits.tempFolder,
    fqdnId: row.fqdn_id,
    onProgress: () => {},
  });
  context.onEnd(() => done.spool.remove());
  done.complete.push('');
  return {
    outcome: 'done',
    part: { counts: {}, hidden: 0, gone: unit.name },
    async write(trx) {
      const rootId = await getRootId(trx, row.id);
      const at = { ...place(row, rootId, context, false), targetIds: [unit.id] };
      return mergeHarvest(trx, done, at, selection);
    },
  };
}

const place = (row: DataSourceRow, rootId: string, context: TaskContext, ownsRoot: boolean) => ({
  jobId: context.job.id,
  source: { id: row.id, fqdnId: row.fqdn_id },
  rootId,
  shape: ownsRoot ? ('files' as const) : ('database' as const),
  ownsRoot,
  targetIds: [] as string[],
});

/** Nobody knows how many objects there will be: the bar nears 0.8 and leaves the rest to the writing. */
const listingShare = (objects: number): number => 0.8 * (objects / (objects + 20_000));

async function withConnection<T>(
  input: IngestInput,
  context: TaskContext,
  work: (connection: Connection, opened: OpenedSource) => Promise<T>,
): Promise<T> {
  const opened = await context.openSource(input.sourceId);
  const connection = await opened.connector.connect(opened.config, opened.context);
  try {
    return await work(connection, opened);
  } finally {
    await connection.close();
  }
}
