import type { QueryResultRow } from 'pg';

/** Statements over pg_catalog. Their rows are small; everything is ordered, so that two listings agree. */

export const USER_SCHEMAS = `
SELECT n.nspname AS name
FROM pg_catalog.pg_namespace n
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY n.nspname COLLATE "C"`;

export const ONE_SCHEMA = `
SELECT n.oid, n.nspname AS name, pg_get_userbyid(n.nspowner) AS owner, obj_description(n.oid, 'pg_namespace') AS remarks
FROM pg_catalog.pg_namespace n
WHERE n.nspname = $1 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

export interface SchemaRow extends QueryResultRow {
  oid: number;
  name: string;
  owner: string;
  remarks: string | null;
}

/**
 * Rows as the source last counted them, -1 when it never did. Before PostgreSQL 14 it says 0 of both; what has no pages either is
 * then taken for never counted, though it may be empty.
 *
 * @param version `server_version_num`
 */
export const tuplesOf = (c: string, version: number): string =>
  version >= 140_000
    ? `${c}.reltuples`
    : `CASE WHEN ${c}.reltuples = 0 AND ${c}.relpages = 0 THEN -1 ELSE ${c}.reltuples END`;

/** Relations that hold rows: ordinary, partitioned and foreign tables, views, materialized views. */
export const RELATION_CURSOR = (schemaOid: number, version: number): string => `
DECLARE relations NO SCROLL CURSOR FOR
SELECT c.oid, c.relname AS name, c.relkind AS kind, c.relnatts AS width, (${tuplesOf('c', version)})::float8 AS tuples,
  pg_get_userbyid(c.relowner) AS owner, obj_description(c.oid, 'pg_class') AS remarks,
  CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS definition,
  CASE WHEN c.relispartition THEN (
    SELECT json_build_array(pn.nspname, p.relname) FROM pg_catalog.pg_inherits i
    JOIN pg_catalog.pg_class p ON p.oid = i.inhparent JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
    WHERE i.inhrelid = c.oid LIMIT 1) END AS partition_of,
  CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partition_key
FROM pg_catalog.pg_class c
WHERE c.relnamespace = ${schemaOid} AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
ORDER BY c.relname COLLATE "C"`;

export interface RelationRow extends QueryResultRow {
  oid: number;
  name: string;
  kind: 'r' | 'p' | 'f' | 'v' | 'm';
  width: number;
  tuples: number;
  owner: string;
  remarks: string | null;
  definition: string | null;
  partition_of: [string, string] | null;
  partition_key: string | null;
}

/**
 * Pages of a table with its indexes and its TOAST, as the source last counted them; null when it never did. Measuring the files
 * (`pg_total_relation_size`) would lock each table and make the session load all its descriptions: for 100,000 tables that is
 * 7 s and 1.3 GB of memory in somebody else's server.
 */
const PAGES = (c: string, version: number): string => `
CASE WHEN (${tuplesOf(c, version)}) >= 0 THEN ${c}.relpages
  + coalesce((SELECT x.relpages FROM pg_catalog.pg_class x WHERE x.oid = ${c}.reltoastrelid), 0)
  + coalesce((SELECT sum(x.relpages) FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
      WHERE i.indrelid IN (${c}.oid, ${c}.reltoastrelid)), 0) END`;

/** Primary keys and unique keys, also those made by CREATE UNIQUE INDEX, but not over expressions or a part of the rows. */
const UNIQUE_KEYS_OF_C = `
SELECT json_agg(json_build_object('name', ic.relname, 'is_primary', i.indisprimary, 'columns', (
    SELECT json_agg(a.attname ORDER BY k.place) FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(num, place)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.num WHERE k.place <= i.indnkeyatts))
  ORDER BY ic.relname COLLATE "C")
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL`;

/** Foreign keys and checks. Most tables have none: to look first saves 0.13 of 0.31 s for the details of 7,270. */
const CONSTRAINTS_OF_C = `
SELECT json_agg(json_build_object('name', k.conname, 'type', k.contype, 'on_update', k.confupdtype, 'on_delete', k.confdeltype,
    'columns', (SELECT json_agg(a.attname ORDER BY u.place) FROM unnest(k.conkey) WITH ORDINALITY AS u(num, place)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num),
    'to_schema', fn.nspname, 'to_table', fc.relname,
    'to_columns', (SELECT json_agg(a.attname ORDER BY u.place) FROM unnest(k.confkey) WITH ORDINALITY AS u(num, place)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num),
    'clause', CASE WHEN k.contype = 'c' THEN pg_get_constraintdef(k.oid) END)
  ORDER BY k.conname COLLATE "C")
FROM pg_catalog.pg_constraint k
LEFT JOIN pg_catalog.pg_class fc ON fc.oid = k.confrelid
LEFT JOIN pg_catalog.pg_namespace fn ON fn.oid = fc.relnamespace
WHERE k.conrelid = c.oid AND k.contype IN ('f', 'c')`;

/**
 * What there is to say of relations, one row for each. Columns, keys and constraints come as JSON text: a driver that makes an
 * object of every row and a string of every field spends ten times as long on a million columns.
 */
export const DETAILS = (version: number): string => `
SELECT c.oid,
  (SELECT json_agg(json_build_array(a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.attidentity, a.attgenerated)
     ORDER BY a.attnum)
   FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)::text AS columns,
  (SELECT json_object_agg(d.adnum, pg_get_expr(d.adbin, d.adrelid)) FROM pg_catalog.pg_attrdef d WHERE d.adrelid = c.oid)::text
    AS defaults,
  (SELECT json_object_agg(d.objsubid, d.description) FROM pg_catalog.pg_description d
   WHERE d.classoid = 'pg_catalog.pg_class'::regclass AND d.objoid = c.oid AND d.objsubid > 0)::text AS remarks,
  CASE WHEN c.relhasindex THEN (${UNIQUE_KEYS_OF_C}) END::text AS keys,
  CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('f', 'c'))
    THEN (${CONSTRAINTS_OF_C}) END::text AS constraints,
  CASE WHEN c.relkind IN ('r', 'm') THEN ${PAGES('c', version)} END * current_setting('block_size')::float8 AS bytes,
  CASE WHEN c.relkind = 'p' THEN (
    SELECT json_build_array(sum(l.reltuples), sum(${PAGES('l', version)}) * current_setting('block_size')::float8)
    FROM pg_partition_tree(c.oid) t JOIN pg_catalog.pg_class l ON l.oid = t.relid
    WHERE t.isleaf HAVING bool_and((${tuplesOf('l', version)}) >= 0)) END AS leaves
FROM unnest($1::oid[]) WITH ORDINALITY AS wanted(oid, place) JOIN pg_catalog.pg_class c ON c.oid = wanted.oid
ORDER BY wanted.place`;

export interface DetailsRow extends QueryResultRow {
  oid: number;
  /** JSON of `PackedColumn[]`. */
  columns: string | null;
  /** JSON: ordinal → expression. */
  defaults: string | null;
  /** JSON: ordinal → comment. */
  remarks: string | null;
  /** JSON of `UniqueKeyRow[]`. */
  keys: string | null;
  /** JSON of `ConstraintRow[]`. */
  constraints: string | null;
  bytes: number | null;
  /** Of a partitioned table, rows and bytes of its leaves together; null when one of them was never counted. */
  leaves: [rows: number, bytes: number] | null;
}

export type PackedColumn = [
  ordinal: number,
  name: string,
  typeOid: string,
  typmod: number,
  notNull: boolean,
  identity: string,
  generated: string,
];

/** Types as columns have them; of a domain also the type it stands on, however deep. */
export const TYPES = `
WITH RECURSIVE wanted AS (SELECT * FROM unnest($1::oid[], $2::int4[]) AS w(oid, typmod)),
base(id, oid, typmod) AS (
  SELECT t.oid, CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END, CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE -1 END
  FROM pg_catalog.pg_type t WHERE t.oid IN (SELECT oid FROM wanted)
  UNION ALL
  SELECT b.id, t.typbasetype, t.typtypmod FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.oid WHERE t.typtype = 'd'
)
SELECT w.oid || ' ' || w.typmod AS key, format_type(w.oid, w.typmod) AS native, bt.typname, bt.typtype,
  CASE WHEN t.typtype = 'd' THEN b.typmod ELSE w.typmod END AS typmod,
  CASE WHEN t.typtype = 'd' THEN t.typname END AS domain, t.typtype = 'd' AND t.typnotnull AS not_null
FROM wanted w
JOIN pg_catalog.pg_type t ON t.oid = w.oid
JOIN base b ON b.id = w.oid
JOIN pg_catalog.pg_type bt ON bt.oid = b.oid AND bt.typtype <> 'd'`;

export interface TypeRow extends QueryResultRow {
  /** `oid typmod`. */
  key: string;
  native: string;
  typname: string;
  typtype: string;
  typmod: number;
  domain: string | null;
  not_null: boolean;
}

export interface ColumnRow {
  native: string;
  typname: string;
  typtype: string;
  typmod: number;
  domain: string | null;
  not_null: boolean;
  ordinal: number;
  name: string;
  default_value: string | null;
  generated: string | null;
  identity: string;
  remarks: string | null;
}

export interface UniqueKeyRow {
  name: string;
  is_primary: boolean;
  columns: string[] | null;
}

export interface ConstraintRow {
  name: string;
  type: 'f' | 'c';
  /** Letters of pg_constraint: a no action, r restrict, c cascade, n null, d default. */
  on_update: string;
  on_delete: string;
  columns: string[] | null;
  to_schema: string | null;
  to_table: string | null;
  to_columns: string[] | null;
  clause: string | null;
}
