import { sql } from 'kysely';
import { encodeFqdnSegment, FQDN_BYTES } from '../model/entity.ts';
import { newEntityId } from '../model/ids.ts';
import type { Trx } from './database.ts';
import { dropEntities } from './drop-entities.ts';
import { columnIds, type HeldTable } from './profiles.ts';
import { makeEntities, type NewEntity } from './search-notes.ts';

export interface FileColumn {
  name: string;
  ordinal: number;
  metadata: Record<string, unknown>;
}

export interface MergedColumns {
  /** The id of each column by its name. */
  ids: Map<string, string>;
  created: number;
  changed: number;
  deleted: number;
  /** Columns that were left out, for their fqdn is too long to be kept. */
  tooLong: string[];
}

/**
 * Makes the COLUMN entities below files equal to the columns that were read. What is unchanged is not touched; ids stay by name.
 *
 * @param files locked for update
 * @returns by the ids of the files
 */
export async function mergeFileColumns(
  trx: Trx,
  jobId: string,
  files: readonly { file: HeldTable; columns: readonly FileColumn[] }[],
): Promise<Map<string, MergedColumns>> {
  const merged = new Map<string, MergedColumns>();
  if (files.length === 0) return merged;
  const known = await columnIds(
    trx,
    files.map(({ file }) => file.id),
  );
  const made: NewEntity[] = [];
  const kept: (FileColumn & { id: string })[] = [];
  const gone: string[] = [];
  for (const { file, columns } of files) {
    const one: MergedColumns = { ids: new Map(), created: 0, changed: 0, deleted: 0, tooLong: [] };
    merged.set(file.id, one);
    const before = known.get(file.id) ?? new Map<string, string>();
    for (const column of columns) {
      const fqdn = `${file.fqdn}/${encodeFqdnSegment(column.name)}`;
      if (Buffer.byteLength(fqdn) > FQDN_BYTES) {
        one.tooLong.push(column.name);
        continue;
      }
      const old = before.get(column.name);
      before.delete(column.name);
      const id = old ?? newEntityId();
      one.ids.set(column.name, id);
      if (old) kept.push({ id, ...column });
      else made.push(newColumn(id, fqdn, column, file, jobId));
      if (!old) one.created++;
    }
    gone.push(...before.values());
    one.deleted = before.size;
  }
  for (const { fileId, n } of await changeColumns(trx, jobId, kept)) {
    const one = merged.get(fileId);
    if (one) one.changed = n;
  }
  await makeEntities(trx, made);
  if (gone.length > 0) {
    await sql`CREATE TEMP TABLE file_column_gone ON COMMIT DROP AS SELECT unnest(${gone}::uuid[]) AS id`.execute(trx);
    await dropEntities(trx, 'file_column_gone');
  }
  return merged;
}

const newColumn = (id: string, fqdn: string, column: FileColumn, file: HeldTable, jobId: string): NewEntity => ({
  id,
  source_id: file.sourceId,
  parent_id: file.id,
  root_id: file.rootId,
  type: 'COLUMN',
  name: column.name,
  fqdn,
  ordinal: column.ordinal,
  metadata: JSON.stringify(column.metadata),
  changed_by_job: jobId,
});

/** @returns how many of each file were not as they are now */
async function changeColumns(
  trx: Trx,
  jobId: string,
  columns: readonly (FileColumn & { id: string })[],
): Promise<{ fileId: string; n: number }[]> {
  if (columns.length === 0) return [];
  const { rows } = await sql<{ fileId: string; n: number }>`
    WITH changed AS (
      UPDATE entity e SET ordinal = c.ordinal, metadata = c.metadata, changed_by_job = ${jobId}, updated_at = now()
      FROM json_to_recordset(${JSON.stringify(columns)}) AS c(id uuid, ordinal integer, metadata jsonb)
      WHERE e.id = c.id AND (e.ordinal <> c.ordinal OR e.metadata <> c.metadata) RETURNING e.parent_id)
    SELECT parent_id AS "fileId", count(*)::int AS n FROM changed GROUP BY 1`.execute(trx);
  return rows;
}
