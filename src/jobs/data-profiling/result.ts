import { TABLE_FILES } from '../../model/file-formats.ts';
import { several } from '../../model/several.ts';
import type { Conclusion, FinishedTask } from '../job.ts';
import type { ProfilingInput } from './accept.ts';

export function concludeProfiling(tasks: FinishedTask[], _input: ProfilingInput): Conclusion {
  const sum = (key: string): number =>
    tasks.reduce((total, { part }) => total + (typeof part?.[key] === 'number' ? part[key] : 0), 0);
  const [tablesProfiled, columnsProfiled, rowsRead] = [sum('tables'), sum('columns'), sum('rows')];
  const result = { tablesProfiled, columnsProfiled, rowsRead };
  const skipped = tasks.filter(({ state }) => state === 'skipped');
  const superseded = sum('superseded');
  const work = tasks.some(({ kind }) => kind === 'work');
  if (!work) {
    const reason = `The scope holds nothing to profile: no table, no view and no file of these kinds: ${TABLE_FILES}.`;
    return {
      result,
      message: reason,
      failed: `${reason} Ingest the metadata of the source first, or choose other entities.`,
    };
  }
  const lost = `${several(superseded, 'table keeps', 'tables keep')} the profile of a later job`;
  const reasons = [
    ...(skipped.length > 0 || superseded === 0
      ? [`${several(skipped.length, 'table was', 'tables were')} left out${whyOf(skipped)}`]
      : []),
    ...(superseded > 0 ? [lost] : []),
  ];
  const left = skipped.length + superseded > 0 ? `; ${reasons.join('; ')}` : '';
  const message =
    tablesProfiled === 0
      ? `Nothing was profiled: ${reasons.join('; ')}.`
      : `Profiled ${several(tablesProfiled, 'table', 'tables')} with ${several(columnsProfiled, 'column', 'columns')}, ${several(rowsRead, 'row', 'rows')}${left}.`;
  return { result, message };
}

/** The reasons of those that were left out, in brackets; of many different ones the first three. */
function whyOf(skipped: readonly FinishedTask[]): string {
  const reasons = [...new Set(skipped.map(({ reason }) => reason).filter((reason) => reason !== ''))];
  if (reasons.length === 0) return '';
  return ` (${[...reasons.slice(0, 3), ...(reasons.length > 3 ? ['…'] : [])].join('; ')})`;
}
