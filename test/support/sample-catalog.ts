import { buildFqdn, type EntityType } from '../../src/model/entity.ts';
import { newEntityId, newHexId } from '../../src/model/ids.ts';
import { insertDataSource } from '../../src/store/data-sources.ts';
import type { Db } from '../../src/store/database.ts';

/** A catalog in short: source → schema → table → columns. */
export type SampleTree = Record<string, Record<string, Record<string, readonly string[]>>>;

export interface SampleEntity {
  id: string;
  sourceId: string;
  source: string;
  type: EntityType;
  /** Names below the source; [] for its root. */
  path: string[];
}

/** Puts a catalog into the database as an ingest would leave it; gives its entities. */
export async function addCatalog(db: Db, tree: SampleTree): Promise<SampleEntity[]> {
  const made: SampleEntity[] = [];
  for (const [source, schemas] of Object.entries(tree)) {
    const sourceId = newHexId();
    const fqdnId = `fq-${sourceId}`;
    await insertDataSource(db, {
      id: sourceId,
      resourceName: source,
      fqdnId,
      databaseType: 'POSTGRES',
      config: { host: 'h', databaseName: source },
      secrets: {},
      createdBy: null,
    });
    const rows: Record<string, unknown>[] = [];
    const add = (type: EntityType, path: string[], parent: string | null, ordinal: number): string => {
      const id = newEntityId();
      made.push({ id, sourceId, source, type, path });
      rows.push({
        id,
        source_id: sourceId,
        parent_id: parent,
        root_id: (rows[0]?.id as string | undefined) ?? id,
        type,
        name: path.at(-1) ?? source,
        fqdn: buildFqdn(fqdnId, path),
        ordinal,
      });
      return id;
    };
    const root = add('RESOURCE', [], null, 0);
    for (const [schema, tables] of Object.entries(schemas)) {
      const schemaId = add('SCHEMA', [schema], root, 0);
      for (const [table, columns] of Object.entries(tables)) {
        const tableId = add('TABLE', [schema, table], schemaId, 0);
        for (const [index, column] of columns.entries()) add('COLUMN', [schema, table, column], tableId, index + 1);
      }
    }
    await db
      .insertInto('entity')
      .values(rows as never)
      .execute();
  }
  return made;
}
