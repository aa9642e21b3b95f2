/** What is wrong with a JSON text, and where if the parser knows. Its own words may quote the text, which may hold a secret. */
export function jsonProblem(error: unknown): string {
  const place = error instanceof Error ? /position (\d+)/.exec(error.message) : null;
  return `not valid JSON${place ? ` (at character ${place[1]})` : ''}`;
}
