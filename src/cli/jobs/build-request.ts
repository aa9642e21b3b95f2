import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { AssayError } from '../../errors/assay-error.ts';
import { jsonProblem } from '../../errors/json-problem.ts';
import type { RequestField } from './request-fields.ts';

/** Options that are ours and not the request's; a field of the same name is reached through --data. */
const OWN = new Set(['--data', '--source', '--watch', '--json', '--url', '--config', '--help', '--idempotency-key']);

export function addRequestOptions(command: Command, fields: readonly RequestField[]): void {
  for (const field of fields) {
    if (OWN.has(field.flag)) continue;
    const says = field.required ? `${field.says} (required)` : field.says;
    if (field.kind === 'flag') {
      command.addOption(new Option(`${field.flag} [yes|no]`, says));
      continue;
    }
    const value = { text: '<text>', number: '<number>', list: '<value...>', json: '<json>' }[field.kind];
    const option = new Option(`${field.flag} ${value}`, says);
    if (field.fallback !== undefined && field.fallback !== null) {
      option.description += ` (default: ${JSON.stringify(field.fallback)})`;
    }
    if (field.choices) option.choices([...field.choices]);
    command.addOption(option);
  }
}

/**
 * The body of the request from parsed options; what was not given stays out, so that the server's defaults hold.
 *
 * @param base the object of --data, which the options override
 * @throws AssayError BAD_REQUEST for a value that is not of the field's kind
 */
export function buildRequest(
  fields: readonly RequestField[],
  options: Record<string, unknown>,
  base: Record<string, unknown> = {},
): Record<string, unknown> {
  const body = structuredClone(base);
  for (const field of fields) {
    if (OWN.has(field.flag)) continue;
    const given = options[new Option(field.flag).attributeName()];
    if (given === undefined) continue;
    let place = body;
    for (const key of field.path.slice(0, -1)) {
      if (typeof place[key] !== 'object' || place[key] === null) place[key] = {};
      place = place[key] as Record<string, unknown>;
    }
    place[field.path.at(-1)!] = readValue(field, given);
  }
  return body;
}

/** Words, or what is written without spaces, are separated by commas; in a condition or a name with spaces commas are its own. */
const splitList = (given: string): string[] =>
  /[\s()'"]/.test(given) && !/^\w+(?:,\s*\w+)*$/.test(given)
    ? [given]
    : given
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== '');

function readValue(field: RequestField, given: unknown): unknown {
  const wrong = (expected: string): AssayError =>
    new AssayError('BAD_REQUEST', `${field.flag}: received ${JSON.stringify(given)}, expected ${expected}`);
  switch (field.kind) {
    case 'text':
      return given;
    case 'list':
      return (given as string[]).flatMap(splitList);
    case 'number': {
      const value = Number(given);
      if (String(given).trim() === '' || !Number.isFinite(value)) throw wrong('a number');
      return value;
    }
    case 'flag':
      if (given === true || /^(yes|true|1)$/i.test(String(given))) return true;
      if (/^(no|false|0)$/i.test(String(given))) return false;
      throw wrong('yes or no');
    case 'json':
      try {
        return JSON.parse(String(given));
      } catch {
        throw wrong('JSON');
      }
  }
}

/** `--data`: JSON as it is, or `@file` to read it from there, `@-` from standard input. */
export async function readData(data: string | undefined): Promise<Record<string, unknown>> {
  if (data === undefined) return {};
  let text = data;
  if (data.startsWith('@')) {
    const path = data.slice(1);
    try {
      text = path === '-' ? await readStdin() : await readFile(path, 'utf8');
    } catch (cause) {
      throw new AssayError('BAD_REQUEST', `--data: ${path} cannot be read: ${(cause as Error).message}`, { cause });
    }
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AssayError('BAD_REQUEST', `--data: ${jsonProblem(cause)}`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AssayError('BAD_REQUEST', '--data: expected a JSON object');
  }
  return value as Record<string, unknown>;
}

export async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
