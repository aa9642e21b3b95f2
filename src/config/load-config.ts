import { readFileSync } from 'node:fs';
import { AssayError } from '../errors/assay-error.ts';
import { jsonProblem } from '../errors/json-problem.ts';
import { readIssuers } from './issuers.ts';
import { type Config, SETTINGS, type Setting, type SettingName } from './settings.ts';

export interface ConfigSources {
  /** Values of flags by setting name, as commander gives them; undefined ones do not count. */
  flags?: Partial<Record<SettingName, unknown>>;
  env?: Record<string, string | undefined>;
  /** JSON file with settings by name; ASSAY_CONFIG names one too. */
  file?: string | undefined;
}

/**
 * Reads every setting: flag before environment before file before default. This is the one place that looks at the
 * environment. An empty environment variable counts as absent.
 *
 * @returns a frozen object
 * @throws AssayError BAD_CONFIG with every problem at once; values of secrets are never in the message
 */
export function loadConfig(sources: ConfigSources = {}): Config {
  const env = sources.env ?? process.env;
  const problems: string[] = [];
  const file = readSettingsFile(sources.file ?? (env.ASSAY_CONFIG?.trim() || undefined), problems);
  const config: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(SETTINGS) as [SettingName, Setting][]) {
    const given = findGiven(name, setting, sources.flags ?? {}, env, file);
    if (!given) {
      config[name] = setting.fallback?.();
      continue;
    }
    if (isOption(given)) {
      problems.push(`${given.where}: received the option ${given.value}, expected a value before it`);
      continue;
    }
    const read = setting.kind.safeParse(given.value);
    if (read.success) config[name] = read.data;
    else problems.push(describeProblem(given, setting, read.error.issues[0]?.message ?? 'another value'));
  }
  problems.push(...findContradictions(config as Config));
  if (problems.length > 0) {
    throw new AssayError('BAD_CONFIG', `The settings are not valid: ${problems.join('; ')}.`, { problems });
  }
  for (const value of Object.values(config)) if (Array.isArray(value)) Object.freeze(value);
  return Object.freeze(config) as Config;
}

interface Given {
  where: string;
  value: unknown;
}

/** `--data --help`: commander takes whatever follows for the value. */
const isOption = ({ where, value }: Given): boolean =>
  where.startsWith('--') && typeof value === 'string' && /^--[a-z]/.test(value);

function findGiven(
  name: SettingName,
  setting: Setting,
  flags: Partial<Record<SettingName, unknown>>,
  env: Record<string, string | undefined>,
  file: { path: string; values: Record<string, unknown> } | undefined,
): Given | undefined {
  // A flag like --no-worker is true when it was not given.
  const flag = setting.flag?.startsWith('--no-') && flags[name] === true ? undefined : flags[name];
  if (flag !== undefined) return { where: setting.flag?.split(' ')[0] ?? name, value: flag };
  const variable = env[setting.env];
  if (variable !== undefined && variable.trim() !== '') return { where: setting.env, value: variable };
  const inFile = file?.values[name];
  if (inFile !== undefined && inFile !== null) return { where: `${name} in ${file?.path}`, value: inFile };
  return undefined;
}

function describeProblem(given: Given, setting: Setting, expected: string): string {
  const received = setting.secret
    ? `a value of ${String(given.value).length} characters`
    : JSON.stringify(given.value)
        ?.replace(/\/\/[^/"]*@/g, '//…@')
        .slice(0, 100);
  return `${given.where}: received ${received}, expected ${expected}`;
}

function findContradictions(config: Config): string[] {
  const problems: string[] = [];
  if ((config.tlsCert === undefined) !== (config.tlsKey === undefined)) {
    const [there, missing] = config.tlsCert ? ['--tls-cert', '--tls-key'] : ['--tls-key', '--tls-cert'];
    problems.push(`${there} was given without ${missing}: HTTPS needs both`);
  }
  return [...problems, ...readIssuers(config).problems];
}

function readSettingsFile(
  path: string | undefined,
  problems: string[],
): { path: string; values: Record<string, unknown> } | undefined {
  if (path === undefined) return undefined;
  let values: unknown;
  try {
    values = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const words = error instanceof SyntaxError ? jsonProblem(error) : (error as Error).message;
    problems.push(`the settings file ${path} cannot be read: ${words}`);
    return undefined;
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    problems.push(`the settings file ${path} holds no JSON object`);
    return undefined;
  }
  const unknown = Object.keys(values).filter((name) => !Object.hasOwn(SETTINGS, name));
  if (unknown.length > 0) {
    problems.push(`the settings file ${path} names unknown settings: ${unknown.join(', ')}`);
  }
  return { path, values: values as Record<string, unknown> };
}
