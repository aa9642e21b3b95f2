import { sql } from 'kysely';
import { encodeFqdnSegment, FQDN_BYTES } from '../model/entity.ts';
import { newEntityId } from '../model/ids.ts';
import type { Trx } from './database.ts';
import { dropEntities } from './drop-entities.ts';
import { listColumns } from './profiles.ts';
import { makeEntities, type NewEntity } from './search-notes.ts';

export interface FileColumn {
  name: string;
  ordinal: number;
  metadata: Record<string, unknown>;
}

/**
 * Makes the COLUMN entities below a file equal to the columns that were read. What is unchanged is not touched; ids stay by name.
 * A column whose fqdn is too long to be kept is left out.
 *
 * @returns the id of each column by its name, what was done, and the names that were left out
 */
export async function mergeFileColumns(
  trx: Trx,
  fileId: string,
  jobId: string,
  columns: readonly FileColumn[],
): Promise<{ ids: Map<string, string>; created: number; changed: number; deleted: number; tooLong: string[] }> {
  const file = await trx.selectFrom('entity').selectAll().where('id', '=', fileId).forUpdate().executeTakeFirst();
  const ids = new Map<string, string>();
  const tooLong: string[] = [];
  if (!file) return { ids, created: 0, changed: 0, deleted: 0, tooLong };
  const existing = new Map((await listColumns(trx, fileId)).map((column) => [column.name, column]));
  const created: NewEntity[] = [];
  let changed = 0;
  for (const column of columns) {
    const fqdn = `${file.fqdn}/${encodeFqdnSegment(column.name)}`;
    if (Buffer.byteLength(fqdn) > FQDN_BYTES) {
      tooLong.push(column.name);
      continue;
    }
    const old = existing.get(column.name);
    existing.delete(column.name);
    const id = old?.id ?? newEntityId();
    ids.set(column.name, id);
    if (!old) {
      created.push({
        id,
        source_id: file.source_id,
        parent_id: fileId,
        root_id: file.root_id,
        type: 'COLUMN',
        name: column.name,
        fqdn,
        ordinal: column.ordinal,
        metadata: JSON.stringify(column.metadata),
        changed_by_job: jobId,
      });
    } else {
      const { numUpdatedRows } = await sql`
        UPDATE entity SET ordinal = ${column.ordinal}, metadata = ${JSON.stringify(column.metadata)}::jsonb,
          changed_by_job = ${jobId}, updated_at = now()
        WHERE id = ${id} AND (ordinal <> ${column.ordinal} OR metadata <> ${JSON.stringify(column.metadata)}::jsonb)`
        .execute(trx)
        .then(({ numAffectedRows }) => ({ numUpdatedRows: Number(numAffectedRows ?? 0) }));
      changed += numUpdatedRows;
    }
  }
  await makeEntities(trx, created);
  const gone = [...existing.values()].map(({ id }) => id);
  if (gone.length > 0) {
    await sql`CREATE TEMP TABLE file_column_gone ON COMMIT DROP AS SELECT unnest(${gone}::uuid[]) AS id`.execute(trx);
    await dropEntities(trx, 'file_column_gone');
  }
  return { ids, created: created.length, changed, deleted: gone.length, tooLong };
}
