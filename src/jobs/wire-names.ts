/**
 * The job names that clients of the Pentaho Data Catalog send to its bulk endpoint. Those without a spec are known but not
 * built: a client then hears "not built here" and not "no such job".
 */
export const WIRE_NAMES: readonly string[] = [
  'TEST_CONNECTION',
  'CLEANUP_DATASOURCE',
  'METADATA_INGEST',
  'METADATA_REINGEST',
  'DATA_PROFILE',
  'DATA_DISCOVERY',
  'DATA_IDENTIFICATION',
  'QUALITY_RULE',
  'QUALITY_RULE_ROW_COUNTER',
  'ENTITY_USAGE',
  'ML_MANAGER_PRIMARY',
  'CALCULATE_TRUST_SCORE',
  'COLLECTIONS_DATA_PROFILE',
  'COLLECTIONS_DATA_AGGREGATION',
  'COLLECTIONS_TRUST_SCORE',
  'COLLECTIONS_SENSITIVITY',
  'COLLECTIONS_QUALITY_SCORE',
];
