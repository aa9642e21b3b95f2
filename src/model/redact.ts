import { isPlainObject } from './coerce.ts';
import { SECRET_FIELDS } from './source-fields.ts';

export const MASK = '******';

const SECRET_NAMES = new Set(['secrets', 'encryptedPassword', ...SECRET_FIELDS]);

/** A copy in which every secret field, at any depth, is `******`; what stands under `secrets` is masked value by value. */
export function maskSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskSecrets);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, SECRET_NAMES.has(key) ? maskAll(inner) : maskSecrets(inner)]),
  );
}

function maskAll(value: unknown): unknown {
  if (!isPlainObject(value)) return value === null || value === undefined || value === '' ? value : MASK;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, maskAll(inner)]));
}
