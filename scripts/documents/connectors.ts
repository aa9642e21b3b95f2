import { ABILITIES } from '../../src/connectors/connector.ts';
import { CONNECTOR_SPECS } from '../../src/connectors/specs.ts';
import { toTable } from './table.ts';

/** docs/connectors.md from the connector specs. */
export function buildConnectorsPage(): string {
  const head = ['connector', '`databaseType`', 'shape', ...ABILITIES, 'verified against'];
  const rows = CONNECTOR_SPECS.map((spec) => [
    `${spec.title} (\`${spec.kind}\`)`,
    spec.databaseTypes.map((type) => `\`${type}\``).join(', '),
    spec.shape,
    ...ABILITIES.map((ability) => (spec.abilities.includes(ability) ? 'yes' : 'no')),
    spec.verified,
  ]);
  return `# Connectors

What each kind of source can do. An ability that is missing answers NOT_SUPPORTED; it is never skipped in silence.
\`databaseType\` is compared without regard to case; the first code is the canonical one.

- **test**: the connection test, step by step. **introspect**: ingest of its metadata. **read**: reading rows, for profiling.
- **partitions**: one table is cut into parts that several workers read. **cancel**: a cancelled job stops the statement
  running in the source. **estimate**: row counts and sizes without reading.
- **verified against**: *live server*, *emulator* and *real files* say what the tests of the project run against; *driver only*
  says that nothing answered, the driver was loaded and its errors were translated.

${rows.length > 0 ? toTable(head, rows) : 'No connector is built yet.\n'}`;
}
