import type { z } from 'zod';
import { OIDC_SETTINGS } from './oidc-settings.ts';
import type { Setting } from './setting.ts';

type Oidc = { [K in keyof typeof OIDC_SETTINGS]: z.output<(typeof OIDC_SETTINGS)[K]['kind']> };
type Named = Omit<Oidc, 'oidcIssuers'>;

/** `oidcRoleMap` → `roleMap`. */
type Short<K extends string> = K extends `oidc${infer Name}` ? Uncapitalize<Name> : never;

/** Everything Assay knows of an issuer before it asks it: `issuer`, `audiences`, `rolesClaims`, … */
export type IssuerSettings = Readonly<
  { [K in keyof Named as Short<K>]: Named[K] } & {
    issuer: string;
  }
>;

const NAMES = Object.keys(OIDC_SETTINGS).filter((name) => name !== 'oidcIssuers') as (keyof Named)[];
const toShort = (name: string): string => name.charAt(4).toLowerCase() + name.slice(5);
const SHORT = new Map(NAMES.map((name) => [toShort(name), name]));

/** Every issuer that the settings name, with what is wrong with them. */
export function readIssuers(config: Oidc): { issuers: IssuerSettings[]; problems: string[] } {
  const problems: string[] = [];
  const common = Object.fromEntries(NAMES.map((name) => [toShort(name), config[name]]));
  const first = config.oidcIssuer === undefined ? [] : [{ where: 'ASSAY_OIDC_ISSUER', values: common }];
  const further = (config.oidcIssuers ?? []).map((given, index) => {
    const where = `ASSAY_OIDC_ISSUERS[${index}]`;
    const values = { ...common, issuer: undefined, clientId: undefined, ...readFields(given, where, problems) };
    return { where, values };
  });
  const all = [...first, ...further];
  for (const { where, values } of all) problems.push(...problemsOf(values as Partial<IssuerSettings>, where));
  const urls = all.map(({ values }) => values.issuer);
  const twice = urls.find((url, index) => url !== undefined && urls.indexOf(url) < index);
  if (twice !== undefined) problems.push(`the issuer ${String(twice)} is named twice`);
  return { issuers: all.map(({ values }) => Object.freeze(values) as IssuerSettings), problems };
}

function readFields(given: Record<string, unknown>, where: string, problems: string[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    const name = SHORT.get(key);
    if (!name) {
      problems.push(`${where}: "${key}" is no setting of an issuer; there are ${[...SHORT.keys()].join(', ')}`);
      continue;
    }
    const read = (OIDC_SETTINGS[name] as Setting).kind.safeParse(value);
    if (read.success) values[key] = read.data;
    else
      problems.push(
        `${where}.${key}: received ${JSON.stringify(value)?.slice(0, 100)}, expected ${read.error.issues[0]?.message}`,
      );
  }
  return values;
}

function problemsOf(issuer: Partial<IssuerSettings>, where: string): string[] {
  if (issuer.issuer === undefined) return [`${where}: "issuer" is missing`];
  const problems: string[] = [];
  if (!issuer.audiences?.length)
    problems.push(`${where}: no audience; without ASSAY_OIDC_AUDIENCE the tokens of every other application would do`);
  if (!issuer.allowHttp && !isPrivateUrl(issuer.issuer))
    problems.push(`${where}: ${issuer.issuer} is plain HTTP; use https, or set ASSAY_OIDC_ALLOW_HTTP=true`);
  return problems;
}

/** Whether nobody on the way can change the answer: TLS, or this machine. */
export function isPrivateUrl(text: string): boolean {
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
