import { v5 as nameBased } from 'uuid';
import type { MethodKind } from '../method.ts';

/** Namespace of the ids of built-in methods (RFC 9562, version 5). Never changes: people's settings refer to the ids. */
const NAMESPACE = '6f1d3c8e-5b0a-4f0e-9c55-0c1f6a2d7e90';

/** The id of a built-in method: always the same for the same name. */
export function builtInId(kind: MethodKind, name: string): string {
  return nameBased(`${kind}:${name}`, NAMESPACE);
}
