import type { QueryResultRow } from 'pg';
import { AssayError } from '../../errors/assay-error.ts';
import type { SourceObject } from '../connector.ts';
import {
  type ColumnRow,
  type ConstraintRow,
  DETAILS,
  type DetailsRow,
  type PackedColumn,
  type RelationRow,
  TYPES,
  type TypeRow,
  type UniqueKeyRow,
} from './catalog.ts';
import { toColumnObject, toTableObject } from './objects.ts';

export type Run = <Row extends QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;

const parse = <T>(json: string | null, fallback: T): T => (json === null ? fallback : (JSON.parse(json) as T));

/** Reads the details of relations. A schema has few types and many columns: each type is asked for once. */
export class Describer {
  readonly #schema: string;
  readonly #details: string;
  readonly #run: Run;
  readonly #types = new Map<string, TypeRow>();

  /** @param version `server_version_num` */
  constructor(schema: string, version: number, run: Run) {
    this.#schema = schema;
    this.#details = DETAILS(version);
    this.#run = run;
  }

  /** @returns what makes the objects, tables before their columns */
  async read(relations: readonly RelationRow[]): Promise<() => SourceObject[]> {
    const rows = await this.#run<DetailsRow>(this.#details, [relations.map((row) => row.oid)]);
    const details = new Map(rows.map((row) => [row.oid, { row, columns: parse<PackedColumn[]>(row.columns, []) }]));
    await this.#learnTypes([...details.values()].flatMap(({ columns }) => columns));
    return () =>
      relations.flatMap((relation) => {
        const found = details.get(relation.oid);
        // The snapshot shows the relation, so its row is there; a listing without it would prove a deletion.
        if (!found) throw new AssayError('SOURCE_NO_OBJECT', `"${relation.name}" went away while it was listed`);
        return this.#toObjects(relation, found.row, found.columns);
      });
  }

  #toObjects(relation: RelationRow, row: DetailsRow, columns: PackedColumn[]): SourceObject[] {
    const own = {
      keys: parse<UniqueKeyRow[]>(row.keys, []),
      constraints: parse<ConstraintRow[]>(row.constraints, []),
      details: row,
    };
    const defaults = parse<Record<string, string>>(row.defaults, {});
    const remarks = parse<Record<string, string>>(row.remarks, {});
    const objects = [toTableObject(this.#schema, relation, own)];
    for (const packed of columns) {
      const column = this.#unpack(packed, defaults, remarks);
      objects.push(toColumnObject(this.#schema, relation, column, own));
    }
    return objects;
  }

  #unpack(packed: PackedColumn, defaults: Record<string, string>, remarks: Record<string, string>): ColumnRow {
    const [ordinal, name, typeOid, typmod, notNull, identity, generated] = packed;
    const type = this.#types.get(`${typeOid} ${typmod}`);
    if (!type) throw new AssayError('SOURCE_NO_OBJECT', `the type of column "${name}" went away while it was listed`);
    const expression = defaults[ordinal] ?? null;
    return {
      ordinal,
      name,
      native: type.native,
      typname: type.typname,
      typtype: type.typtype,
      typmod: type.typmod,
      domain: type.domain,
      not_null: notNull || type.not_null,
      default_value: generated === '' ? expression : null,
      generated: generated === '' ? null : expression,
      identity,
      remarks: remarks[ordinal] ?? null,
    };
  }

  async #learnTypes(columns: readonly PackedColumn[]): Promise<void> {
    const unknown = new Map<string, PackedColumn>();
    for (const column of columns) {
      const key = `${column[2]} ${column[3]}`;
      if (!this.#types.has(key)) unknown.set(key, column);
    }
    if (unknown.size === 0) return;
    const wanted = [...unknown.values()];
    const rows = await this.#run<TypeRow>(TYPES, [wanted.map((one) => one[2]), wanted.map((one) => one[3])]);
    for (const row of rows) this.#types.set(row.key, row);
  }
}
