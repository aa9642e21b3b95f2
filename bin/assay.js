#!/usr/bin/env node
/*
 * Starts the `assay` command with a Node that can run it. Plain JavaScript that Node 14 can read, because this is the
 * file an older Node opens first: it then looks for the Node of the npm package `node` beside it and hands over.
 *
 * src/bin/assay.ts (dist/bin/assay.js in the packed package) exports `main(args)`, which answers the exit code, or
 * nothing for a command that ends by itself.
 */
import { spawn } from 'child_process';
import { existsSync } from 'fs';
import nodeModule, { createRequire } from 'module';
import { dirname, join } from 'path';
import { fileURLToPath, pathToFileURL } from 'url';

const WANTED = 24;
const HANDED_OVER = 'ASSAY_HANDED_OVER';
const root = dirname(dirname(fileURLToPath(import.meta.url)));

if (parseInt(process.versions.node, 10) >= WANTED) start();
else handOver();

function start() {
  // For this process only: what it starts decides for itself.
  delete process.env[HANDED_OVER];
  // Parsed and stripped code is kept between runs: without it every start of the CLI strips some hundred files again.
  if (nodeModule.enableCompileCache) nodeModule.enableCompileCache();
  const entries = [join(root, 'src', 'bin', 'assay.ts'), join(root, 'dist', 'bin', 'assay.js')];
  const entry = entries.find((path) => existsSync(path));
  if (!entry) fail(`this copy of Assay is not complete: neither ${entries.join(' nor ')} exists. Install it again.`);
  import(pathToFileURL(entry).href)
    .then((command) => (typeof command.main === 'function' ? command.main(process.argv.slice(2)) : undefined))
    .then((code) => {
      if (typeof code === 'number') process.exitCode = code;
    })
    .catch((error) => {
      console.error(error);
      process.exitCode = 1;
    });
}

function handOver() {
  const node = process.env[HANDED_OVER] ? undefined : findBundledNode();
  if (!node) {
    fail(
      `Assay needs Node ${WANTED} or newer, this is ${process.version}, and no bundled Node was found in ${root}. ` +
        `Install Node ${WANTED}, or add it to the project: npm install node@${WANTED}`,
    );
  }
  // At a terminal, Ctrl-C reaches the whole process group, so the child has it already; a second one would force it.
  const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  let child;
  // Before the child exists: one that came between its start and our listening would end this process and not the child.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (!(signal === 'SIGINT' && atTerminal)) child.kill(signal);
    });
  }
  child = spawn(node, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, [HANDED_OVER]: '1' },
  });
  child.on('error', (error) => fail(`${node} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code === null ? 1 : code);
    // Die of the same signal, so that a shell or a supervisor sees what happened.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** The binary of the npm package `node`, from wherever npm put it. */
function findBundledNode() {
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const places = [];
  try {
    places.push(join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', file));
  } catch (error) {
    // Not installed as a package: the next place may still have it.
  }
  places.push(join(root, 'node_modules', '.bin', file));
  return places.find((path) => existsSync(path));
}

function fail(message) {
  console.error(`assay: ${message}`);
  process.exit(1);
}
