import { several } from '../model/several.ts';
import type { ProfileBasis } from './profile.ts';

/** Of which rows figures are, in sentences, for reports and the command line. Pure; names a watermark column, and no value. */
export function basisText({ kind, filtered, why, rowsRead, snapshot, watermark }: ProfileBasis): string {
  const rows = several(rowsRead, 'row', 'rows');
  const some = kind === 'filter' || filtered;
  if (watermark && watermark.runs > 1)
    return `Rows were seen by the watermark column "${watermark.column}", in ${watermark.runs.toLocaleString('en-US')} runs${some ? ', of those that fulfil the condition of the request' : ''}: ${rows}.`;
  const parts = snapshot ? ' They were read in parts, each at a moment of its own.' : '';
  if (kind === 'filter') return `Rows by a filter were read, the condition of the request: ${rows}.${parts}`;
  if (kind === 'all rows' && !filtered) return `All rows were read: ${rows}.${parts}`;
  const chosen = `${kind}${filtered ? ', of those that fulfil the condition of the request' : ''}${why ? `; ${why}` : ''}`;
  return `A sample was read (${chosen}): ${rows}, which may not be all there are.${parts}`;
}
