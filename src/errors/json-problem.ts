/** What is wrong with a JSON text, and where if the parser knows. Its own words may quote the text, which may hold a secret. */
export function jsonProblem(error: unknown): string {
  const said = error instanceof Error ? error.message : '';
  const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(said) ?? [];
  if (line !== undefined) return `not valid JSON (at line ${line}, column ${column})`;
  if (said === 'Unexpected end of JSON input') return 'not valid JSON (it ends too early)';
  const [, at] = /position (\d+)/.exec(said) ?? [];
  return `not valid JSON${at === undefined ? '' : ` (at character ${at})`}`;
}
