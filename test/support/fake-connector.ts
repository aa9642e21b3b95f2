import type {
  Connection,
  Connector,
  IngestUnit,
  IntrospectRequest,
  ListingEvent,
  ObjectPath,
  SourceObject,
  TestStep,
} from '../../src/connectors/connector.ts';
import { AssayError } from '../../src/errors/assay-error.ts';
import type { EntityType } from '../../src/model/entity.ts';

/** A source in memory: objects by path, and places where listing it breaks. */
export class FakeSource {
  readonly objects = new Map<string, SourceObject>();
  /** Listing this container fails with an event; the rest goes on. */
  failAt: ObjectPath[] = [];
  /** What is listed of this object proves nothing; that of its container does. */
  doubtAt: ObjectPath[] = [];
  /** The listing throws after so many objects. */
  throwAfter: number | undefined;
  error: Error = new AssayError('SOURCE_NO_RIGHT', 'permission denied');
  connectError: Error | undefined;
  steps: TestStep[] = [{ name: 'reach', outcome: 'ok', ms: 1, reason: '', remedy: '' }];
  shape: 'database' | 'files' = 'database';
  /** Called before each batch. */
  onBatch: (() => Promise<void>) | undefined;
  onListUnits: (() => Promise<void>) | undefined;
  opened: Record<string, unknown>[] = [];
  /** How many connections were closed. */
  closed = 0;

  put(type: EntityType, path: ObjectPath, metadata: Record<string, unknown> = {}): this {
    this.objects.set(key(path), { type, path, metadata });
    return this;
  }

  /** A table with its columns, and the schema above it. */
  table(schema: string, name: string, columns: readonly string[], type: EntityType = 'TABLE'): this {
    if (!this.objects.has(key([schema]))) this.put('SCHEMA', [schema]);
    this.put(type, [schema, name], { table: { remarks: '' }, stats: { rows: 100 } });
    for (const column of columns) this.put('COLUMN', [schema, name, column], { column: { typeName: 'text' } });
    return this;
  }

  file(...path: string[]): this {
    for (let length = 1; length < path.length; length++) this.put('FOLDER', path.slice(0, length), { folder: {} });
    return this.put('FILE', path, { file: { size: 1 } });
  }

  remove(path: ObjectPath): this {
    for (const [place, object] of this.objects) if (isAtOrBelow(object.path, path)) this.objects.delete(place);
    return this;
  }

  has(path: ObjectPath): boolean {
    return this.objects.has(key(path));
  }

  typeOf(path: ObjectPath): EntityType | undefined {
    return this.objects.get(key(path))?.type;
  }

  /** Paths of everything that is listed: the root of files, schemas, tables, folders. */
  containers(): ObjectPath[] {
    const inner = [...this.objects.values()].filter((object) => object.type !== 'COLUMN' && object.type !== 'FILE');
    return [...(this.shape === 'files' ? [[]] : []), ...inner.map((object) => object.path)];
  }

  below(path: ObjectPath): SourceObject[] {
    return [...this.objects.values()].filter(
      (object) => object.path.length > path.length && isAtOrBelow(object.path, path),
    );
  }

  connector(): Connector {
    const source = this;
    return {
      spec: {
        kind: 'fake',
        title: 'Fake',
        databaseTypes: ['FAKE'],
        shape: source.shape,
        problems: () => [],
        abilities: ['test', 'introspect'],
        verified: 'real files',
      },
      async connect(config) {
        source.opened.push(config);
        if (source.connectError) throw source.connectError;
        return new FakeConnection(source);
      },
      async *test(config) {
        source.opened.push(config);
        yield* source.steps;
      },
    };
  }
}

class FakeConnection implements Connection {
  readonly #source: FakeSource;
  constructor(source: FakeSource) {
    this.#source = source;
  }

  async info() {
    return { product: 'Fake', version: '1', url: 'fake://here' };
  }

  async listUnits(): Promise<IngestUnit[]> {
    await this.#source.onListUnits?.();
    if (this.#source.shape === 'files') return [{ path: [], type: 'RESOURCE' }];
    const schemas = [...this.#source.objects.values()].filter((object) => object.path.length === 1);
    return schemas.map((schema) => ({ path: schema.path, type: schema.type }));
  }

  async *introspect(request: IntrospectRequest): AsyncIterable<ListingEvent> {
    const unit = this.#source.objects.get(key(request.unit.path));
    if (unit) yield { kind: 'objects', objects: [unit] };
    yield* this.#container(request.unit.path, request, { given: 0 });
  }

  async read(): Promise<never> {
    throw new AssayError('NOT_SUPPORTED', 'the fake source has no rows');
  }

  async close(): Promise<void> {
    this.#source.closed += 1;
  }

  /** Lists a container and what is below it; says `complete` only when nothing below broke. */
  async *#container(
    path: ObjectPath,
    request: IntrospectRequest,
    counter: { given: number },
  ): AsyncGenerator<ListingEvent, boolean> {
    const source = this.#source;
    if (source.doubtAt.some((place) => key(place) === key(path))) yield { kind: 'unproven', path, reason: 'broken' };
    if (source.failAt.some((place) => key(place) === key(path))) {
      yield { kind: 'failed', path, error: source.error };
      return false;
    }
    let whole = true;
    for (const child of source.below(path).filter((object) => object.path.length === path.length + 1)) {
      if (request.mayContain && !request.mayContain(child.path)) continue;
      if (source.throwAfter !== undefined && counter.given >= source.throwAfter) throw source.error;
      await source.onBatch?.();
      counter.given++;
      yield { kind: 'objects', objects: [child] };
      const isContainer = child.type !== 'COLUMN' && child.type !== 'FILE';
      if (isContainer && !(yield* this.#container(child.path, request, counter))) whole = false;
    }
    if (whole) yield { kind: 'complete', path };
    return whole;
  }
}

const key = (path: ObjectPath): string => JSON.stringify(path);

const isAtOrBelow = (path: ObjectPath, container: ObjectPath): boolean =>
  container.every((name, index) => path[index] === name);
