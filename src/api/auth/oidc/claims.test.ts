import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ROLE_NAMES } from '../../../model/rights.ts';
import { findClaim, issuerUserId, listGivenRoles, toIdentity, toRoles } from './claims.ts';

describe('findClaim', () => {
  test('finds what stands at the end of any path, whatever the names', () => {
    const name = fc.stringMatching(/^[a-z:/.]{1,8}$/).filter((text) => !text.startsWith('.') && !text.endsWith('.'));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), fc.integer(), (names, value) => {
        const claims = names.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
        expect(findClaim(claims, names.join('.'))).toBe(value);
      }),
    );
  });

  test('never finds what only the prototype has', () => {
    for (const path of ['constructor', '__proto__', 'toString', 'a.constructor', 'a.__proto__.x'])
      expect(findClaim({ a: {} }, path)).toBeUndefined();
  });
});

describe('roles', () => {
  const settings = {
    rolesClaims: ['realm_access.roles', 'roles', 'groups'],
    roleMap: undefined,
    defaultRole: undefined,
  };

  test('of all claims count, by their own names, others do not', () => {
    const claims = {
      realm_access: { roles: ['data_user', 'offline_access'] },
      groups: ['system_administrator'],
      roles: 'data_developer',
    };
    expect(toRoles(claims, settings)).toEqual(['admin', 'data_developer', 'data_user']);
    expect(toRoles({ roles: ['Admin', 'ADMIN ', 'admin data_user'] }, settings)).toEqual([]);
  });

  test('with a map, only what it names', () => {
    const roleMap = { 'CN=Stewards,OU=Data': 'data_steward', '/catalog/admins': 'admin' } as const;
    const claims = { groups: ['/catalog/admins', 'CN=Stewards,OU=Data', 'data_developer', 'constructor'] };
    expect(toRoles(claims, { ...settings, roleMap })).toEqual(['admin', 'data_steward']);
  });

  test('the default stands in only where there is none', () => {
    const withDefault = { ...settings, defaultRole: 'business_user' as const };
    expect(toRoles({}, withDefault)).toEqual(['business_user']);
    expect(toRoles({ roles: ['data_steward'] }, withDefault)).toEqual(['data_steward']);
  });

  test('a text is one role, but a scope is a list', () => {
    expect(listGivenRoles({ roles: 'Domain Users admin' }, ['roles'])).toEqual(['Domain Users admin']);
    expect(listGivenRoles({ scope: 'read admin' }, ['scope'])).toEqual(['read', 'admin']);
  });

  test('an e-mail address counts only where the issuer says that it is verified', () => {
    const byMail = {
      ...settings,
      rolesClaims: ['email', 'user.email', 'hd'],
      roleMap: { 'a@b.example': 'admin' } as const,
    };
    for (const email_verified of [undefined, false, 'true', 1, null]) {
      expect(toRoles({ email: 'a@b.example', email_verified }, byMail)).toEqual([]);
      expect(toRoles({ user: { email: 'a@b.example', email_verified }, email_verified: true }, byMail)).toEqual([]);
    }
    expect(toRoles({ email: 'a@b.example', email_verified: true }, byMail)).toEqual(['admin']);
    expect(toRoles({ user: { email: 'a@b.example', email_verified: true } }, byMail)).toEqual(['admin']);
  });

  test('whatever the claims hold, the result is a set of our roles', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('roles', 'groups', 'realm_access', 'x'), fc.anything()), (claims) => {
        const roles = toRoles(claims as never, settings);
        expect(new Set(roles).size).toBe(roles.length);
        expect(ROLE_NAMES).toEqual(expect.arrayContaining(roles));
      }),
    );
  });
});

test('what the store could not keep becomes U+FFFD, and no time lies outside its calendar', () => {
  const settings = {
    issuer: 'https://sso.example',
    usernameClaim: 'preferred_username',
    nameClaim: 'name',
    emailClaim: 'email',
    rolesClaims: [],
  } as never;
  const odd = { preferred_username: 'a\u0000b', name: '\ud800', given_name: 'x\u0000', email: '\u0000@b.example' };
  const identity = toIdentity({ sub: 's', iat: -1e300, exp: 1e300, ...odd }, settings);
  expect(identity).toMatchObject({
    username: 'a\ufffdb',
    name: '\ufffd',
    firstName: 'x\ufffd',
    email: '\ufffd@b.example',
    issuedAt: new Date(0),
  });
  expect(identity.expiresAt.getFullYear()).toBeLessThan(new Date().getFullYear() + 11);
  // A cut in the middle of a pair leaves half of it.
  expect(toIdentity({ sub: 's', name: `${'x'.repeat(199)}😀` }, settings).name.isWellFormed()).toBe(true);
});

test('the id of a user is made of issuer and subject, and never changes', () => {
  expect(issuerUserId('https://sso.example/realms/pdc', 'f:1:erika')).toBe('91386111-6366-50a3-8913-4985a55a2850');
  expect(issuerUserId('https://sso.example/realms/pdc/', 'f:1:erika')).not.toBe('91386111-6366-50a3-8913-4985a55a2850');
});
