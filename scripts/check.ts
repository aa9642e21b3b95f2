import { spawn } from 'node:child_process';
import { join } from 'node:path';

/**
 * What must hold before the tests run. Two at a time, the long ones first: on two cores more would only wait for each
 * other. Every check runs, so that one run names everything; the output of the failed ones comes last, where it is seen.
 */
const ROOT = join(import.meta.dirname, '..');
const bin = (name: string) => join(ROOT, 'node_modules', '.bin', name);

const CHECKS: readonly { name: string; command: readonly string[] }[] = [
  { name: 'types', command: [bin('tsc'), '-p', '.', '--noEmit'] },
  { name: 'unused (knip)', command: [bin('knip'), '--no-progress'] },
  { name: 'arrows', command: [process.execPath, 'scripts/check-arrows.ts'] },
  { name: 'generated files', command: [process.execPath, 'scripts/generate.ts', '--check'] },
  { name: 'lint and format', command: [bin('biome'), 'check', '--error-on-warnings', '.'] },
  { name: 'lock file', command: [process.execPath, 'scripts/complete-lock.ts', '--check'] },
];

interface Outcome {
  name: string;
  ok: boolean;
  seconds: number;
  output: string;
}

async function main(): Promise<void> {
  const waiting = [...CHECKS];
  const outcomes: Outcome[] = [];
  const worker = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) outcomes.push(await runCheck(check));
  };
  await Promise.all([worker(), worker()]);
  const failed = outcomes.filter((outcome) => !outcome.ok);
  for (const { name, output } of failed) console.log(`\n── ${name}\n${output.trimEnd()}`);
  console.log();
  for (const { name } of CHECKS) {
    const outcome = outcomes.find((candidate) => candidate.name === name)!;
    console.log(`${outcome.ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(16)} ${outcome.seconds.toFixed(1).padStart(5)} s`);
  }
  process.exitCode = failed.length > 0 ? 1 : 0;
}

function runCheck({ name, command }: (typeof CHECKS)[number]): Promise<Outcome> {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(command[0]!, command.slice(1), { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const end = (ok: boolean) => resolve({ name, ok, seconds: (performance.now() - started) / 1000, output });
    child.stdout.on('data', (text) => {
      output += text;
    });
    child.stderr.on('data', (text) => {
      output += text;
    });
    child.on('error', (error) => {
      output += error.message;
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}

await main();
