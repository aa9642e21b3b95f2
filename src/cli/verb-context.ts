import type { Config } from '../config/settings.ts';
import type { Terminal } from './terminal.ts';

/** What every client verb gets. */
export interface VerbContext {
  terminal: Terminal;
  config: Config;
  /** Print what the API said, for machines. */
  json: boolean;
}
