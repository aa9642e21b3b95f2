import type { Connector, ListingEvent, ObjectPath } from '../../../src/connectors/connector.ts';
import { AssayError } from '../../../src/errors/assay-error.ts';
import type { ErrorCode } from '../../../src/errors/table.ts';
import { FakeSource } from '../../support/fake-connector.ts';
import type { Random } from '../random.ts';
import { interfere, strikeAt } from './interfere.ts';
import { type Fault, type FaultMaker, keyOf, type Stage } from './stage.ts';

const NAMES = ['a', 'A', 'c/d', 'e%', 'é', 'f g'];
/** Few, for each is a task of its own. */
const SCHEMAS = ['s', 'S', 'x/y'];
const CUT_SHORT = 'list of units cut short, once';

/** A database or a tree of files in memory, whose listing breaks in every way that the connector seam knows. */
export function fakeStage(shape: 'database' | 'files'): Stage {
  const source = new FakeSource();
  source.shape = shape;
  const add = (random: Random): void => {
    if (shape === 'database') {
      const columns = NAMES.slice(0, random.between(1, 4));
      const [schema, table] = [random.pick(SCHEMAS), random.pick(NAMES)];
      // A name that stands for a table already gets the columns it lacks.
      source.table(schema, table, columns);
      return;
    }
    const path = Array.from({ length: random.between(1, 4) }, () => random.pick(NAMES));
    const folders = path.slice(0, -1).map((_, i) => path.slice(0, i + 1));
    if (!source.has(path) && folders.every((folder) => source.typeOf(folder) !== 'FILE')) source.file(...path);
  };
  return {
    name: `fake ${shape}`,
    databaseType: 'POSTGRES',
    config: { host: 'h', databaseName: 'd', userName: 'u' },
    fileRoots: [],
    async fill(random) {
      source.objects.clear();
      for (let i = random.between(3, 14); i > 0; i--) add(random);
    },
    async change(random) {
      for (let i = random.between(0, 4); i > 0 && source.objects.size > 0; i--)
        source.remove(random.pick([...source.objects.values()]).path);
      for (let i = random.between(0, 3); i > 0; i--) add(random);
    },
    truth: async () => new Set([...source.objects.values()].map(({ type, path }) => keyOf(type, path))),
    connector: async () => source.connector(),
    // A tree of files is listed in one go: there is no list to cut short.
    faults: makeFaults(source).filter(({ kind }) => shape === 'database' || kind !== CUT_SHORT),
    close: async () => {},
  };
}

const often = (random: Random): number => (random.next() < 0.4 ? 1 : Number.POSITIVE_INFINITY);
const error = (code: ErrorCode): AssayError => new AssayError(code, 'injected');

function makeFaults(source: FakeSource): FaultMaker[] {
  const somewhere = (random: Random): number => random.between(0, source.objects.size);
  const throwing = (kind: string, code: ErrorCode): FaultMaker => ({
    kind,
    async arm(connector, random) {
      const times = often(random);
      const strike = strikeAt(somewhere(random), times, () => Promise.reject(error(code)));
      return fault(interfere(connector, strike), strike.struck, times);
    },
  });
  const onUnits = (kind: string, code: ErrorCode): FaultMaker => ({
    kind,
    async arm(connector, random) {
      let [calls, struck] = [0, 0];
      const from = random.between(0, 1);
      const times = often(random);
      const changed = interfere(connector, {
        listUnits(units) {
          if (calls++ < from || struck >= times) return units();
          struck++;
          return Promise.reject(error(code));
        },
      });
      return fault(changed, () => struck, from === 0 ? times : 0);
    },
  });
  return [
    throwing('dropped connection', 'SOURCE_LOST'),
    throwing('error in the middle of a unit', 'SOURCE_FAILED'),
    {
      kind: 'timeout of a unit',
      async arm(connector, random) {
        let struck = 0;
        const [after, times] = [somewhere(random), often(random)];
        const changed = interfere(connector, {
          async *introspect(events, { unit }) {
            let seen = 0;
            for await (const event of events) {
              if (seen++ >= after && struck < times) {
                struck++;
                yield { kind: 'failed', path: unit.path, error: error('SOURCE_TIMEOUT') };
                return;
              }
              yield event;
            }
          },
        });
        return fault(changed, () => struck, times);
      },
    },
    atPlace(source, 'lost right at a place', (place, random, hit) => {
      const around = random.next() < 0.5;
      return async function* (events) {
        for await (const event of events) {
          if (event.kind === 'objects') yield* outside(event, place);
          else if (isSame(event.path, place)) {
            hit();
            yield { kind: 'failed', path: place, error: error('SOURCE_NO_RIGHT') };
            // Both are right: a container may be complete around a place that failed by name.
          } else if (!isInside(event.path, place) && (around || !isInside(place, event.path))) yield event;
        }
      };
    }),
    atPlace(source, 'partial page', (place, random, hit) => {
      const kept = random.between(0, 2);
      return async function* (events) {
        let seen = 0;
        for await (const event of events) {
          if (event.kind === 'objects') {
            if (event.objects.some(({ path }) => isInside(path, place)) && seen++ >= kept) continue;
            yield event;
          } else if (isSame(event.path, place)) hit();
          // Nothing is proven of the place, nor of what it stands in; but nobody says so.
          else if (!isInside(event.path, place) && !isInside(place, event.path)) yield event;
        }
      };
    }),
    onUnits('list of units fails', 'SOURCE_NO_RIGHT'),
    onUnits('list of units times out', 'SOURCE_TIMEOUT'),
    {
      kind: CUT_SHORT,
      async arm(connector, random) {
        let struck = 0;
        const changed = interfere(connector, {
          async listUnits(units) {
            const all = await units();
            if (struck > 0 || all.length < 2) return all;
            struck++;
            return all.slice(0, random.between(0, all.length - 1));
          },
        });
        // Of a unit that the catalog does not know yet nobody can tell that it is missing.
        return fault(changed, () => struck, 0);
      },
    },
    {
      kind: 'refused connection',
      async arm(connector, random) {
        let struck = 0;
        const times = often(random);
        const changed = interfere(connector, {
          async connect() {
            if (struck < times) {
              struck++;
              throw error('SOURCE_UNREACHABLE');
            }
          },
        });
        return fault(changed, () => struck, times);
      },
    },
  ];
}

/** A fault of one container, at every attempt. */
function atPlace(
  source: FakeSource,
  kind: string,
  make: (
    place: ObjectPath,
    random: Random,
    hit: () => void,
  ) => (events: AsyncIterable<ListingEvent>) => AsyncIterable<ListingEvent>,
): FaultMaker {
  return {
    kind,
    async arm(connector, random) {
      let struck = 0;
      const containers = source.containers();
      if (containers.length === 0) return fault(connector, () => 0, 0);
      const place = random.pick(containers);
      const introspect = make(place, random, () => struck++);
      return fault(interfere(connector, { introspect }), () => struck, Number.POSITIVE_INFINITY);
    },
  };
}

const fault = (connector: Connector, struck: () => number, times: number): Fault => ({
  connector,
  struck,
  mustFail: times === Number.POSITIVE_INFINITY,
  heal: async () => {},
});

function* outside(event: Extract<ListingEvent, { kind: 'objects' }>, place: ObjectPath): Iterable<ListingEvent> {
  const objects = event.objects.filter(({ path }) => !isInside(path, place));
  if (objects.length > 0) yield { kind: 'objects', objects };
}

const isBelow = (path: ObjectPath, container: ObjectPath): boolean => container.every((name, i) => path[i] === name);
const isSame = (a: ObjectPath, b: ObjectPath): boolean => a.length === b.length && isBelow(a, b);
const isInside = (path: ObjectPath, container: ObjectPath): boolean =>
  path.length > container.length && isBelow(path, container);
