import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/**
 * Adds to package-lock.json the optional platform packages that npm leaves out when the registry it asked does not have
 * them. Without these entries `npm ci` fails ("Missing: … from lock file") wherever the registry does have them, and
 * the engine cannot be installed on the platforms in question.
 *
 *   node scripts/complete-lock.ts           writes the missing entries (run it after every change of a dependency)
 *   node scripts/complete-lock.ts --check   lists them and fails
 *
 * The entries carry no integrity hash: nobody here has seen the tarball. npm fills it in when it installs one.
 */
export interface LockEntry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  peer?: boolean;
  license?: string;
  resolved?: string;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

export interface Lock {
  packages: Record<string, LockEntry>;
}

/** Path in the lock → entry, for every optional dependency that no path in the lock answers. Pure. */
export function findMissingEntries(lock: Lock): Record<string, LockEntry> {
  const missing: Record<string, LockEntry> = {};
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (listLookupPaths(path, name).some((candidate) => lock.packages[candidate])) continue;
      const shared = { ...(entry.dev && { dev: true }), ...(entry.peer && { peer: true }) };
      const license = entry.license === undefined ? {} : { license: entry.license };
      missing[`node_modules/${name}`] = { version, ...shared, ...license, optional: true, ...platformOf(name) };
    }
  }
  return missing;
}

/** Where Node looks for `name` from the package at `path`: its own node_modules first, then each parent's. */
function listLookupPaths(path: string, name: string): string[] {
  const paths: string[] = [];
  for (let base = path; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    paths.push(base === '' ? `node_modules/${name}` : `${base}/node_modules/${name}`);
    if (base === '') return paths;
    if (!base.includes('/node_modules/')) base = '';
  }
}

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32'];
const LIBRARIES: Record<string, string> = { musl: 'musl', gnu: 'glibc' };

/** Reads `os`, `cpu` and `libc` from the name, which is the only thing known of a package that nobody has fetched. */
export function platformOf(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> {
  const words = name.split(/[-/]/);
  const os = words.find((word) => SYSTEMS.includes(word));
  const cpu = words.find((word) => PROCESSORS.includes(word));
  if (!os || !cpu) throw new Error(`cannot tell the platform of "${name}" from its name: add its entry by hand`);
  const libc = words.map((word) => LIBRARIES[word]).find((library) => library !== undefined);
  return { os: [os], cpu: [cpu], ...(libc && { libc: [libc] }) };
}

/** Every problem of the lock, in sentences. */
export function listLockProblems(lock: Lock): string[] {
  if (Object.keys(lock.packages).length < 50)
    return ['package-lock.json lists fewer than 50 packages: it was not read'];
  const missing = Object.keys(findMissingEntries(lock)).map((path) => `${path} is missing: npm run lock`);
  const hosts = Object.entries(lock.packages)
    .filter(([, entry]) => entry.resolved?.startsWith('http'))
    .map(([path]) => `${path} names a registry host: npm ci must work with any registry`);
  return [...missing, ...hosts];
}

function main(): void {
  const file = new URL('../package-lock.json', import.meta.url);
  const lock = JSON.parse(readFileSync(file, 'utf8')) as Lock;
  if (process.argv.includes('--check')) {
    const problems = listLockProblems(lock);
    for (const problem of problems) console.error(problem);
    process.exitCode = problems.length > 0 ? 1 : 0;
    return;
  }
  const missing = findMissingEntries(lock);
  const [root, ...rest] = Object.entries({ ...lock.packages, ...missing });
  // npm sorts the paths by the English locale; the same order keeps the difference small.
  rest.sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries([root!, ...rest]);
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`package-lock.json: ${Object.keys(missing).length} entries added`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
