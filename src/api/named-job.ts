import type { z } from 'zod';
import { AssayError } from '../errors/assay-error.ts';
import type { AnyJobSpec } from '../jobs/specs.ts';
import { WIRE_NAMES } from '../jobs/wire-names.ts';
import { isPlainObject, kindOf } from '../model/coerce.ts';
import { coerceBody } from './plugins/coerce-body.ts';
import { describeProblems, keysOf } from './plugins/problems.ts';

/** A request that names its job in the body, ready to be accepted. */
export interface NamedJob {
  spec: AnyJobSpec;
  body: unknown;
  warnings: string[];
}

/**
 * Reads `{name, type: "START", <bodyKey>: {…}}`; the inner body is taken as the job's own route takes it.
 *
 * @throws BAD_REQUEST, or OPTION_NOT_BUILT for a job of the contract that is not built, naming every problem
 */
export function readNamedJob(item: unknown, bodyKey: 'payload' | 'data', specs: readonly AnyJobSpec[]): NamedJob {
  if (!isPlainObject(item)) {
    const problem = `received ${kindOf(item)}, expected {"name": …, "type": "START", "${bodyKey}": {…}}`;
    throw new AssayError('BAD_REQUEST', problem, { problems: [problem] });
  }
  const problems: string[] = [];
  const built = specs.filter((spec) => !spec.internal);
  const name = typeof item.name === 'string' ? item.name.trim().toUpperCase() : undefined;
  const spec = built.find((one) => one.name === name);
  if (!spec) problems.push(describeName(item.name, name, built));
  if (typeof item.type !== 'string' || item.type.trim().toUpperCase() !== 'START')
    problems.push(`type: received ${shown(item.type)}, expected "START"; a job is cancelled at /jobs/{id}/cancel`);
  const given = item[bodyKey];
  if (!isPlainObject(given)) problems.push(`${bodyKey}: received ${kindOf(given)}, expected an object`);
  const warnings = Object.keys(item)
    .filter((key) => !['name', 'type', bodyKey].includes(key))
    .map((key) => `${key.slice(0, 100)}: not a known key; ignored`);
  if (!spec || !isPlainObject(given)) throw refusal(problems, !spec && isUnbuilt(name));
  const coerced = coerceBody(spec.request as z.ZodType, given);
  const parsed = (spec.request as z.ZodType).safeParse(coerced.value);
  if (!parsed.success) {
    const found = describeProblems(parsed.error.issues, coerced.value, bodyKey, keysOf(spec.request as z.ZodType));
    problems.push(...found.map((text) => (text.startsWith(`${bodyKey}: `) ? text : `${bodyKey}.${text}`)));
  }
  if (problems.length > 0 || !parsed.success) throw refusal(problems, false);
  return { spec, body: parsed.data, warnings: [...warnings, ...coerced.warnings] };
}

function describeName(given: unknown, name: string | undefined, built: readonly AnyJobSpec[]): string {
  const names = built.map((spec) => spec.name).join(', ');
  if (isUnbuilt(name)) return `name: the job ${name} is not built in this version; there are ${names}`;
  return `name: received ${shown(given)}, expected one of ${names}`;
}

const isUnbuilt = (name: string | undefined): boolean => name !== undefined && WIRE_NAMES.includes(name);

const refusal = (problems: string[], unbuilt: boolean) =>
  new AssayError(unbuilt ? 'OPTION_NOT_BUILT' : 'BAD_REQUEST', problems.join('; '), { problems });

const shown = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(value.slice(0, 100)) : value === undefined ? 'nothing' : kindOf(value);
