import type { Reporter, TestModule } from 'vitest/node';

/**
 * A run that passed because it tested nothing is a failed run: no test passed, or a test was skipped without saying why.
 * (`context.skip('reason')` says why, or words in parentheses in the title of the test or of its group do. A skip by `-t` is
 * a person's choice and does not happen in CI.)
 */
export class NothingTestedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    for (const test of tests) {
      const result = test.result();
      if (result.state !== 'skipped') continue;
      const reason = result.note ?? /\((.+)\)/.exec(test.fullName)?.[1];
      if (process.env.CI && !reason) fail(`skipped without a reason: ${test.fullName}`);
      else if (process.env.CI) console.log(`skipped: ${test.fullName}${result.note ? `: ${result.note}` : ''}`);
    }
    if (!tests.some((test) => test.result().state === 'passed')) fail('no test passed: nothing was tested');
  }
}

function fail(problem: string): void {
  console.error(problem);
  process.exitCode = 1;
}
