/** The types of the contract's flat fields. `strings` also takes `[{"value": "…"}]`, the spelling of the original's own UI. */
export type FieldType = 'string' | 'number' | 'integer' | 'boolean' | 'strings' | 'objects' | 'object';

const NUMERIC = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;

/**
 * Brings a value that was meant for a type into that type: a number where a string is wanted (`port: 5432`), a numeric or
 * boolean string where a number or boolean is wanted; `null` and `""` mean absent (`undefined`). What cannot be brought
 * there is returned as it is, for the caller to refuse.
 */
export function coerceValue(type: FieldType, value: unknown): unknown {
  if (value === null || value === undefined || value === '') return undefined;
  if (type === 'string') return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  if (type === 'number' || type === 'integer')
    return typeof value === 'string' && NUMERIC.test(value) ? Number(value) : value;
  if (type === 'boolean') return typeof value === 'string' ? toBoolean(value) : value;
  if (type === 'strings' && Array.isArray(value)) return value.map(toListItem);
  return value;
}

/** Whether a coerced value has the type. */
export function hasType(type: FieldType, value: unknown): boolean {
  if (type === 'string' || type === 'boolean') return typeof value === type;
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value);
  if (type === 'integer') return Number.isSafeInteger(value);
  if (type === 'strings') return Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (type === 'objects') return Array.isArray(value) && value.every(isPlainObject);
  return isPlainObject(value);
}

/** What a type is called in a message. */
export const TYPE_WORDS: Record<FieldType, string> = {
  string: 'a string',
  number: 'a number',
  integer: 'an integer',
  boolean: 'true or false',
  strings: 'an array of strings',
  objects: 'an array of objects',
  object: 'an object',
};

/** Names the kind of a received value, never the value itself. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return value === undefined ? 'nothing' : `a ${typeof value}`;
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toBoolean(text: string): unknown {
  const lower = text.trim().toLowerCase();
  return lower === 'true' ? true : lower === 'false' ? false : text;
}

function toListItem(item: unknown): unknown {
  if (typeof item === 'number' || typeof item === 'boolean') return String(item);
  return isPlainObject(item) && typeof item.value === 'string' ? item.value : item;
}
