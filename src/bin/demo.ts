import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, realpath, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CHANGES } from '../cli/demo/company/ddl.ts';
import { buildWorld } from '../cli/demo/company/world.ts';
import { runDemo } from '../cli/demo/run-demo.ts';
import { ATM_FILE, bankDatabase, writeFiles } from '../cli/demo/write-company.ts';
import { EXIT } from '../cli/exit-codes.ts';
import { formatDuration } from '../cli/output/format-time.ts';
import { openTerminal, type Terminal } from '../cli/terminal.ts';
import { createAssayClient } from '../client/index.ts';
import { loadConfig } from '../config/load-config.ts';
import { AssayError } from '../errors/assay-error.ts';
import { makeFolder } from '../store/make-folder.ts';
import { createSampleDatabase, runStatements } from '../store/sample-database.ts';
import { openLog } from './open-log.ts';
import { type RunningServer, startServer } from './start-server.ts';

export interface DemoOptions {
  folder: string;
  scale: string;
  seed: string;
  exit?: boolean;
  port?: string;
  logLevel?: string;
}

/**
 * Everything in one process group: embedded server, API, worker, the sample company, and a client that runs every job type
 * through the REST API. May be run again: the company is made anew, the catalog is kept.
 */
export async function demo(options: DemoOptions): Promise<number> {
  const began = performance.now();
  const terminal = openTerminal();
  const scale = readNumber('--scale', options.scale, 0.001, 50);
  const seed = readNumber('--seed', options.seed, 0, 2 ** 32 - 1);
  const folder = resolve(options.folder);
  await makeFolder(resolve(folder, 'files'), 0o700);
  const home = await realpath(folder);
  const files = join(home, 'files');
  const password = await keptPassword(home);
  // The environment is left out: DATABASE_URL of the shell must not make the demo write into somebody's database.
  const config = loadConfig({
    env: {},
    flags: {
      dataDir: join(home, 'data'),
      port: options.port ?? '0',
      fileRoots: [files],
      adminPassword: password,
      logLevel: options.logLevel ?? 'info',
      accessTokenSeconds: 3600,
      workerName: 'demo',
    },
  });
  const logFile = join(home, 'demo.log');
  terminal.out(`Assay demo in ${home}, log in demo.log\n`);
  let server: RunningServer | undefined;
  try {
    server = await startServer(config, openLog(config.logLevel, logFile));
    const reader = { name: 'bank_reader', password: randomBytes(18).toString('base64url') };
    const bank = server.store.embedded!.connection;
    await makeCompany(terminal, { bank, files, reader, seed, scale });
    const { problems } = await runDemo({
      client: createAssayClient({ baseUrl: server.url, username: 'admin', password, signal: terminal.signal }),
      terminal,
      sources: {
        bank: {
          databaseType: 'POSTGRES',
          host: bank.host,
          port: String(bank.port),
          databaseName: 'bank',
          userName: reader.name,
          password: reader.password,
          description: 'Core banking of the sample company',
        },
        files: { databaseType: 'FS', path: files, description: 'Exports and papers of the departments' },
        atm: { databaseType: 'SQLITE', path: join(files, ATM_FILE), description: 'Cash machines' },
        attic: { databaseType: 'FS', path: join(files, 'exports'), description: 'Here to be removed' },
      },
      changeBank: () => runStatements({ ...bank, database: 'bank' }, CHANGES),
    });
    for (const problem of problems) terminal.out(`not as expected: ${problem}\n`);
    const { url } = server;
    terminal.out(`\nReady in ${formatDuration(performance.now() - began)}.\n`);
    const stays = problems.length === 0 && !options.exit && process.stdin.isTTY && process.stdout.isTTY;
    if (!stays) {
      terminal.out(`Look around with: assay serve --data ${join(home, 'data')} --file-root ${files}\n`);
      return problems.length > 0 ? EXIT.failed : EXIT.done;
    }
    terminal.out(`  API pages  ${url}/api/public/swagger/\n`);
    terminal.out(`  user       admin, password in ${join(home, 'admin-password')}\n`);
    terminal.out(`  try        assay login --url ${url} --password-stdin < ${join(home, 'admin-password')}\n`);
    terminal.out('             assay entities tree bank --depth 2\n');
    terminal.out('             assay report bank/crm/customer -o customer.html\n');
    terminal.out('Ctrl-C ends it.\n');
    await untilAborted(terminal.signal);
    return EXIT.done;
  } catch (error) {
    if (terminal.signal.aborted) return EXIT.interrupted;
    terminal.err(`The demo did not come to its end; ${logFile} may tell more.\n`);
    throw error;
  } finally {
    // From now on Ctrl-C means "at once".
    terminal.close();
    process.on('SIGINT', () => process.exit(EXIT.interrupted));
    await server?.stop();
  }
}

async function makeCompany(
  terminal: Terminal,
  sample: {
    bank: Parameters<typeof createSampleDatabase>[0];
    files: string;
    reader: { name: string; password: string };
    seed: number;
    scale: number;
  },
): Promise<void> {
  const began = performance.now();
  const world = buildWorld(sample.seed, sample.scale);
  const show = (rows: number): void => {
    if (terminal.signal.aborted) throw new AssayError('CANCELLED', 'Interrupted.');
    if (terminal.interactive)
      terminal.out(`\r\u001b[Kwriting the sample company: ${rows.toLocaleString('en-US')} rows`);
  };
  const inDatabase = await createSampleDatabase(sample.bank, bankDatabase(world, sample.reader), show);
  const inFiles = await writeFiles(sample.files, world);
  const counts = `${inDatabase.toLocaleString('en-US')} rows in the database, ${inFiles.toLocaleString('en-US')} in files`;
  terminal.out(
    `${terminal.interactive ? '\r\u001b[K' : ''}Sample company: ${counts} (${formatDuration(performance.now() - began)})\n`,
  );
}

/** Made at the first run; the second one signs in with it. */
async function keptPassword(folder: string): Promise<string> {
  const file = join(folder, 'admin-password');
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim();
  if (existsSync(join(folder, 'data'))) {
    throw new AssayError(
      'BAD_REQUEST',
      `${folder} has no admin-password any more: remove the folder, it holds nothing else.`,
    );
  }
  const password = randomBytes(15).toString('base64url');
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  return password;
}

function readNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= most) return value;
  throw new AssayError('BAD_REQUEST', `${flag}: received "${text}", expected a number from ${least} to ${most}`);
}

/** An abort listener alone does not keep the process alive, but the server's sockets do. */
const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
