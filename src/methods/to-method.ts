import { readDefinition } from '../identify/definition/read-definition.ts';
import type { Method } from '../identify/method.ts';
import { validators } from '../identify/validators/index.ts';
import type { StoredMethod } from '../store/methods/read-methods.ts';

const NAMES = Object.keys(validators);

/**
 * A stored method as it is asked. Its version is the stored one, which knows the terms, too.
 *
 * @throws AssayError BAD_REQUEST where an earlier version took a definition that this one cannot use
 */
export function toMethod(stored: StoredMethod): Method {
  const { id, kind, enabled, builtIn, version, definition } = stored;
  const options = { id, builtIn, validators: NAMES };
  const read =
    kind === 'dictionary'
      ? { ...readDefinition(definition, { ...options, kind }).method, cardinality: stored.cardinality }
      : readDefinition(definition, { ...options, kind }).method;
  return { ...read, id, name: stored.name, enabled, version };
}
