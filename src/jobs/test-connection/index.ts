import type { JobRunner } from '../job.ts';
import type { TestConnectionInput } from './accept.ts';
import { runTestConnection } from './run.ts';

/**
 * TEST_CONNECTION tries a connection step by step and says of each step what was found, how long it took, and what to do. A
 * connection that does not work is a FAILED job and sets the source OFFLINE; a right that only a later job needs is a
 * warning. A test that goes elsewhere than the saved source (other host, database, …) leaves that one's status alone.
 */
export const testConnectionRunner: JobRunner<TestConnectionInput> = {
  name: 'TEST_CONNECTION',
  run: (_payload, context) => runTestConnection(context),
};
