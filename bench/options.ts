import { parseArgs } from 'node:util';

/**
 * Numbers from the command line, by name: `--rows 2000000`. `--help` prints the usage and ends the process; an option that
 * there is not, or a value that is no number, ends it with code 2.
 *
 * @param usage what the bench measures, and examples
 */
export function readNumbers<Name extends string>(
  usage: string,
  fallbacks: Readonly<Record<Name, number>>,
): Record<Name, number> {
  const names = Object.keys(fallbacks) as Name[];
  const fail = (problem: string): never => {
    console.error(`${problem}\n\n${usage}`);
    process.exit(2);
  };
  let given: Record<string, string | boolean | undefined> = {};
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
    given = parseArgs({ options: { ...options, help: { type: 'boolean' } } }).values;
  } catch (error) {
    fail((error as Error).message);
  }
  if (given['help']) {
    console.log(`${usage}\n\n${names.map((name) => `  --${name} (${fallbacks[name]})`).join('\n')}`);
    process.exit(0);
  }
  return Object.fromEntries(
    names.map((name) => {
      const text = given[name];
      const value = text === undefined ? fallbacks[name] : Number(text);
      return [name, value >= 0 ? value : fail(`--${name}: received "${text}", expected a number of 0 or more`)];
    }),
  ) as Record<Name, number>;
}
