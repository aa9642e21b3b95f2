import { z } from 'zod';
import { coerceValue, type FieldType, isPlainObject } from '../../model/coerce.ts';
import { nearestName } from '../../model/nearest-name.ts';

/** The part of JSON Schema that this reads. */
interface Shape {
  type?: string | string[];
  properties?: Record<string, Shape>;
  additionalProperties?: boolean | Shape;
  items?: Shape;
  anyOf?: Shape[];
  /** Without it the request means more: a key that is nearly its name is a slip, and not ignored. Of an object also each of its keys. */
  'x-narrows'?: boolean;
}

const shapes = new WeakMap<z.ZodType, Shape>();

/**
 * Brings a body into the types of its schema: numbers for strings and the other way round, `null` and `""` as absent; takes
 * out keys that the schema does not have, with a warning each, but for those that are nearly the name of a field that is marked `x-narrows`, or that lies in an object so marked. What does not fit is left for the validation to refuse.
 */
export function coerceBody(schema: z.ZodType, body: unknown): { value: unknown; warnings: string[] } {
  let shape = shapes.get(schema);
  if (!shape) {
    shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Shape;
    shapes.set(schema, shape);
  }
  const warnings: string[] = [];
  return { value: coerce(shape, body, '', warnings), warnings };
}

/** So many warnings of unknown keys are kept. */
const WARNINGS = 50;

function coerce(shape: Shape, value: unknown, path: string, warnings: string[]): unknown {
  if (isPlainObject(value) && shape.properties) return coerceObject(shape, value, path, warnings);
  if (Array.isArray(value) && shape.type === 'array') {
    const items = shape.items;
    if (items?.type === 'string') return coerceValue('strings', value);
    return items ? value.map((item, index) => coerce(items, item, `${path}${index}.`, warnings)) : value;
  }
  const type = fieldType(shape);
  return type === undefined ? value : coerceValue(type, value);
}

function coerceObject(shape: Shape, value: Record<string, unknown>, path: string, warnings: string[]): unknown {
  const result: Record<string, unknown> = {};
  const open = isPlainObject(shape.additionalProperties) || shape.additionalProperties === true;
  const all = shape['x-narrows'] === true;
  const narrowing = Object.entries(shape.properties ?? {}).flatMap(([key, one]) =>
    all || one['x-narrows'] ? [key] : [],
  );
  for (const [key, inner] of Object.entries(value)) {
    const known = shape.properties && Object.hasOwn(shape.properties, key) ? shape.properties[key] : undefined;
    if (!known && !open && isSlipOf(narrowing, key)) result[key] = inner;
    else if (!known && !open) {
      if (warnings.length < WARNINGS) warnings.push(`${path}${key.slice(0, 100)}: not a known key; ignored`);
    }
    if (!known && !open) continue;
    if (known && (inner === null || inner === '')) {
      if (open) result[key] = inner;
      continue;
    }
    result[key] = known ? coerce(known, inner, `${path}${key}.`, warnings) : inner;
  }
  return result;
}

const isSlipOf = (names: readonly string[], key: string): boolean =>
  names.length > 0 && nearestName(key.slice(0, 100), names) !== undefined;

function fieldType(shape: Shape): FieldType | undefined {
  const type = shape.type ?? shape.anyOf?.find((branch) => branch.type !== 'null')?.type;
  return type === 'string' || type === 'number' || type === 'integer' || type === 'boolean' ? type : undefined;
}
