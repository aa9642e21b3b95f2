import { ROLE_NAMES, type Role } from '../model/rights.ts';
import * as kinds from './kinds.ts';
import { setting } from './setting.ts';

/** Signatures by a private key only: with `none` or HS* whoever knows the public key could sign. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

/** The settings of one issuer. Further ones in `oidcIssuers` have the same, without `oidc` in front of the name. */
export const OIDC_SETTINGS = {
  oidcIssuer: setting({
    group: 'single sign-on',
    env: 'ASSAY_OIDC_ISSUER',
    kind: kinds.issuerUrl.optional(),
    meaning:
      'OpenID Connect issuer whose access tokens are accepted, exactly as in their `iss` claim. See [the recipe](recipes/sign-in-with-oidc.md).',
  }),
  oidcAudiences: setting({
    group: 'single sign-on',
    env: 'ASSAY_OIDC_AUDIENCE',
    kind: kinds.list(','),
    fallback: (): string[] => [],
    fallbackText: 'none; needed with an issuer',
    meaning: 'What the `aud` claim of a token must hold one of, separated by commas.',
  }),
  oidcClients: setting({
    group: 'single sign-on',
    env: 'ASSAY_OIDC_CLIENTS',
    kind: kinds.list(','),
    fallback: (): string[] => [],
    fallbackText: 'any',
    meaning: 'Clients whose tokens are accepted (`azp`, `client_id`, `appid` or `cid` claim), separated by commas.',
  }),
  oidcRolesClaims: setting({
    group: 'single sign-on',
    env: 'ASSAY_OIDC_ROLES_CLAIM',
    kind: kinds.list(','),
    fallback: () => ['realm_access.roles', 'roles', 'groups'],
    fallbackText: 'realm_access.roles, roles, groups',
    meaning:
      'Claims with roles or groups, separated by commas; a dot leads into an object. What all of them hold counts.',
  }),
  oidcRoleMap: setting({
    group: 'single sign-on',
    env: 'ASSAY_OIDC_ROLE_MAP',
    kind: kinds.mapTo<Role>(ROLE_NAMES).optional(),
    fallbackText: 'roles of the same name',
    meaning:
      'Roles or groups of the issuer and what they are here: `catalog-admins=admin,staff=data_user`, or a JSON object. Once given, only what it names counts.',
  }),
  oidcDefaultRole: setting({
    group: 'single sign-on',
    env: 'ASSAY_OIDC_DEFAULT_ROLE',
    kind: kinds.oneOf<Role>(ROLE_NAMES).optional(),
    fallbackText: 'none: 403',
    meaning: 'Role of those who have none otherwise.',
  }),
  oidcUsernameClaim: setting({
    group: 'single sign-on',
    env: 'ASSAY_OIDC_USERNAME_CLAIM',
    kind: kinds.text,
    fallback: () => 'preferred_username',
    meaning: 'Claim with the user name; without it e-mail, client or subject stand in.',
  }),
  oidcNameClaim: setting({
    group: 'single sign-on',
    env: 'ASSAY_OIDC_NAME_CLAIM',
    kind: kinds.text,
    fallback: () => 'name',
    meaning: 'Claim with the full name.',
  }),
  oidcEmailClaim: setting({
    group: 'single sign-on',
    env: 'ASSAY_OIDC_EMAIL_CLAIM',
    kind: kinds.text,
    fallback: () => 'email',
    meaning: 'Claim with the e-mail address.',
  }),
  oidcClockSkewSeconds: setting({
    group: 'single sign-on',
    env: 'ASSAY_OIDC_CLOCK_SKEW_SECONDS',
    kind: kinds.wholeNumber(0, 600),
    fallback: () => 60,
    meaning: 'How far the clocks of issuer and server may differ.',
  }),
  oidcAlgorithms: setting({
    group: 'single sign-on',
    env: 'ASSAY_OIDC_ALGORITHMS',
    kind: kinds.subsetOf(ALGORITHMS),
    fallback: () => [...ALGORITHMS],
    fallbackText: 'RS*, PS*, ES*, EdDSA',
    meaning: 'Signature algorithms accepted. `none` and HS* cannot be.',
  }),
  oidcIdTokens: setting({
    group: 'single sign-on',
    env: 'ASSAY_OIDC_ID_TOKENS',
    kind: kinds.yesOrNo,
    fallback: () => false,
    meaning: 'Whether ID tokens are taken too, for issuers whose access tokens are no JWT (Google).',
  }),
  oidcAllowHttp: setting({
    group: 'single sign-on',
    env: 'ASSAY_OIDC_ALLOW_HTTP',
    kind: kinds.yesOrNo,
    fallback: () => false,
    meaning: 'Whether the issuer may be asked for its keys over plain HTTP when it is not on this machine.',
  }),
  oidcClientId: setting({
    group: 'single sign-on',
    env: 'ASSAY_OIDC_CLIENT_ID',
    kind: kinds.text.optional(),
    meaning: 'Public client at the issuer with the device flow, for `assay login --sso`.',
  }),
  oidcScopes: setting({
    group: 'single sign-on',
    env: 'ASSAY_OIDC_SCOPES',
    kind: kinds.text,
    fallback: () => 'openid profile email offline_access',
    meaning: 'Scopes that `assay login --sso` asks for, separated by spaces.',
  }),
  oidcIssuers: setting({
    group: 'single sign-on',
    env: 'ASSAY_OIDC_ISSUERS',
    kind: kinds.objects,
    fallback: (): Record<string, unknown>[] => [],
    fallbackText: 'none',
    meaning:
      'Further issuers, as a JSON list: `[{"issuer": "https://…", "audiences": ["assay"], "rolesClaims": ["groups"]}]`. What one leaves out it has from the settings above.',
  }),
};
