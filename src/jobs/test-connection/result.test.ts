import { expect, test } from 'vitest';
import type { TestStep } from '../../connectors/connector.ts';
import type { FinishedTask } from '../job.ts';
import type { TestConnectionInput } from './accept.ts';
import { concludeTestConnection } from './result.ts';

const warning = (name: string, reason: string): TestStep => ({ name, outcome: 'warning', ms: 1, reason, remedy: '' });
const messageOf = (...steps: TestStep[]) =>
  concludeTestConnection([{ part: { steps } } as unknown as FinishedTask], {
    title: 'sales',
  } as TestConnectionInput).message;

test('only rights are missed by later jobs; what else is wrong is a warning', () => {
  const open = warning('encrypt', 'not encrypted');
  const right = warning('right: profiling', 'no SELECT on t');
  expect(messageOf()).toBe('The connection to "sales" works.');
  expect(messageOf(open)).toBe('The connection to "sales" works. Warnings: encrypt (not encrypted).');
  expect(messageOf(right)).toBe(
    'The connection to "sales" works. Later jobs will miss: right: profiling (no SELECT on t)',
  );
  expect(messageOf(open, right)).toBe(
    'The connection to "sales" works. Warnings: encrypt (not encrypted). Later jobs will miss: right: profiling (no SELECT on t)',
  );
});
