import { z } from 'zod';
import { AssayError } from '../../errors/assay-error.ts';
import { ROLE_NAMES, ROLES, rightsOf } from '../../model/rights.ts';
import { recordAct } from '../../store/audit.ts';
import type { UserRow } from '../../store/database.ts';
import { hashPassword, PASSWORD_MAX, PASSWORD_MIN, verifyPassword } from '../../store/passwords.ts';
import { deleteUser, getUser, insertUser, listUsers, updateUser } from '../../store/users.ts';
import type { ApiContext, ApiInstance } from '../app-options.ts';
import { errorBody } from '../plugins/errors.ts';
import { toUserBody, userBody } from '../views/user.ts';
import { uuidParams } from './pages.ts';

const password = z
  .string()
  .min(PASSWORD_MIN, `at least ${PASSWORD_MIN} characters are needed`)
  .max(PASSWORD_MAX)
  .describe(`Password, at least ${PASSWORD_MIN} characters`);
const roles = z
  .array(z.enum(ROLE_NAMES))
  .max(20)
  .describe(`Roles: ${ROLE_NAMES.join(', ')}`);
const name = z.string().max(200);
const email = z.union([z.literal(''), z.email().max(320)]).describe('E-mail address');

const newUser = z
  .strictObject({
    username: z.string().trim().min(1).max(200).describe('User name, unique without regard to case'),
    password,
    firstName: name.default('').describe('First name'),
    lastName: name.default('').describe('Last name'),
    email: email.default(''),
    roles: roles.default([]),
    disabled: z.boolean().default(false).describe('A disabled user cannot sign in'),
  })
  .meta({
    example: {
      username: 'erika',
      password: 'correct horse battery',
      roles: ['data_steward'],
      email: 'erika@example.org',
    },
  });

const userChange = z
  .strictObject({
    password: password.optional(),
    firstName: name.optional().describe('First name'),
    lastName: name.optional().describe('Last name'),
    email: email.optional(),
    roles: roles.optional(),
    disabled: z.boolean().optional().describe('true ends every session of the user at once'),
  })
  .meta({ example: { roles: ['data_steward', 'business_steward'] } });

const one = z.object({ status: z.int(), data: userBody });
const notFound = errorBody.describe('There is no such user');
const conflict = errorBody.describe('The user name is taken, or no administrator would be left');
const tags = ['Users'];

/** Users by API: for administrators, except for what everybody may do with their own account. */
export async function userRoutes(app: ApiInstance, context: ApiContext): Promise<void> {
  const { db } = context;
  const manage = { right: 'manageUsers' } as const;

  app.get(
    '/users',
    {
      config: manage,
      schema: {
        tags,
        summary: 'List users',
        response: { 200: z.object({ status: z.int(), data: z.array(userBody) }).describe('All users') },
      },
    },
    async () => ({ status: 200, data: (await listUsers(db)).map(toUserBody) }),
  );

  app.post(
    '/users',
    {
      config: manage,
      schema: {
        tags,
        summary: 'Add a user',
        body: newUser,
        response: { 201: one.describe('The new user'), 409: conflict },
      },
    },
    async (request, reply) => {
      const { password: secret, ...fields } = request.body;
      const user = await insertUser(db, fields, await hashPassword(secret));
      await recordAct(db, request.user, 'user created', user.id, { username: user.username, roles: user.roles });
      return reply.code(201).send({ status: 201, data: toUserBody(user) });
    },
  );

  app.get(
    '/users/me',
    {
      config: { right: 'signedIn' },
      schema: {
        tags,
        summary: 'Who the token belongs to, and what they may do',
        response: {
          200: z
            .object({ status: z.int(), data: userBody.extend({ rights: z.array(z.string()) }) })
            .describe('The caller'),
        },
      },
    },
    async (request) => ({ status: 200, data: { ...toUserBody(request.user), rights: [...request.user.rights] } }),
  );

  app.post(
    '/users/me/password',
    {
      config: { right: 'signedIn', noApiKey: true },
      schema: {
        tags,
        summary: 'Change your own password',
        description: 'Ends every session of yours: sign in again afterwards.',
        body: z.strictObject({
          currentPassword: z.string().min(1).max(PASSWORD_MAX).describe('The password so far'),
          newPassword: password,
        }),
        response: { 200: z.object({ message: z.literal('OK') }).describe('Changed') },
      },
    },
    async (request) => {
      if (request.user.issuer !== '')
        throw new AssayError('CONFLICT', `your password lives at ${request.user.issuer}; change it there`);
      if (!(await verifyPassword(request.body.currentPassword, request.user.password_hash))) {
        throw new AssayError('FORBIDDEN', 'currentPassword is wrong');
      }
      await updateUser(db, request.user.id, { passwordHash: await hashPassword(request.body.newPassword) });
      await recordAct(db, request.user, 'password changed', request.user.id);
      return { message: 'OK' as const };
    },
  );

  app.get(
    '/users/:id',
    {
      config: manage,
      schema: {
        tags,
        summary: 'Get a user',
        params: uuidParams,
        response: { 200: one.describe('The user'), 404: notFound },
      },
    },
    async (request) => ({ status: 200, data: toUserBody(await getUser(db, request.params.id)) }),
  );

  app.patch(
    '/users/:id',
    {
      config: manage,
      schema: {
        tags,
        summary: 'Change a user',
        params: uuidParams,
        body: userChange,
        response: { 200: one.describe('The changed user'), 404: notFound, 409: conflict },
      },
    },
    async (request) => {
      const { password: secret, ...fields } = request.body;
      refuseForeignFields(await getUser(db, request.params.id), request.body);
      const passwordHash = secret === undefined ? undefined : await hashPassword(secret);
      const user = await updateUser(db, request.params.id, { ...fields, passwordHash });
      await recordAct(db, request.user, 'user changed', user.id, {
        ...fields,
        ...(secret === undefined ? {} : { password: 'changed' }),
      });
      return { status: 200, data: toUserBody(user) };
    },
  );

  app.delete(
    '/users/:id',
    {
      config: manage,
      schema: {
        tags,
        summary: 'Delete a user',
        description:
          'A user who comes from an issuer is made again by their next token: disable them to keep them out.',
        params: uuidParams,
        response: { 200: one.describe('The deleted user'), 404: notFound, 409: conflict },
      },
    },
    async (request) => {
      const user = await deleteUser(db, request.params.id);
      await recordAct(db, request.user, 'user deleted', user.id, { username: user.username });
      return { status: 200, data: toUserBody(user) };
    },
  );

  const roleBody = z.object({ name: z.string(), description: z.string(), rights: z.array(z.string()) });
  app.get(
    '/roles',
    {
      config: { right: 'signedIn' },
      schema: {
        tags,
        summary: 'List roles and their rights',
        response: { 200: z.object({ status: z.int(), data: z.array(roleBody) }).describe('All roles') },
      },
    },
    async () => ({
      status: 200,
      data: ROLE_NAMES.map((role) => ({ name: role, description: ROLES[role], rights: [...rightsOf([role])] })),
    }),
  );
}

/** Of a user who comes from an issuer only `disabled` is ours. @throws CONFLICT */
function refuseForeignFields(user: UserRow, change: object): void {
  const foreign = Object.keys(change).filter((key) => key !== 'disabled');
  if (user.issuer === '' || foreign.length === 0) return;
  throw new AssayError(
    'CONFLICT',
    `${foreign.join(', ')}: the user comes from ${user.issuer}, which says so with every token; change it there, or map roles with ASSAY_OIDC_ROLE_MAP. Here they can be disabled`,
  );
}
