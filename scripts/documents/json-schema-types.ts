/** The part of JSON Schema that openapi.json uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

/** A JSON schema as a TypeScript type. What it does not know becomes `unknown`, never a guess. */
export function toType(schema: Schema, indent = ''): string {
  if (schema.$ref) return schema.$ref.split('/').at(-1)!;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum)
    return join(
      schema.enum.map((value) => JSON.stringify(value)),
      ' | ',
    );
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches)
    return join(
      branches.map((branch) => toType(branch, indent)),
      ' | ',
    );
  if (schema.allOf)
    return join(
      schema.allOf.map((branch) => group(toType(branch, indent))),
      ' & ',
    );
  if (Array.isArray(schema.type))
    return join(
      schema.type.map((type) => toType({ ...schema, type }, indent)),
      ' | ',
    );
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return `${group(toType(schema.items ?? {}, indent))}[]`;
    case 'object':
      return toObject(schema, indent);
    default:
      return 'unknown';
  }
}

function toObject(schema: Schema, indent: string): string {
  const { properties = {}, additionalProperties: more, required = [] } = schema;
  const rest = typeof more === 'object' ? toType(more, indent) : 'unknown';
  const open = more === true || typeof more === 'object';
  const names = Object.entries(properties);
  if (names.length === 0) return more === false ? 'Record<string, never>' : `Record<string, ${rest}>`;
  const inner = `${indent}  `;
  const members = names.map(([name, property]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    const optional = required.includes(name) ? '' : '?';
    return `${docComment(property.description, inner)}${inner}${key}${optional}: ${toType(property, inner)};\n`;
  });
  // Known members must fit the index signature, so it can promise no more than `unknown`.
  if (open) members.push(`${inner}[key: string]: unknown;\n`);
  return `{\n${members.join('')}${indent}}`;
}

/** A doc comment with a line break behind it; nothing for nothing. */
export function docComment(text: string | undefined, indent = ''): string {
  const line = (text ?? '').replaceAll('*/', '* /').replaceAll(/\s+/g, ' ').trim();
  return line === '' ? '' : `${indent}/** ${line} */\n`;
}

const join = (types: string[], by: string): string => [...new Set(types)].join(by) || 'unknown';
const group = (type: string): string => (/ [|&] /.test(type) && !type.startsWith('{') ? `(${type})` : type);
