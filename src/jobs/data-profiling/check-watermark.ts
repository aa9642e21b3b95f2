import { AssayError } from '../../errors/assay-error.ts';
import { ORDERED_WORDS } from '../../profile/watermark.ts';
import type { Db } from '../../store/database.ts';
import { listProfileTargets, listTypesOfColumn } from '../../store/profiles.ts';
import { titleOf } from '../title.ts';

/** Names of java.sql.Types that no watermark may have. Of others, and of files, only the reading tells. */
const UNORDERED = new Set(
  'CHAR VARCHAR NCHAR NVARCHAR LONGVARCHAR CLOB BINARY VARBINARY LONGVARBINARY BLOB ARRAY STRUCT SQLXML TIME TIME_WITH_TIMEZONE REAL FLOAT DOUBLE BOOLEAN'.split(
    ' ',
  ),
);
/** Problems named in one answer. */
const NAMED = 20;

/**
 * Whether every table of a scope can be read by a watermark column, as far as the catalog knows its columns.
 *
 * @throws BAD_REQUEST naming each table that cannot
 */
export async function checkWatermark(
  db: Db,
  entities: readonly { id: string; type: string; name: string }[],
  column: string,
): Promise<void> {
  const targets = await listProfileTargets(
    db,
    entities.map(({ id }) => id),
  );
  const types = await listTypesOfColumn(
    db,
    targets.map(({ id }) => id),
    column,
  );
  const problems = targets.flatMap((target) => {
    if (target.columnIds !== null)
      return [
        `scope: columns of ${titleOf(target)} were chosen, expected the table: new rows are added to the profile of all its columns`,
      ];
    if (target.columnCount === 0) return [];
    const type = types.get(target.id);
    if (type === undefined)
      return [`configs.watermarkColumn: ${titleOf(target)} has no column "${column}" in the catalog`];
    if (target.type === 'FILE' || !UNORDERED.has(type)) return [];
    return [
      `configs.watermarkColumn: column "${column}" of ${titleOf(target)} is ${type}, expected ${ORDERED_WORDS}, for only their order is the same everywhere`,
    ];
  });
  if (problems.length === 0) return;
  const named = problems.slice(0, NAMED);
  if (problems.length > NAMED) named.push(`and ${problems.length - NAMED} more`);
  throw new AssayError('BAD_REQUEST', named.join('; '), { problems: named });
}
