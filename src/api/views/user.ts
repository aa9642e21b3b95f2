import { z } from 'zod';
import type { UserRow } from '../../store/database.ts';
import { toSnapshot } from '../../store/users.ts';

export const userBody = z
  .object({
    _id: z.string().describe('Id, a UUID'),
    username: z.string(),
    name: z.string(),
    firstName: z.string(),
    lastName: z.string(),
    email: z.string(),
    roles: z.array(z.string()),
    disabled: z.boolean(),
    issuer: z.string().describe('Where the user signs in; "" for users of Assay itself'),
    lastLoginAt: z.string().describe('"" if never'),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .meta({ title: 'User', description: 'A user' });

export function toUserBody(row: UserRow): z.output<typeof userBody> {
  return {
    _id: row.id,
    username: row.username,
    ...toSnapshot(row),
    roles: row.roles,
    disabled: row.disabled,
    issuer: row.issuer,
    lastLoginAt: row.last_login_at?.toISOString() ?? '',
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
