import { setTimeout as pause } from 'node:timers/promises';

/** Reads until the state is as wanted. A timeout names what was waited for and what was last seen. */
export async function awaitState<T>(
  what: string,
  read: () => Promise<T>,
  wanted: (state: T) => boolean,
  timeoutMs = 45_000,
): Promise<T> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const state = await read();
    if (wanted(state)) return state;
    if (performance.now() > until)
      throw new Error(`waited ${timeoutMs} ms for ${what}; last seen: ${JSON.stringify(state)}`);
    await pause(25);
  }
}
