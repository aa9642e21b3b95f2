import type { Command } from 'commander';
import { exampleText } from './example-text.ts';
import { addMethodVerbs } from './method-verbs.ts';
import { addSettings, configOf } from './settings-options.ts';
import type { Terminal } from './terminal.ts';
import type { MakeContext, Run, Verb, VerbContext } from './verb-context.ts';

/** The verbs that talk to a server by its REST API. Each imports its module only when it is called. */
export function addClientVerbs(program: Command, terminal: Terminal, run: Run): void {
  const context = (options: Record<string, unknown>): VerbContext => ({
    terminal,
    // Only these are settings here: `--name` and `--host` of a verb are its own, not those of a server.
    config: configOf({ url: options.url, config: options.config }),
    json: options.json === true,
  });
  const client = (command: Command): Command =>
    addSettings(command.option('--json', 'print the JSON of the API, for machines'), ['serverUrl']);
  const verb = (parent: Command, usage: string, says: string, examples: string[]): Command =>
    client(parent.command(usage).description(says)).addHelpText('after', exampleText(examples));

  verb(program, 'login', 'sign in at a server; the tokens are kept in ~/.config/assay/credentials.json', [
    'assay login --url http://127.0.0.1:8080',
    'echo "$PASSWORD" | assay login --username erika --password-stdin',
    'assay login --sso',
  ])
    .option('--username <name>', 'user name', 'admin')
    .option('--password-stdin', 'read the password from standard input')
    .option('--sso', 'sign in at the OpenID Connect issuer that the server names, in a browser')
    .option('--issuer <url>', 'at which one, when there are several')
    .action((options) => run(async () => (await import('./verbs/login.ts')).login(context(options), options)));
  verb(program, 'logout', 'forget the tokens of a server', ['assay logout']).action((options) =>
    run(async () => (await import('./verbs/login.ts')).logout(context(options))),
  );

  addSources(program, verb, context, run);
  addJobs(program, verb, context, run, terminal);

  addMethodVerbs(program, verb, context, run);

  addKeys(program, verb, context, run);

  const entities = program.command('entities').description('what was found in the data sources');
  verb(entities, 'list [place]', 'what lies directly below a data source or entity; without a place, the sources', [
    'assay entities list',
    'assay entities list bank/crm',
  ]).action((place, options) =>
    run(async () => (await import('./verbs/entities.ts')).listEntities(context(options), place)),
  );
  verb(entities, 'tree <place>', 'everything below a data source or entity', ['assay entities tree bank --depth 2'])
    .option('--depth <levels>', 'how deep', '3')
    .action((place, options) =>
      run(async () => (await import('./verbs/entities.ts')).showTree(context(options), place, options.depth)),
    );
  verb(entities, 'show <place>', 'one entity in full', [
    'assay entities show bank/crm/customer',
    'assay entities show 0199f3a2-7c11-7bb2-9b1d-5a0f0f6ad001 --json',
  ]).action((place, options) =>
    run(async () => (await import('./verbs/entities.ts')).showEntity(context(options), place)),
  );
  verb(entities, 'filter', 'entities by type, name, source', [
    'assay entities filter --type COLUMN --name email',
    'assay entities filter --source bank --type VIEW --json',
  ])
    .option('--type <type...>', 'RESOURCE, SCHEMA, TABLE, VIEW, COLUMN, FOLDER or FILE')
    .option('--name <name...>', 'exact names')
    .option('--source <source...>', 'data sources, by name, fqdnId or id')
    .option('--below <place>', 'only below this entity')
    .option('--limit <number>', 'how many at most', '200')
    .action((options) =>
      run(async () => (await import('./verbs/entities.ts')).filterEntities(context(options), options)),
    );

  verb(program, 'search [words...]', 'find entities by words of their names, paths, descriptions, tags and terms', [
    'assay search customer email',
    'assay search crm.customer.email',
    'assay search gdpr --type TABLE --source bank --json',
  ])
    .option('--type <type...>', 'RESOURCE, SCHEMA, TABLE, VIEW, COLUMN, FOLDER or FILE')
    .option('--source <source...>', 'data sources, by name, fqdnId or id')
    .option('--tag <tag...>', 'only with one of these tags')
    .option('--page <number>', 'which page', '1')
    .option('--limit <number>', 'rows per page', '20')
    .action((words, options) =>
      run(async () => (await import('./verbs/search.ts')).search(context(options), words, options)),
    );

  const profile = program.command('profile').description('what profiling found');
  verb(profile, 'show <place>', 'the profile of a table, file or column', [
    'assay profile show bank/crm/customer',
    'assay profile show bank/crm/customer/email',
    'assay profile show bank/crm/customer --samples',
  ])
    .option('--samples', 'the sample rows instead')
    .action((place, options) =>
      run(async () => {
        const { showProfile, showSamples } = await import('./verbs/profile.ts');
        return options.samples === true ? showSamples(context(options), place) : showProfile(context(options), place);
      }),
    );

  verb(profile, 'history <place>', 'the profiles of a table, file or column that are kept, newest first', [
    'assay profile history bank/crm/customer',
  ]).action((place, options) =>
    run(async () => (await import('./verbs/profile-history.ts')).showHistory(context(options), place)),
  );
  verb(program, 'compare <place> [other]', 'what changed since the profile before, or between two tables or columns', [
    'assay compare bank/crm/customer',
    'assay compare bank/crm/customer --before 17 --after 42',
    'assay compare test/crm/customer production/crm/customer --json',
  ])
    .option('--before <profile>', 'the earlier profile, by its number in `assay profile history`')
    .option('--after <profile>', 'the later one; the current one when left out')
    .action((place, other, options) =>
      run(async () => (await import('./verbs/profile-history.ts')).compare(context(options), [place, other], options)),
    );
  verb(program, 'report <place-or-job>', 'write a report of a table, or of a profiling job, as one HTML file', [
    'assay report bank/crm/customer',
    'assay report 6852ca4a50c4d05ad04a7490 -o nightly.html',
  ])
    .option('-o, --output <file>', 'where to; - is standard output')
    .action((given, options) =>
      run(async () => (await import('./verbs/profile-history.ts')).writeReport(context(options), given, options)),
    );

  addIdentification(program, verb, context, run);

  const users = program.command('users').description('who may do what (administrators)');
  verb(users, 'list', 'all users', ['assay users list']).action((options) =>
    run(async () => (await import('./verbs/users.ts')).listUsers(context(options))),
  );
  verb(users, 'add <username>', 'add a user; the password is asked for or read from standard input', [
    'assay users add erika --role data_steward --email erika@example.org',
  ])
    .option('--role <role...>', 'admin, data_steward, data_storage_administrator, data_developer, business_steward, …')
    .option('--email <address>', 'e-mail address')
    .option('--first-name <name>')
    .option('--last-name <name>')
    .option('--password-stdin', 'read the password from standard input')
    .action((username, options) =>
      run(async () => (await import('./verbs/users.ts')).addUser(context(options), username, options)),
    );
  verb(users, 'remove <username>', 'remove a user', ['assay users remove erika']).action((username, options) =>
    run(async () => (await import('./verbs/users.ts')).removeUser(context(options), username)),
  );
}

function addKeys(program: Command, verb: Verb, context: MakeContext, run: Run): void {
  const keys = program.command('keys').description('API keys for machines');
  verb(keys, 'create <name>', 'make a key; it is shown this once', [
    'assay keys create "nightly profiling" --scope read runJobs --days 90',
    'export ASSAY_API_KEY=$(assay keys create ci --scope read --quiet)',
  ])
    .option(
      '--scope <right...>',
      'read, manageSources, runJobs, viewSamples, editRules, editAttributes; all of yours when left out',
    )
    .option('--days <number>', 'how long it lives; as long as the server allows when left out')
    .option('--quiet', 'print the key and nothing else')
    .action((name, options) =>
      run(async () => (await import('./verbs/keys.ts')).createKey(context(options), name, options)),
    );
  verb(keys, 'list', 'your keys, without their secrets', ['assay keys list', 'assay keys list --all'])
    .option('--all', "everybody's, for administrators")
    .action((options) =>
      run(async () => (await import('./verbs/keys.ts')).listKeys(context(options), options.all === true)),
    );
  verb(keys, 'revoke <key>', 'end a key, named by its id, its name or how it begins', [
    'assay keys revoke ci',
    'assay keys revoke assay_4fKd9Q',
  ]).action((key, options) => run(async () => (await import('./verbs/keys.ts')).revokeKey(context(options), key)));
}

function addIdentification(program: Command, verb: Verb, context: MakeContext, run: Run): void {
  verb(program, 'evidence <place>', 'tags, terms and sensitivity of a table or column, and why it has them', [
    'assay evidence bank/crm/customer',
    'assay evidence bank/crm/customer/email --all',
  ])
    .option('--all', 'what was taken back, too')
    .action((place, options) =>
      run(async () => (await import('./verbs/evidence.ts')).showEvidence(context(options), place, options)),
    );
  verb(
    program,
    'feasibility <place...>',
    'which dictionaries and data patterns could not judge which columns, and why',
    [
      'assay feasibility bank/crm',
      'assay feasibility bank/crm/customer --pattern 052bcfe0-cca0-4d94-af76-b1c674545b2e --json',
    ],
  )
    .option(
      '--dictionary <method...>',
      'only these dictionaries, by name or id; all methods that are enabled when none is given',
    )
    .option('--pattern <method...>', 'only these data patterns, by name or id')
    .option('--limit <number>', 'how many lines at most; with --json how many pairs', '100')
    .action((places, options) =>
      run(async () => (await import('./verbs/feasibility.ts')).showFeasibility(context(options), places, options)),
    );
  verb(program, 'try-method <column>', 'what a dictionary or data pattern says of a column; nothing is written', [
    'assay try-method bank/crm/customer/email --method 052bcfe0-cca0-4d94-af76-b1c674545b2e',
    'assay try-method bank/crm/customer/city --definition cities.json --terms cities.txt',
  ])
    .option('--method <method>', 'a saved one, by name or id')
    .option('--definition <file>', 'or one that is not saved, as JSON')
    .option('--terms <file>', 'terms of a dictionary that is not saved, one a line')
    .action((place, options) =>
      run(async () => (await import('./verbs/try-method.ts')).tryMethod(context(options), place, options)),
    );
}

function addSources(program: Command, verb: Verb, context: MakeContext, run: Run): void {
  const sources = program.command('sources').description('databases and folders that Assay looks into');
  verb(sources, 'list', 'all data sources', ['assay sources list']).action((options) =>
    run(async () => (await import('./verbs/sources.ts')).listSources(context(options))),
  );
  verb(sources, 'show <source>', 'one data source, by name, fqdnId or id', ['assay sources show bank --json']).action(
    (source, options) => run(async () => (await import('./verbs/sources.ts')).showSource(context(options), source)),
  );
  verb(sources, 'add <name>', 'add a data source', [
    'assay sources add bank --type POSTGRES --host db.example --database bank --user reader',
    'assay sources add papers --type FS --path /srv/papers',
    'assay sources add books --data @books.json',
  ])
    .option('--type <databaseType>', 'POSTGRES, SQLITE, FS, …')
    .option('--host <host>')
    .option('--port <port>')
    .option('--database <name>', 'database name')
    .option('--path <path>', 'file or folder')
    .option('--user <name>', 'user name; its password is asked for or read from standard input')
    .option('--password-stdin', 'read the password from standard input')
    .option('--affinity <label>', 'which workers reach it')
    .option('--data <json>', 'any other field of a data source, as JSON or @file')
    .action((name, options) =>
      run(async () => (await import('./verbs/sources.ts')).addSource(context(options), name, options)),
    );
  verb(sources, 'test <source>', 'test the connection, step by step', ['assay sources test bank']).action(
    (source, options) => run(async () => (await import('./verbs/sources.ts')).testSource(context(options), source)),
  );
  verb(sources, 'remove <source>', 'remove a data source with everything it brought', [
    'assay sources remove bank --yes',
  ])
    .option('--yes', 'do not ask')
    .action((source, options) =>
      run(async () =>
        (await import('./verbs/sources.ts')).removeSource(context(options), source, options.yes === true),
      ),
    );
}

function addJobs(program: Command, verb: Verb, context: MakeContext, run: Run, terminal: Terminal): void {
  const jobs = program.command('jobs').description('work that was asked for');
  jobs
    .command('start')
    .description('start a job; `assay jobs start` names the types, `assay jobs start <type> --help` their options')
    .argument('[type]')
    .argument('[options...]')
    .helpOption(false)
    .allowUnknownOption()
    .action((_type, _rest, _options, command: Command) =>
      run(async () => (await import('./verbs/start-job.ts')).startJob(command.args, terminal)),
    );
  verb(jobs, 'list', 'jobs, newest first', ['assay jobs list --status RUNNING', 'assay jobs list --name DATA_PROFILE'])
    .option('--status <status...>', 'ACCEPTED, RUNNING, CANCELLING, COMPLETED, FAILED or CANCELLED')
    .option('--name <name...>', 'job names, e.g. METADATA_INGEST')
    .option('--limit <number>', 'how many at most', '20')
    .action((options) => run(async () => (await import('./verbs/jobs.ts')).listJobs(context(options), options)));
  verb(jobs, 'show <id>', 'one job: what it did, its tasks, its last events', [
    'assay jobs show 6852ca4a50c4d05ad04a7490',
  ]).action((id, options) => run(async () => (await import('./verbs/jobs.ts')).showJob(context(options), id)));
  verb(jobs, 'watch <id>', 'follow a job to its end; the exit code tells how it ended', [
    'assay jobs watch 6852ca4a50c4d05ad04a7490',
  ]).action((id, options) => run(async () => (await import('./verbs/jobs.ts')).watch(context(options), id)));
  verb(jobs, 'cancel <id>', 'cancel a job', ['assay jobs cancel 6852ca4a50c4d05ad04a7490']).action((id, options) =>
    run(async () => (await import('./verbs/jobs.ts')).cancel(context(options), id)),
  );
  verb(jobs, 're-run <id>', 'start a new job with the same input', [
    'assay jobs re-run 6852ca4a50c4d05ad04a7490 --watch',
  ])
    .option('--watch', 'follow it to its end')
    .action((id, options) =>
      run(async () => (await import('./verbs/jobs.ts')).reRun(context(options), id, options.watch === true)),
    );
}
