import { toAttributes } from '../../model/attributes.ts';
import { bytesOf } from '../../model/entity-bytes.ts';
import { sensitiveBecause } from '../../model/sensitive.ts';
import type { Figure } from '../../profile/figure.ts';
import { findInTable } from '../../profile/findings.ts';
import type { ColumnProfile, ProfileBasis } from '../../profile/profile.ts';
import { reportColumn } from '../../profile/report/column-card.ts';
import type { ReportTable } from '../../profile/report/table-section.ts';
import { HIDDEN, maskProfile } from '../../profile/shape.ts';
import type { Db } from '../../store/database.ts';
import { type EntityView, loadEntities } from '../../store/entities.ts';
import type { ProfileRow } from '../../store/read-profiles.ts';

/**
 * A table with its profiles as its report wants it. Values are masked without the right to see them, and always where the column, its
 * table or what lies above them is marked as sensitive: a file goes where no right is asked for.
 */
export async function toReportTable(
  db: Db,
  table: EntityView,
  profile: ProfileRow,
  columns: readonly ProfileRow[],
  samples: boolean,
): Promise<ReportTable> {
  const above = await loadAncestors(db, table);
  const entities = await loadEntities(
    db,
    columns.map(({ entityId }) => entityId),
  );
  const attributes = new Map(entities.map((entity) => [entity.id, attributesOf(entity)]));
  const outer = [table, ...above].map(attributesOf);
  const body = profile.body as {
    rows: Figure<number>;
    warnings?: string[];
    rejectedRows?: number;
    duplicateRows?: Figure<number>;
  };
  const profiles = columns.map((row) => row.body as unknown as ColumnProfile);
  return {
    title: titleOf(table),
    type: table.type,
    bytes: bytesOf(table.metadata),
    profiledAt: profile.profiledAt,
    jobId: profile.jobId,
    basis: profile.basis as unknown as ProfileBasis,
    rows: body.rows,
    warnings: body.warnings ?? [],
    columns: profiles.map((column, i) => {
      const sensitive = sensitiveBecause(attributes.get(columns[i]?.entityId ?? '') ?? {}, ...outer);
      return reportColumn(
        column,
        sensitive ? `Values hidden: ${sensitive}.` : samples ? '' : `Values hidden: ${HIDDEN}.`,
        maskProfile,
      );
    }),
    findings: findInTable({ ...body, profiledAt: profile.profiledAt, columns: profiles }),
  };
}

/** `bank/crm/customer`. */
export const titleOf = ({ fqdn, resourceName }: EntityView): string =>
  [resourceName ?? '', ...fqdn.split('/').slice(1)].join('/');

const attributesOf = (entity: EntityView): Record<string, unknown> =>
  toAttributes(entity.attributes, entity.assertions);

async function loadAncestors(db: Db, entity: EntityView): Promise<EntityView[]> {
  const found: EntityView[] = [];
  for (let id = entity.parentId; id !== null; ) {
    const [parent] = await loadEntities(db, [id]);
    if (!parent) break;
    found.push(parent);
    id = parent.parentId;
  }
  return found;
}
