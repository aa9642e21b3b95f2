import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import { ARROWS, LIGHTNESS } from './arrows.ts';
import { CLEAN, PACKAGES, PLANTED } from './arrows-planted.ts';

/**
 * Holds the arrows of the house. Proves itself first, because a checker that read nothing passes everything: every rule
 * must catch the violation planted for it, a clean tree must pass, and the real tree must have at least FLOOR modules.
 */
const FLOOR = 150;

interface Finding {
  rule: string;
  from: string;
  to: string;
}

async function main(): Promise<void> {
  const problems = await proveRules();
  const root = join(import.meta.dirname, '..');
  const { findings, modules } = await findViolations(root);
  if (modules < FLOOR)
    problems.push(`read ${modules} modules below src, expected at least ${FLOOR}: nothing was checked`);
  const comments = new Map([...ARROWS, ...LIGHTNESS].map((rule) => [rule.name, rule.comment]));
  problems.push(...findings.map(({ rule, from, to }) => `${rule}: ${from} → ${to} (${comments.get(rule)})`));
  for (const problem of problems) console.error(problem);
  const planted = Object.keys(PLANTED).length;
  console.log(
    `${modules} modules, ${findings.length} violations; ${planted} planted violations, ${ARROWS.length + LIGHTNESS.length} rules`,
  );
  process.exitCode = problems.length > 0 ? 1 : 0;
}

async function findViolations(folder: string): Promise<{ findings: Finding[]; modules: number }> {
  const every = await readTree(folder, ARROWS, true);
  const loaded = await readTree(folder, LIGHTNESS, false);
  const findings = [...every.summary.violations, ...loaded.summary.violations].map((violation) => ({
    rule: violation.rule.name,
    from: violation.from,
    to: violation.to,
  }));
  return { findings, modules: every.modules.filter((module) => module.source.startsWith('src/')).length };
}

async function readTree(folder: string, forbidden: IForbiddenRuleType[], withTypes: boolean): Promise<ICruiseResult> {
  const options: ICruiseOptions = {
    baseDir: folder,
    ruleSet: { forbidden },
    validate: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.test\\.ts$' },
    // With types: imports as written. Without: imports as they are after stripping.
    tsPreCompilationDeps: withTypes,
    combinedDependencies: true,
  };
  const { output } = await cruise(['src'], options, {
    extensions: ['.ts', '.js', '.json'],
    conditionNames: ['import', 'node'],
  });
  if (typeof output === 'string') throw new Error(`dependency-cruiser answered text: ${output}`);
  return output;
}

/** Plants each violation in a tree of its own; answers the rules that let theirs pass. */
async function proveRules(): Promise<string[]> {
  const problems: string[] = [];
  for (const rule of [...ARROWS, ...LIGHTNESS]) {
    if (!rule.name || !PLANTED[rule.name])
      problems.push(`${rule.name}: no violation is planted for it in scripts/arrows-planted.ts`);
  }
  const clean = await withTree(CLEAN, findViolations);
  problems.push(...clean.findings.map(({ rule, from, to }) => `${rule} refuses the clean tree: ${from} → ${to}`));
  // All in one tree: each has files of its own, so none hides another, and the parser is started twice instead of 80 times.
  const files = Object.assign({}, ...Object.values(PLANTED)) as Record<string, string>;
  const { findings } = await withTree(files, findViolations);
  for (const [rule, planted] of Object.entries(PLANTED)) {
    const caught = findings.some((finding) => finding.rule === rule && finding.from in planted);
    if (!caught) problems.push(`${rule} did not catch its planted violation in ${Object.keys(planted).join(', ')}`);
  }
  return problems;
}

async function withTree<T>(files: Record<string, string>, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'assay-arrows-'));
  try {
    for (const [path, text] of Object.entries({ ...PACKAGES, ...files })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
