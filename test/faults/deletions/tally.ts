import type { RunResult } from './one-run.ts';

interface RunOf {
  n: number;
  stage: string;
  result: RunResult;
}

/** Adds up what the runs showed. */
export class Tally {
  private readonly results: RunOf[] = [];
  private readonly problems: string[] = [];

  add(run: RunOf): void {
    this.results.push(run);
  }

  /** Something that is wrong with the report itself. */
  problem(says: string): void {
    this.problems.push(says);
  }

  get size(): number {
    return this.results.length;
  }

  summary() {
    const sum = (of: (result: RunResult) => number): number =>
      this.results.reduce((total, { result }) => total + of(result), 0);
    const struck = this.results.filter(({ result }) => result.struck > 0);
    const faults = new Map<string, number>();
    for (const { stage, result } of struck) {
      const kind = `${stage}: ${result.fault}`;
      faults.set(kind, (faults.get(kind) ?? 0) + 1);
    }
    return {
      runs: this.results.length,
      runsDisturbed: struck.length,
      disturbedRunsFailed: struck.filter(({ result }) => result.status === 'FAILED').length,
      removedRightlyWhileDisturbed: sum(({ removed }) => removed),
      removedRightlyByTheCleanRun: sum(({ removedLater, left }) => removedLater - left.length),
      removedWrongly: sum(({ wrong }) => wrong.length),
      leftOver: sum(({ left }) => left.length),
      faults: Object.fromEntries([...faults].sort()),
    };
  }

  /** Everything that must not be, in sentences; `kinds` are those that must have struck. */
  failures(kinds: readonly string[]): string[] {
    const failures = [...this.problems];
    const ofRuns = this.results
      .toSorted((a, b) => a.n - b.n)
      .flatMap(({ n, stage, result }) => {
        const at = `run ${n} (${stage}, ${result.fault}, ${result.status})`;
        const named = (keys: readonly string[]): string =>
          `${keys.slice(0, 3).join(', ')}${keys.length > 3 ? ', …' : ''}`;
        return [
          ...(result.wrong.length > 0 ? [`${at}: ${result.wrong.length} removed wrongly: ${named(result.wrong)}`] : []),
          ...(result.left.length > 0 ? [`${at}: ${result.left.length} left over: ${named(result.left)}`] : []),
          ...result.problems.map((problem) => `${at}: ${problem}`),
        ];
      });
    failures.push(...ofRuns);
    const { faults, removedRightlyWhileDisturbed, removedRightlyByTheCleanRun } = this.summary();
    for (const kind of kinds) if (!faults[kind]) failures.push(`no fault of this kind ever struck: ${kind}`);
    // A law that was never put to the test proves nothing.
    if (kinds.length > 0 && Math.min(removedRightlyWhileDisturbed, removedRightlyByTheCleanRun) === 0)
      failures.push('nothing was ever removed, during the disturbed runs or by the clean ones');
    return failures;
  }
}
