import type { z } from 'zod';

/** One row of the table of settings. */
export interface Setting<T = unknown> {
  group: 'store' | 'security' | 'single sign-on' | 'server' | 'worker' | 'retention' | 'client';
  /** Environment variable. */
  env: string;
  /** Command-line flag in commander's notation. Secrets have none: arguments can be read by every user of a machine. */
  flag?: string;
  /** Turns what was given (text, or JSON from a file) into the value; fails with what was expected. */
  kind: z.ZodType<T>;
  /** Absent: the setting may be left out and is then undefined. */
  fallback?: () => Exclude<T, undefined>;
  /** How the default is written in the documentation when it is not the same everywhere. */
  fallbackText?: string;
  meaning: string;
  /** Never shown in a message. */
  secret?: true;
}

export const setting = <T>(row: Setting<T>): Setting<T> => row;
