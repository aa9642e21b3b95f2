import type { Command } from 'commander';
import { exampleText } from '../cli/example-text.ts';
import { addSettings, configOf } from '../cli/settings-options.ts';
import type { Terminal } from '../cli/terminal.ts';
import type { SettingName } from '../config/settings.ts';

type Run = (work: () => Promise<number>) => Promise<void>;

const WORKER: SettingName[] = ['workerName', 'affinities', 'slots', 'taskMemoryMb', 'fileRoots'];

/** The verbs that open the store themselves. Each imports its module only when it is called. */
export function addServerVerbs(program: Command, terminal: Terminal, run: Run): void {
  const verb = (parent: Command, usage: string, says: string, settings: SettingName[], examples: string[]): Command =>
    addSettings(parent.command(usage).description(says), settings).addHelpText('after', exampleText(examples));
  // These stop on their own terms: the terminal's signal is for the verbs that wait for a server.
  const own = (work: () => Promise<number>): Promise<void> => {
    terminal.close();
    return run(work);
  };

  verb(
    program,
    'serve',
    'start the server, with a worker in it; without DATABASE_URL it brings its own PostgreSQL',
    ['dataDir', 'host', 'port', 'tlsCert', 'tlsKey', 'logLevel', 'worker', ...WORKER],
    ['assay serve --port 8080 --data ./assay-data', 'DATABASE_URL=postgresql://… assay serve --no-worker'],
  ).action((options) => own(async () => (await import('./serve.ts')).serve(configOf(options))));

  verb(
    program,
    'worker',
    'start a worker for a server that runs elsewhere',
    ['dataDir', 'logLevel', ...WORKER],
    ['assay worker --affinity EU --slots 4 --name w1', 'DATABASE_URL=postgresql://… ASSAY_SECRET_KEY=… assay worker'],
  ).action((options) => own(async () => (await import('./worker.ts')).work(configOf(options))));

  verb(program, 'migrate', 'bring the database up to this version', ['dataDir'], ['assay migrate --dry-run'])
    .option('--dry-run', 'only list what would be applied')
    .option('--json', 'print JSON, for machines')
    .action((options) =>
      run(async () => (await import('./maintain.ts')).migrateStore(configOf(options), terminal, options)),
    );
  verb(
    program,
    'backup <file>',
    'copy everything the catalog knows into a file',
    ['dataDir'],
    ['assay backup catalog.gz'],
  ).action((file, options) =>
    run(async () => (await import('./maintain.ts')).backupStore(configOf(options), terminal, file)),
  );
  verb(
    program,
    'restore <file>',
    'fill an empty database from a backup',
    ['dataDir'],
    ['assay restore catalog.gz --data ./new-folder', 'DATABASE_URL=postgresql://… assay restore catalog.gz'],
  ).action((file, options) =>
    run(async () => (await import('./maintain.ts')).restoreStore(configOf(options), terminal, file)),
  );

  const key = program.command('key').description('the key that encrypts stored secrets');
  verb(
    key,
    'show-fingerprint',
    'which key this database was started with; the key itself is never shown',
    ['dataDir'],
    ['assay key show-fingerprint'],
  ).action((options) => run(async () => (await import('./maintain.ts')).showFingerprint(configOf(options), terminal)));
  verb(
    key,
    'rotate',
    'encrypt every stored secret with a new key; servers and workers must be stopped',
    ['dataDir'],
    ['assay key rotate', 'assay key rotate --new-key-file new.key'],
  )
    .option('--new-key-file <file>', 'file with the new key; needed where the key comes from ASSAY_SECRET_KEY')
    .action((options) =>
      run(async () => (await import('./maintain.ts')).rotateSecretKey(configOf(options), terminal, options.newKeyFile)),
    );

  verb(
    program,
    'demo',
    'start everything with a sample company in it, run every kind of job and tell what was found',
    ['port', 'logLevel'],
    ['assay demo', 'assay demo --exit --scale 0.05'],
  )
    .option('--exit', 'end after the jobs; by itself where no terminal is attached')
    .option('--scale <share>', 'size of the sample company: 1 is 300,000 rows', '1')
    .option('--seed <number>', 'another company', '1')
    .option('--folder <folder>', 'where it lives', './assay-demo')
    .action((options) => own(async () => (await import('./demo.ts')).demo(options)));
}
