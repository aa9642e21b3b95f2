import type { PatternSpec } from '../pattern-spec.ts';
import { INTERNET } from './internet.ts';

/** Every built-in data pattern. */
export const PATTERN_SPECS: readonly PatternSpec[] = [...INTERNET];
