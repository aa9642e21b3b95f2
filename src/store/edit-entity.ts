import { sql } from 'kysely';
import { AssayError } from '../errors/assay-error.ts';
import { type AttributePatch, diffAssertions, mergeAttributes } from '../model/attributes.ts';
import { EVIDENCE_WITHOUT_VALUES } from './assertions/forget-values.ts';
import type { Db } from './database.ts';
import { type EntityView, loadEntities } from './entities.ts';

export interface AttributeEdit {
  added: { kind: string; value: string }[];
  removed: { kind: string; value: string }[];
  keys: string[];
}

/**
 * Applies a person's PATCH. Tags, terms and sensitivity that vanish become removals by that person, which no job undoes.
 *
 * @param check sees the entity as it is under the lock; throws when the change may not be made
 * @throws NOT_FOUND
 */
export async function editEntity(
  db: Db,
  entityId: string,
  userId: string,
  patch: AttributePatch,
  check: (before: EntityView) => void,
): Promise<AttributeEdit> {
  return db.transaction().execute(async (trx) => {
    // Locked, so that two edits cannot pass each other and the entity cannot vanish in between.
    const { rows } = await sql`SELECT id FROM entity WHERE id = ${entityId} FOR UPDATE`.execute(trx);
    const [before] = rows.length > 0 ? await loadEntities(trx, [entityId]) : [];
    if (!before) throw new AssayError('NOT_FOUND', `there is no entity ${entityId}`);
    check(before);
    const edit: AttributeEdit = { added: [], removed: [], keys: Object.keys(patch.plain) };
    for (const [kind, wanted] of Object.entries(patch.asserted)) {
      const diff = diffAssertions(
        before.assertions.filter((assertion) => assertion.kind === kind),
        wanted,
      );
      if (diff.remove.length > 0) {
        await sql`UPDATE assertion SET removed_at = now(), removed_by = ${userId}, evidence = ${EVIDENCE_WITHOUT_VALUES}
          WHERE id = ANY(${diff.remove.map((assertion) => assertion.id)}::bigint[])`.execute(trx);
      }
      if (diff.add.length > 0) {
        await trx
          .insertInto('assertion')
          .values(
            diff.add.map((assertion) => ({
              entity_id: entityId,
              source_id: before.sourceId,
              kind,
              value: assertion.value,
              body: JSON.stringify(assertion.body),
              origin: 'human',
              by_user: userId,
            })),
          )
          .execute();
      }
      edit.added.push(...diff.add.map(({ value }) => ({ kind, value })));
      edit.removed.push(...diff.remove.map(({ value }) => ({ kind, value })));
    }
    const attributes = JSON.stringify(mergeAttributes(before.attributes, patch.plain));
    await sql`
      INSERT INTO entity_attributes AS a (entity_id, source_id, attributes, updated_by)
      VALUES (${entityId}, ${before.sourceId}, ${attributes}::jsonb, ${userId})
      ON CONFLICT (entity_id) DO UPDATE SET attributes = excluded.attributes, version = a.version + 1, updated_at = now(),
        updated_by = excluded.updated_by`.execute(trx);
    return edit;
  });
}

export interface AssertionView {
  kind: string;
  value: string;
  body: Record<string, unknown>;
  origin: string;
  byUser: string | null;
  byJob: string | null;
  at: Date;
  /** A person; a job that took it back is in `removedByJob`. */
  removedBy: string | null;
  removedByJob: string | null;
  removedAt: Date | null;
  evidence: Record<string, unknown>;
  methodId: string | null;
  columnId: string | null;
}

/** Everything that was ever said of an entity, oldest first. */
export async function listAssertions(db: Db, entityId: string): Promise<AssertionView[]> {
  return db
    .selectFrom('assertion')
    .select(['kind', 'value', 'body', 'origin', 'by_user as byUser', 'by_job as byJob', 'at', 'evidence'])
    .select(['removed_by as removedBy', 'removed_by_job as removedByJob', 'removed_at as removedAt'])
    .select(['method_id as methodId', 'column_id as columnId'])
    .where('entity_id', '=', entityId)
    .orderBy('id')
    .execute();
}
