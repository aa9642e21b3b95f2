/**
 * The longest line, and the buffer DuckDB reads into: several of them at once, and 16 times the longest line unless told
 * otherwise. A sixteenth of the memory for a line lets a task of 256 MB read values of 10 MB; 64 MB is the most at all.
 */
export function csvLimits(memoryMb: number): string {
  const maxLineBytes = longestLine(memoryMb);
  return `max_line_size = ${maxLineBytes}, buffer_size = ${maxLineBytes * 2}`;
}

/** Bytes of the longest line that is read within so much memory. */
export const longestLine = (memoryMb: number): number =>
  Math.min(Math.max(Math.floor((memoryMb / 16) * 1024 * 1024), 2 ** 21), 2 ** 26);
