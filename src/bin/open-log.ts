import { type Logger, pino } from 'pino';
import { hideTokens } from '../model/api-key.ts';

/** JSON lines on standard error, or in a file: standard output belongs to what a person reads. */
export function openLog(level: string, file?: string): Logger {
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // The last net: no API key and no token in a line, whatever message it came in.
      hooks: { streamWrite: hideTokens },
    },
    pino.destination({ dest: file ?? 2, sync: true }),
  );
}
