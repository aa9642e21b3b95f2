import type { Reporter, TestModule } from 'vitest/node';

/**
 * A run that passed because it tested nothing is a failed run: no test passed, or a test was skipped without saying why.
 * (`context.skip('reason')` says why, or words in parentheses in its title or that of its group; a skip by `-t` or `.only` is a person's choice and never happens in CI.)
 */
export class NothingTestedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const skipped = tests
      .map((test) => ({ name: test.fullName, result: test.result() }))
      .filter(({ result }) => result.state === 'skipped');
    const unexplained = skipped.filter(
      ({ name, result }) => !('note' in result && result.note) && !/\(.+\)/.test(name),
    );
    for (const { name, result } of skipped) {
      if ('note' in result && result.note) console.log(`skipped: ${name}: ${result.note}`);
    }
    if (!tests.some((test) => test.result().state === 'passed')) fail('no test passed: nothing was tested');
    if (process.env.CI) for (const { name } of unexplained) fail(`skipped without a reason: ${name}`);
  }
}

function fail(problem: string): void {
  console.error(problem);
  process.exitCode = 1;
}
