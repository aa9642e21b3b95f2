import { type LengthsPart, readLengths } from '../../measures/lengths.ts';
import { MOST_NAMED, MOST_PATHS, type PathPart, type PathsPart, sortPaths } from '../../nested/paths-part.ts';
import type { ColumnPart } from '../../part.ts';
import { measureRelation } from '../measure-relation.ts';
import type { MeasureOptions } from '../measure-work.ts';
import type { Session } from '../session.ts';
import type { Relation } from '../staging.ts';

/** A path whose values are expressions over one table: `value`, and `exists` where the path has a value, be it null. */
export interface Node {
  path: string;
  value: string;
  exists: string;
  /** Of the arrays or maps whose elements these are. */
  lengths?: LengthsPart;
  types?: Record<string, number>;
}

/** What one column's paths are collected in. */
export class Walk {
  readonly session: Session;
  readonly options: MeasureOptions;
  readonly paths: PathPart[] = [];
  readonly warnings: string[] = [];
  readonly #leftOut: string[] = [];
  #leftOutMore = false;
  #taken = 0;
  #tables = 0;

  constructor(session: Session, options: MeasureOptions) {
    this.session = session;
    this.options = options;
  }

  /** Whether there is room for one more path. If not, it is noted as left out. */
  take(path: string): boolean {
    if (this.#taken >= MOST_PATHS) {
      this.leaveOut(path);
      return false;
    }
    this.#taken += 1;
    return true;
  }

  leaveOut(path: string): void {
    if (this.#leftOut.length < MOST_NAMED) this.#leftOut.push(path);
    else this.#leftOutMore = true;
  }

  /** A name for a table or view of this walk. */
  newName(): string {
    this.#tables += 1;
    return `n${this.#tables}`;
  }

  /** Makes a table, works with it, and drops it. */
  async withTable<T>(select: string, work: (table: string) => Promise<T>): Promise<T> {
    const table = this.newName();
    await this.session.run(`CREATE TABLE ${table} AS ${select}`, 'taking nested values apart');
    try {
      return await work(table);
    } finally {
      await this.session.run(`DROP TABLE ${table}`, 'taking nested values apart').catch(() => {});
    }
  }

  /** Figures of each column of a relation, in their order. */
  async measure(relation: Relation): Promise<ColumnPart[]> {
    const { key, whole, without, distinct } = this.options;
    this.warnings.push(...relation.warnings);
    const part = await measureRelation(this.session, { ...relation, warnings: [] }, { key, whole, without, distinct });
    return part.columns;
  }

  /**
   * Values, nulls and rows of each node. `rowId` names the column of the table's rows where a row may have several values; without
   * it each row has one at most.
   */
  async count(nodes: readonly Node[], from: string, rowId: string | null): Promise<PathPart[]> {
    if (nodes.length === 0) return [];
    const list = nodes.flatMap(({ exists, value }) => [
      `count(*) FILTER (${exists})::VARCHAR`,
      `count(*) FILTER (${exists} AND (${value}) IS NOT NULL)::VARCHAR`,
    ]);
    const [row = []] = await this.session.query(`SELECT ${list.join(', ')} FROM ${from}`, 'counting nested values');
    const present = rowId === null ? null : await this.#countRows(nodes, from, rowId);
    return nodes.map(({ path, lengths, types }, i) => ({
      path,
      rows: Number(row[2 * i]),
      nonNull: Number(row[2 * i + 1]),
      presentIn: Number(present ? present[i] : row[2 * i]),
      ...(types ? { types } : {}),
      ...(lengths ? { lengths } : {}),
    }));
  }

  async #countRows(nodes: readonly Node[], from: string, rowId: string): Promise<(string | null)[]> {
    const flags = nodes.map(({ exists }, i) => `bool_or(${exists}) AS p${i}`).join(', ');
    const counts = nodes.map((_, i) => `count(*) FILTER (p${i})::VARCHAR`).join(', ');
    const [row = []] = await this.session.query(
      `SELECT ${counts} FROM (SELECT ${flags} FROM ${from} GROUP BY ${rowId})`,
      'counting rows with nested values',
    );
    return row;
  }

  /** Lengths of arrays or maps: `length` is null where there is none. */
  async lengths(length: string, from: string): Promise<LengthsPart> {
    const sql = {
      count: `count(l)`,
      shortest: 'min(l)',
      longest: 'max(l)',
      total: 'sum(l)',
      squares: 'sum(l::HUGEINT * l)',
    };
    const list = Object.values(sql).map((one) => `(${one})::VARCHAR`);
    const [row = []] = await this.session.query(
      `SELECT ${list.join(', ')} FROM (SELECT (${length})::BIGINT AS l FROM ${from})`,
      'measuring the lengths of arrays',
    );
    return readLengths(Object.fromEntries(Object.keys(sql).map((alias, i) => [alias, row[i] ?? null])));
  }

  result(): PathsPart {
    return { paths: sortPaths(this.paths), leftOut: this.#leftOut.toSorted(), leftOutMore: this.#leftOutMore };
  }
}
