import { z } from 'zod';

/** One option of a job verb: a leaf of its request. */
export interface RequestField {
  /** Where it goes in the body: `['configs', 'buildSamples']`. */
  path: readonly string[];
  /** `--build-samples`; with its parent's name before it when two leaves share a name. */
  flag: string;
  kind: 'text' | 'number' | 'flag' | 'list' | 'json';
  says: string;
  choices?: readonly string[];
  required: boolean;
  fallback?: unknown;
}

interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  enum?: unknown[];
  required?: string[];
  description?: string;
  default?: unknown;
  anyOf?: JsonSchema[];
  $ref?: string;
}

/** The options of a job verb, from the schema of its request: nobody writes them a second time. Pure. */
export function requestFields(request: z.ZodType): RequestField[] {
  // Output types name what a lenient field becomes; input says what may be left out.
  const convert = (io: 'input' | 'output'): JsonSchema =>
    z.toJSONSchema(request, { io, unrepresentable: 'any', reused: 'inline' }) as JsonSchema;
  const fields = collect(convert('output'), convert('input'), []);
  const taken = new Map<string, number>();
  for (const field of fields) {
    const leaf = field.path.at(-1)!;
    taken.set(leaf, (taken.get(leaf) ?? 0) + 1);
  }
  return fields.map((field) => ({
    ...field,
    flag: `--${(taken.get(field.path.at(-1)!)! > 1 ? field.path : field.path.slice(-1)).map(toKebab).join('-')}`,
  }));
}

function collect(schema: JsonSchema, input: JsonSchema, path: readonly string[]): RequestField[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, output]) => {
    const given = input.properties?.[name] ?? {};
    const property = firstUseful(output);
    const here = [...path, name];
    if (property.type === 'object' && property.properties && Object.keys(property.properties).length > 0) {
      return collect(property, firstUseful(given), here);
    }
    const fallback = output.default ?? given.default;
    return [
      {
        path: here,
        flag: '',
        kind: kindOf(property),
        says: output.description ?? given.description ?? '',
        choices: property.enum?.every((one) => typeof one === 'string') ? (property.enum as string[]) : undefined,
        required: path.length === 0 && (input.required ?? []).includes(name),
        fallback,
      },
    ];
  });
}

/** Of alternatives the first that is not null. */
function firstUseful(schema: JsonSchema): JsonSchema {
  const choice = schema.anyOf?.find((one) => one.type !== 'null');
  return choice
    ? { ...choice, description: schema.description ?? choice.description, default: schema.default }
    : schema;
}

function kindOf(schema: JsonSchema): RequestField['kind'] {
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type;
  if (type === 'boolean') return 'flag';
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'array') return kindOf(firstUseful(schema.items ?? {})) === 'json' ? 'json' : 'list';
  if (type === 'string' || schema.enum) return 'text';
  return 'json';
}

const toKebab = (name: string): string =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
