import { appendFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/**
 * A run that passed because it tested nothing is a failed run: no test passed, or a test was skipped without saying why.
 * (`context.skip('reason')` says why, or words in parentheses in the title of the test or of its group do. A skip by `-t` is
 * a person's choice and does not happen in CI.)
 *
 * What failed goes, a line each, into the file that TEST_FAILURES names, for a run of many steps that tells it at its end.
 */
export class NothingTestedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    for (const test of tests) {
      const result = test.result();
      if (result.state === 'failed') note(`${test.module.relativeModuleId} > ${test.fullName}`, result.errors);
      if (result.state !== 'skipped') continue;
      const reason = result.note ?? /\((.+)\)/.exec(test.fullName)?.[1];
      if (process.env.CI && !reason) fail(`skipped without a reason: ${test.fullName}`);
      else if (process.env.CI) console.log(`skipped: ${test.fullName}${result.note ? `: ${result.note}` : ''}`);
    }
    for (const module of modules) {
      const suites = [module, ...module.children.allSuites()];
      for (const suite of suites) note(module.relativeModuleId, suite.errors());
    }
    note('outside of any test', unhandled);
    if (!tests.some((test) => test.result().state === 'passed')) fail('no test passed: nothing was tested');
  }
}

function note(where: string, errors: readonly { message: string }[]): void {
  const file = process.env.TEST_FAILURES;
  if (!file) return;
  for (const { message } of errors)
    appendFileSync(file, `${where}: ${message.replaceAll(/\s+/g, ' ').slice(0, 400)}\n`);
}

function fail(problem: string): void {
  console.error(problem);
  process.exitCode = 1;
}
