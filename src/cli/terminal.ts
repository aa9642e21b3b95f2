/** Where a verb writes and what it may assume of its reader. Handed in, so that tests can look. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Standard output is a screen: bars move, tables fit. */
  interactive: boolean;
  /** Columns of the screen; infinite for a file or pipe. */
  columns(): number;
  /** Aborts at the first Ctrl-C or SIGTERM while a client verb waits. */
  signal: AbortSignal;
  /** Gives the signals back to whoever comes next. */
  close(): void;
}

export function openTerminal(): Terminal {
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  // A reader that goes away (`assay jobs list | head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    interactive: process.stdout.isTTY === true,
    columns: () => (process.stdout.isTTY ? process.stdout.columns || 80 : Number.POSITIVE_INFINITY),
    signal: interrupted.signal,
    close: () => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
    },
  };
}

/** Machines get exactly this: two-space JSON, keys in the order of the API, no colours. */
export const toJsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
