import { defineConfig } from 'vitest/config';
import { NothingTestedReporter } from './test/support/reporter.ts';

/**
 * Three groups of tests, chosen by mode:
 * - `vitest run`: everything that needs nothing but `npm ci`;
 * - `vitest run --mode services`: `*.services.test.ts`, against the servers that scripts/services.sh starts, and of the suites
 *   for all connectors the sources that need one;
 * - `vitest run --mode slow`: `*.slow.test.ts`, which take minutes.
 * The fault runner (test/faults) is a program of its own: `npm run test:faults`.
 */
const seed = Number(process.env.TEST_SEED ?? Date.now() % 2 ** 31);

export default defineConfig(({ mode }) => {
  // Other tools read this file too; only a test run has a seed to tell.
  if (process.argv[1]?.includes('vitest')) console.log(`seed ${seed} (repeat this run with TEST_SEED=${seed})`);
  const group = mode === 'services' || mode === 'slow' ? mode : undefined;
  return {
    test: {
      include: group
        ? [
            `src/**/*.${group}.test.ts`,
            `test/**/*.${group}.test.ts`,
            ...(group === 'services' ? ['test/conformance/{connectors,profiles,push-down}.test.ts'] : []),
          ]
        : ['src/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts'],
      exclude: [
        '**/node_modules/**',
        ...(group ? [] : ['**/*.services.test.ts', '**/*.slow.test.ts', 'test/faults/**']),
      ],
      reporters: ['default', new NothingTestedReporter()],
      environment: 'node',
      pool: 'forks',
      // The files share servers, and a listing proves less while another one hands out rights there.
      maxWorkers: group === 'services' ? 1 : 2,
      globalSetup: ['test/support/global-setup.ts'],
      setupFiles: ['test/support/setup-seed.ts'],
      env: { TEST_SEED: String(seed) },
      sequence: { seed },
      testTimeout: 60_000,
      hookTimeout: 120_000,
      // States are awaited; how long that takes says nothing on a busy machine.
      expect: { poll: { timeout: 30_000 } },
      passWithNoTests: false,
      // A test that retries hides the bug it found.
      retry: 0,
      allowOnly: !process.env.CI,
    },
  };
});
