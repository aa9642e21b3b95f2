import type { Connector, IngestUnit, ListingEvent } from '../../../src/connectors/connector.ts';
import { interfere } from './interfere.ts';

/**
 * Mistakes that the report must find, as if harvest or merge made them: what reaches the catalog is what it would then believe.
 * Each is run before the report, and a report that did not notice one proves nothing.
 */
export const MISTAKES: readonly Mistake[] = [
  {
    says: 'failed is taken for complete',
    fault: 'lost right at a place',
    make: () => (connector) => interfere(connector, { introspect: failedAsComplete }),
  },
  {
    says: 'the end of a listing is taken for its proof',
    fault: 'partial page',
    make: () => (connector) => interfere(connector, { introspect: endAsComplete }),
  },
  {
    says: 'the first list of units is believed',
    fault: 'list of units cut short, once',
    make() {
      // Remembered over connections: whoever asks once more is told the same.
      let first: Promise<IngestUnit[]> | undefined;
      return (connector) =>
        interfere(connector, {
          listUnits(units) {
            first ??= units();
            return first;
          },
        });
    },
  },
];

interface Mistake {
  says: string;
  /** Fault of the database in memory that brings it to light. */
  fault: string;
  make(): (connector: Connector) => Connector;
}

async function* failedAsComplete(events: AsyncIterable<ListingEvent>): AsyncIterable<ListingEvent> {
  for await (const event of events) yield event.kind === 'failed' ? { kind: 'complete', path: event.path } : event;
}

async function* endAsComplete(
  events: AsyncIterable<ListingEvent>,
  request: { unit: IngestUnit },
): AsyncIterable<ListingEvent> {
  try {
    for await (const event of events) if (event.kind !== 'failed') yield event;
  } catch {
    // Swallowed, as a careless reader would.
  }
  yield { kind: 'complete', path: request.unit.path };
}
