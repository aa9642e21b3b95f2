import { AssayError } from '../errors/assay-error.ts';
import { toStorable } from '../model/storable-text.ts';

/** Why a process ended, in words. Running out of memory is told apart: trying again would end the same way. */
export function crashError(
  code: number | null,
  signal: NodeJS.Signals | null,
  words: string,
  tooLarge: boolean,
  limitMb: number,
): AssayError {
  if (tooLarge || /heap out of memory|std::bad_alloc|Cannot allocate memory/i.test(words)) {
    return new AssayError(
      'OUT_OF_MEMORY',
      `it needed more than the ${limitMb} MB of memory that a task may use (--task-memory)`,
    );
  }
  const end = signal ? `signal ${signal}` : `exit code ${code}`;
  const last = toStorable(words.trim().split('\n').slice(-3).join(' ').slice(0, 500));
  return new AssayError('TASK_CRASHED', `its process ended with ${end}${last ? `: ${last}` : ''}`);
}
