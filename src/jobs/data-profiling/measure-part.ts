import { fromPlace } from '../../harvest/object-path.ts';
import type { MeasuredPart } from '../../profile/duckdb/profile-read.ts';
import { foldParts } from '../../profile/fold.ts';
import type { TablePart } from '../../profile/part.ts';
import { WHOLE_KEY } from '../../profile/plan.ts';
import type { RowChoice } from '../../profile/row-choice.ts';
import { packValues } from '../../store/profile-values.ts';
import { listColumns } from '../../store/profiles.ts';
import type { TaskContext, TaskOutcome } from '../job.ts';
import { optionsOf, type ProfilingInput } from './accept.ts';
import { drawnPlace, finishTable, partPlace } from './finish-table.ts';
import { goOn } from './go-on.ts';
import type { ProfilePayload } from './plan.ts';
import { pushDown } from './push-down.ts';
import { draws, readPart } from './read-part.ts';
import { tellWarnings } from './tell-warnings.ts';
import { withinTime } from './within-time.ts';

export async function measurePart(
  payload: ProfilePayload,
  { key, partition, predicate, group }: NonNullable<ProfilePayload['part']>,
  context: TaskContext,
): Promise<TaskOutcome> {
  const options = optionsOf(context.job.input as ProfilingInput);
  const path = fromPlace(payload.place);
  const columnIds = group?.columnIds ?? payload.columnIds;
  const names = columnIds ? await columnNames(payload.tableId, columnIds, context) : undefined;
  if (names?.length === 0) return { outcome: 'skipped', reason: 'its columns are no longer in the catalog' };
  const choice = withPredicate(payload.choice ?? {}, predicate);
  const whole = key === WHOLE_KEY;
  const alone = whole && group === undefined;
  return withinTime(payload, choice, alone, context, async () => {
    if (options.watermarkColumn !== undefined) return measureAbove(payload, options.watermarkColumn, choice, context);
    // Told by the read itself; an abort of either ends both.
    const part = await context.withConnection(payload.sourceId, async (connection) => {
      const pushed = payload.pushDown && (await pushDown(connection, payload, { path, names, choice, key }, context));
      return (
        pushed ??
        readPart(
          connection,
          payload,
          { key, whole, alone, choice, ...(names ? { names } : {}), ...(partition ? { partition } : {}) },
          context,
        )
      );
    });
    tellWarnings(payload, part.warnings, context);
    const { drawn, memberships, ...figures }: MeasuredPart = part;
    if (alone) return finishTable(payload, { profile: foldParts([figures]), drawn, memberships }, context);
    const stored: TablePart = group === undefined ? figures : { ...figures, group: group.key };
    // Values of the source lie nowhere in the clear, also while they wait to be folded.
    const bytes: Record<string, Uint8Array> = { part: context.seal(packValues(stored), partPlace(payload, context)) };
    if (drawn) bytes.drawn = context.seal(packValues({ group: stored.group, drawn }), drawnPlace(payload, context));
    return { outcome: 'done', part: { rowsOfPart: part.rows }, bytes };
  });
}

/** Adds the rows above the mark of the last run to what it saw; see `goOn`. */
async function measureAbove(
  payload: ProfilePayload,
  column: string,
  choice: RowChoice,
  context: TaskContext,
): Promise<TaskOutcome> {
  const options = optionsOf(context.job.input as ProfilingInput);
  const request = {
    column,
    ...(choice.where === undefined ? {} : { where: choice.where }),
    ...(options.distinct === undefined ? {} : { distinct: options.distinct }),
    without: options.without ?? [],
    ...(options.text === undefined ? {} : { text: options.text }),
    draws: draws(options, context),
  };
  const folded = await goOn(
    payload.tableId,
    request,
    (key, mark) =>
      context.withConnection(payload.sourceId, (connection) =>
        readPart(connection, payload, { key, whole: false, choice, mark }, context),
      ),
    context,
  );
  tellWarnings(payload, folded.profile.warnings, context);
  return finishTable(payload, folded, context);
}

/** The condition that cuts out a part, beside that of the request. Each on lines of its own, for either may end in a comment. */
function withPredicate(choice: RowChoice, predicate: string | undefined): RowChoice {
  if (predicate === undefined) return choice;
  return { ...choice, where: choice.where === undefined ? predicate : `(${predicate}\n) AND (${choice.where}\n)` };
}

async function columnNames(tableId: string, ids: readonly string[], context: TaskContext): Promise<string[]> {
  const wanted = new Set(ids);
  const columns = await listColumns(context.db, tableId);
  return columns.filter(({ id }) => wanted.has(id)).map(({ name }) => name);
}
