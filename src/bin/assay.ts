import { Command, CommanderError } from 'commander';
import { addClientVerbs } from '../cli/client-verbs.ts';
import { describeError, EXIT, exitCodeOf } from '../cli/exit-codes.ts';
import { openTerminal, type Terminal } from '../cli/terminal.ts';
import { addServerVerbs } from './server-verbs.ts';
import { VERSION } from './version.ts';

/**
 * The `assay` command.
 *
 * @param args without program and script
 * @returns the exit code: 0 done, 1 job or command failed, 2 usage, 3 unreachable or unauthorised, 4 cancelled, 130 interrupted
 */
export async function main(args: string[]): Promise<number> {
  const terminal = openTerminal();
  let code: number = EXIT.done;
  const run = async (work: () => Promise<number>): Promise<void> => {
    code = await work();
  };
  const program = new Command('assay')
    .description('Assay: a data catalog that finds out what is in your databases and files')
    .version(VERSION)
    .enablePositionalOptions()
    .showHelpAfterError('(add --help for what is possible)')
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  addServerVerbs(program, terminal, run);
  addClientVerbs(program, terminal, run);
  try {
    await program.parseAsync(args, { from: 'user' });
    return terminal.signal.aborted && code === EXIT.cancelled ? EXIT.interrupted : code;
  } catch (error) {
    return explain(error, terminal);
  } finally {
    terminal.close();
  }
}

function explain(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  terminal.err(describeError(error));
  return terminal.signal.aborted ? EXIT.interrupted : exitCodeOf(error);
}

const EXIT_CODES = `
Exit codes: 0 done, 1 the job or command failed, 2 wrong use, 3 server unreachable or access refused, 4 cancelled, 130 interrupted.
`;
