import type {
  Connection,
  Connector,
  IngestUnit,
  IntrospectRequest,
  ListingEvent,
  ObjectPath,
} from '../../../src/connectors/connector.ts';

export interface Interference {
  connect?(): Promise<void>;
  listUnits?(units: () => Promise<IngestUnit[]>): Promise<IngestUnit[]>;
  /** Asked of every place before it is looked at; synchronous, as the connector asks it. */
  beforePlace?(): void;
  introspect?(events: AsyncIterable<ListingEvent>, request: IntrospectRequest): AsyncIterable<ListingEvent>;
}

/** A connector between whose answers and the catalog something happens. */
export function interfere(
  connector: Connector,
  { connect, listUnits, beforePlace, introspect }: Interference,
): Connector {
  return {
    spec: connector.spec,
    test: (config, context) => connector.test(config, context),
    async connect(config, context): Promise<Connection> {
      await connect?.();
      const real = await connector.connect(config, context);
      return {
        ...(real.doubtGone ? { doubtGone: (path) => real.doubtGone?.(path) ?? Promise.resolve('') } : {}),
        info: () => real.info(),
        listUnits: () => (listUnits ? listUnits(() => real.listUnits()) : real.listUnits()),
        introspect(request) {
          const mayContain = (path: ObjectPath): boolean => {
            beforePlace?.();
            return request.mayContain?.(path) ?? true;
          };
          const events = real.introspect(beforePlace ? { ...request, mayContain } : request);
          return introspect ? introspect(events, request) : events;
        },
        read: (request) => real.read(request),
        close: () => real.close(),
      };
    },
  };
}

/** Does something once so many events of all listings have gone by (0: before the first), and from then on at each, at most `times` times. */
export function strikeAt(
  after: number,
  times: number,
  strike: () => Promise<void>,
): { introspect: NonNullable<Interference['introspect']>; struck(): number } {
  let struck = 0;
  let seen = 0;
  return {
    struck: () => struck,
    async *introspect(events) {
      const iterator = events[Symbol.asyncIterator]();
      try {
        for (;;) {
          if (seen++ >= after && struck < times) {
            struck++;
            await strike();
          }
          const next = await iterator.next();
          if (next.done) return;
          yield next.value;
        }
      } finally {
        await iterator.return?.();
      }
    },
  };
}
