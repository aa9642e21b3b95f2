import { ABILITIES, type ConnectorSpec } from '../../src/connectors/connector.ts';
import { CONNECTOR_SPECS } from '../../src/connectors/specs.ts';
import { toTable } from './table.ts';

function sayVerified(verified: ConnectorSpec['verified']): string {
  if (typeof verified === 'string') return verified;
  return Object.entries(verified)
    .map(([code, against]) => `${code}: ${against}`)
    .join(', ');
}

/** docs/connectors.md from the connector specs. */
export function buildConnectorsPage(): string {
  const head = ['connector', '`databaseType`', 'shape', ...ABILITIES, 'verified against'];
  const rows = CONNECTOR_SPECS.map((spec) => [
    `${spec.title} (\`${spec.kind}\`)`,
    spec.databaseTypes.map((type) => `\`${type}\``).join(', '),
    spec.shape,
    ...ABILITIES.map((ability) => (spec.abilities.includes(ability) ? 'yes' : 'no')),
    sayVerified(spec.verified),
  ]);
  const notes = CONNECTOR_SPECS.filter((spec) => (spec.notes ?? []).length > 0).map(
    (spec) => `\n## ${spec.title}\n\n${spec.notes?.map((note) => `- ${note}\n`).join('')}`,
  );
  return `# Connectors

What each kind of source can do. An ability that is missing answers NOT_SUPPORTED; it is never skipped in silence.
\`databaseType\` is compared without regard to case; the first code is the canonical one.

- **test**: the connection test, step by step. **introspect**: ingest of its metadata. **read**: reading rows, for profiling.
- **partitions**: one table is cut into parts that several workers read. **cancel**: a cancelled job stops the statement
  running in the source. **estimate**: row counts and sizes without reading. **pushDown**: the source measures a table itself,
  in two statements, and no row leaves it ([how](decisions/014-push-down.md)). DuckDB files and Parquet need none: they are
  measured in place.
- **verified against**: *live server*, *emulator* and *real files* say what the tests of the project run against; *driver only*
  says that nothing answered but what the driver brings itself: it was loaded and its errors were translated.

${rows.length > 0 ? toTable(head, rows) : 'No connector is built yet.\n'}${notes.join('')}`;
}
