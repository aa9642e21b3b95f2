/** Wire roles. `system_administrator` is accepted in tokens of other issuers and means admin. */
export const ROLES = {
  admin: 'Everything, users included',
  data_steward: 'Sources, jobs, samples, rules and attributes',
  data_storage_administrator: 'Sources, jobs, samples and rules',
  data_developer: 'Rules',
  business_steward: 'Attributes',
  business_user: 'Reading',
  data_user: 'Reading',
} as const;
export type Role = keyof typeof ROLES;
export const ROLE_NAMES = Object.keys(ROLES) as Role[];

const SOURCE_KEEPERS: readonly Role[] = ['admin', 'data_steward', 'data_storage_administrator'];

/** What may be done → who may do it. */
export const RIGHTS = {
  read: ROLE_NAMES,
  manageUsers: ['admin'],
  manageSources: SOURCE_KEEPERS,
  runJobs: SOURCE_KEEPERS,
  viewSamples: SOURCE_KEEPERS,
  editRules: [...SOURCE_KEEPERS, 'data_developer'],
  editAttributes: ['admin', 'data_steward', 'business_steward'],
} as const satisfies Record<string, readonly Role[]>;
export type Right = keyof typeof RIGHTS;

export const RIGHT_NAMES = Object.keys(RIGHTS) as Right[];

/** What these roles may do together. */
export function rightsOf(roles: readonly string[]): ReadonlySet<Right> {
  const held = roles.map(toRole);
  return new Set(
    RIGHT_NAMES.filter((right) => held.some((role) => (RIGHTS[right] as readonly string[]).includes(role))),
  );
}

/** A role of this name, whatever issuers call it; other names stay as they are and give no right. */
export const toRole = (name: string): string => (name === 'system_administrator' ? 'admin' : name);
