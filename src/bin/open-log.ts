import { type Logger, pino } from 'pino';

/** JSON lines on standard error, or in a file: standard output belongs to what a person reads. */
export function openLog(level: string, file?: string): Logger {
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ dest: file ?? 2, sync: true }),
  );
}
