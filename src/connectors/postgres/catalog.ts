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

/** Relations that hold rows: ordinary, partitioned and foreign tables, views, materialized views. */
export const RELATION_CURSOR = (schemaOid: number): string => `
DECLARE relations NO SCROLL CURSOR FOR
SELECT c.oid, c.relname AS name, c.relkind AS kind, c.relnatts AS width, c.reltuples::float8 AS tuples,
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

/** Of a partitioned table, size and rows are those of all its leaves. -1 rows: never counted by the source. */
export const SIZES = `
SELECT c.oid,
  CASE WHEN c.relkind = 'p' THEN (SELECT coalesce(sum(pg_total_relation_size(t.relid)), 0) FROM pg_partition_tree(c.oid) t)
       WHEN c.relkind IN ('r', 'm') THEN pg_total_relation_size(c.oid) END::float8 AS bytes,
  CASE WHEN c.relkind = 'p' THEN (
    SELECT CASE WHEN count(*) FILTER (WHERE l.reltuples < 0) > 0 THEN -1 ELSE sum(l.reltuples) END
    FROM pg_partition_tree(c.oid) t JOIN pg_catalog.pg_class l ON l.oid = t.relid WHERE t.isleaf) END::float8 AS leaf_tuples
FROM pg_catalog.pg_class c WHERE c.oid = ANY($1::oid[]) AND c.relkind IN ('r', 'm', 'p')`;

export interface SizeRow extends QueryResultRow {
  oid: number;
  bytes: number | null;
  leaf_tuples: number | null;
}

/** Columns with their type; of a domain also the type it stands on, however deep. */
export const COLUMNS = `
WITH RECURSIVE base(id, oid, typmod) AS (
  SELECT t.oid, CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END, CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE -1 END
  FROM pg_catalog.pg_type t
  WHERE t.oid IN (SELECT DISTINCT a.atttypid FROM pg_catalog.pg_attribute a WHERE a.attrelid = ANY($1::oid[]) AND a.attnum > 0)
  UNION ALL
  SELECT b.id, t.typbasetype, t.typtypmod FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.oid WHERE t.typtype = 'd'
)
SELECT a.attrelid AS relation, a.attnum AS ordinal, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS native,
  bt.typname, bt.typtype, CASE WHEN t.typtype = 'd' THEN b.typmod ELSE a.atttypmod END AS typmod,
  CASE WHEN t.typtype = 'd' THEN t.typname END AS domain, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull) AS not_null,
  CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END AS default_value,
  CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END AS generated, a.attidentity AS identity,
  col_description(a.attrelid, a.attnum) AS remarks
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
JOIN base b ON b.id = a.atttypid
JOIN pg_catalog.pg_type bt ON bt.oid = b.oid AND bt.typtype <> 'd'
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = ANY($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum`;

export interface ColumnRow extends QueryResultRow {
  relation: number;
  ordinal: number;
  name: string;
  native: string;
  typname: string;
  typtype: string;
  typmod: number;
  domain: string | null;
  not_null: boolean;
  default_value: string | null;
  generated: string | null;
  identity: string;
  remarks: string | null;
}

/** Primary keys and unique keys, also those made by CREATE UNIQUE INDEX, but not over expressions or a part of the rows. */
export const UNIQUE_KEYS = `
SELECT i.indrelid AS relation, ic.relname AS name, i.indisprimary AS is_primary,
  (SELECT json_agg(a.attname ORDER BY k.place) FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(num, place)
   JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.num WHERE k.place <= i.indnkeyatts) AS columns
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
WHERE i.indrelid = ANY($1::oid[]) AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
ORDER BY i.indrelid, ic.relname COLLATE "C"`;

export interface UniqueKeyRow extends QueryResultRow {
  relation: number;
  name: string;
  is_primary: boolean;
  columns: string[] | null;
}

/** Foreign keys and checks. `actions` are the letters of pg_constraint: a no action, r restrict, c cascade, n null, d default. */
export const CONSTRAINTS = `
SELECT k.conrelid AS relation, k.conname AS name, k.contype AS type, k.confupdtype AS on_update, k.confdeltype AS on_delete,
  (SELECT json_agg(a.attname ORDER BY c.place) FROM unnest(k.conkey) WITH ORDINALITY AS c(num, place)
   JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.num) AS columns,
  fn.nspname AS to_schema, fc.relname AS to_table,
  (SELECT json_agg(a.attname ORDER BY c.place) FROM unnest(k.confkey) WITH ORDINALITY AS c(num, place)
   JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = c.num) AS to_columns,
  CASE WHEN k.contype = 'c' THEN pg_get_constraintdef(k.oid) END AS clause
FROM pg_catalog.pg_constraint k
LEFT JOIN pg_catalog.pg_class fc ON fc.oid = k.confrelid
LEFT JOIN pg_catalog.pg_namespace fn ON fn.oid = fc.relnamespace
WHERE k.conrelid = ANY($1::oid[]) AND k.contype IN ('f', 'c')
ORDER BY k.conrelid, k.conname COLLATE "C"`;

export interface ConstraintRow extends QueryResultRow {
  relation: number;
  name: string;
  type: 'f' | 'c';
  on_update: string;
  on_delete: string;
  columns: string[] | null;
  to_schema: string | null;
  to_table: string | null;
  to_columns: string[] | null;
  clause: string | null;
}
