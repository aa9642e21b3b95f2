import type { Command } from 'commander';
import type { MakeContext, Run, Verb } from './verb-context.ts';

/** `assay dictionaries …` and `assay patterns …`: the same verbs for both kinds of identification methods. */
export function addMethodVerbs(program: Command, verb: Verb, context: MakeContext, run: Run): void {
  addKind(program, verb, context, run, {
    noun: 'dictionaries',
    path: '/dictionaries',
    says: 'lists of words that columns are held against',
    name: 'Colours',
    files: ['methods.zip', 'colours.csv --name Colours', 'colours.json'],
  });
  addKind(program, verb, context, run, {
    noun: 'patterns',
    path: '/data-patterns',
    says: 'patterns and regular expressions that columns are held against',
    name: '"Order number"',
    files: ['patterns.zip', 'order-number.json'],
  });
}

interface Kind {
  noun: string;
  path: '/dictionaries' | '/data-patterns';
  says: string;
  /** For the examples. */
  name: string;
  files: string[];
}

function addKind(program: Command, verb: Verb, context: MakeContext, run: Run, kind: Kind): void {
  const { noun, path, name, files } = kind;
  const load = () => import('./verbs/methods.ts');
  const parent = program.command(noun).description(kind.says);
  verb(parent, 'list', `all ${noun}, by name`, [
    `assay ${noun} list`,
    `assay ${noun} list --name order --own`,
    `assay ${noun} list --disabled --json`,
  ])
    .option('--name <text>', 'only those with this in their name')
    .option('--category <category>', 'only those of this category')
    .option('--own', 'only those that did not come with Assay')
    .option('--disabled', 'only those that are switched off')
    .action((options) => run(async () => (await load()).listMethods(context(options), path, options)));
  verb(parent, 'show <method>', 'one of them, by name or id', [`assay ${noun} show ${name}`]).action((given, options) =>
    run(async () => (await load()).showMethod(context(options), path, given)),
  );
  const imported = verb(
    parent,
    'import <file...>',
    'take zips or JSON files in; a member that is wrong hinders no other, and makes the exit code 1',
    files.map((file) => `assay ${noun} import ${file}`),
  );
  if (path === '/dictionaries')
    imported
      .option('--name <name>', 'name of the dictionary that a CSV makes; that of the file when left out')
      .option('--tag <tag>', 'tag of the columns that match it; the name when left out');
  imported.action((given, options) =>
    run(async () => (await load()).importMethods(context(options), path, given, options)),
  );
  verb(parent, 'export [method...]', 'write them into a zip; without names all that did not come with Assay', [
    `assay ${noun} export`,
    `assay ${noun} export ${name} -o one.zip`,
  ])
    .option('-o, --output <file>', 'where to', `${noun}.zip`)
    .action((given, options) => run(async () => (await load()).exportMethods(context(options), path, given, options)));
  for (const [word, says] of [
    ['enable', 'switch one on'],
    ['disable', 'switch one off; jobs leave it out'],
  ] as const)
    verb(parent, `${word} <method>`, says, [`assay ${noun} ${word} ${name}`]).action((given, options) =>
      run(async () => (await load()).switchMethod(context(options), path, given, word)),
    );
  verb(parent, 'remove <method>', 'delete one', [`assay ${noun} remove ${name} --yes`])
    .option('--yes', 'do not ask')
    .action((given, options) =>
      run(async () => (await load()).removeMethod(context(options), path, given, options.yes === true)),
    );
}
