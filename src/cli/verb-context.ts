import type { Command } from 'commander';
import type { Config } from '../config/settings.ts';
import type { Terminal } from './terminal.ts';

/** What every client verb gets. */
export interface VerbContext {
  terminal: Terminal;
  config: Config;
  /** Print what the API said, for machines. */
  json: boolean;
}

/** Runs a verb and keeps its exit code; the verb's module is loaded only now. */
export type Run = (work: () => Promise<number>) => Promise<void>;
/** Adds a verb that talks to a server, with its examples. */
export type Verb = (parent: Command, usage: string, says: string, examples: string[]) => Command;
export type MakeContext = (options: Record<string, unknown>) => VerbContext;
