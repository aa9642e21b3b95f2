/** One step down from a column into its values. */
export type Step =
  /** A field of a struct, a member of a union, a key of a JSON object. */
  | { kind: 'field'; name: string }
  /** Every element of an array. */
  | { kind: 'element' }
  /** Every entry of a map; behind it come the fields `key` and `value`. */
  | { kind: 'entry' };

export const field = (name: string): Step => ({ kind: 'field', name });
export const ELEMENT: Step = { kind: 'element' };
export const ENTRY: Step = { kind: 'entry' };

/** Letters, digits and the signs that need no quotes: not the ones that paths are made of. */
const PLAIN = /^[\p{L}\p{M}\p{N}_$@#:+-]+$/u;

/**
 * `orders[].sku`, `attrs{}.key`; a name with any other sign stands in brackets and quotes, as in JSONPath (RFC 9535):
 * `address['zip.code']`. Different steps have different texts. Pure.
 */
export const formatPath = (column: string, steps: readonly Step[]): string =>
  steps.map(formatStep).reduce((path, step) => path + step, PLAIN.test(column) ? column : quoted(column));

function formatStep(step: Step): string {
  if (step.kind === 'element') return '[]';
  if (step.kind === 'entry') return '{}';
  return PLAIN.test(step.name) ? `.${step.name}` : quoted(step.name);
}

const quoted = (name: string): string => `['${name.replace(/['\\]/g, '\\$&')}']`;
