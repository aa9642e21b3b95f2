import type { TableProfile } from './profile.ts';

/** What is said of the membership filter of a column; its bytes are kept beside the profile. */
export interface MembershipFacts {
  /** Different values, written canonically, that it was built from. */
  values: number;
  /** Of all its bytes. */
  bitsPerValue: number;
  bytes: number;
  /** Of values that are not in the column it takes this share for its own; of those that are, it misses none. */
  falsePositives: number;
}

/** The filter of a column that may be a key, or why there is none. */
export type Membership = { facts: MembershipFacts; filter: Uint8Array } | { unknown: string };

/** By the name of the column. */
export type Memberships = Map<string, Membership>;

const IN_PARTS = 'only tables that are read whole, and in one part, get one';

/** Says of each key candidate what its filter is, or why it has none. Pure. */
export function withMemberships(profile: TableProfile, built: Memberships = new Map()): TableProfile {
  const keys = new Set(profile.keys.map(({ column }) => column));
  const columns = profile.columns.map((column) => {
    if (!keys.has(column.name)) return column;
    const found = built.get(column.name) ?? { unknown: IN_PARTS };
    return { ...column, membership: 'facts' in found ? found.facts : found };
  });
  return { ...profile, columns };
}
