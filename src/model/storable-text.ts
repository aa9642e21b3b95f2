/**
 * PostgreSQL stores neither U+0000 nor half of a surrogate pair. Names and values of a source may hold both; they are kept
 * as U+FFFD and the object is flagged, so that nobody takes the stored name for the true one.
 */
export function toStorable(text: string): string {
  return text.includes('\u0000') || !text.isWellFormed() ? text.toWellFormed().replaceAll('\u0000', '\ufffd') : text;
}

/** Compact JSON, storable as jsonb. `replaced` is true when a character had to go. */
export function toStorableJson(value: object): { json: string; replaced: boolean } {
  const json = JSON.stringify(value);
  // JSON.stringify writes both kinds as escapes; an escaped backslash before `u` only costs us the slow path.
  if (!/\\u(0000|d[89a-f])/i.test(json)) return { json, replaced: false };
  const clean = JSON.stringify(cleanDeep(JSON.parse(json)));
  return { json: clean, replaced: clean !== json };
}

function cleanDeep(value: unknown): unknown {
  if (typeof value === 'string') return toStorable(value);
  if (Array.isArray(value)) return value.map(cleanDeep);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [toStorable(key), cleanDeep(inner)]));
}
