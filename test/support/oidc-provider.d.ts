/** The little that the tests use of oidc-provider, which brings no types. */
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http';

  interface Client {
    grantTypeAllowed(type: string): boolean;
  }
  interface Token {
    clientId: string;
    accountId?: string;
  }
  interface DeviceCode extends Token {
    error?: string;
    save(): Promise<string>;
  }
  export class Provider {
    constructor(
      issuer: string,
      configuration: {
        issueRefreshToken(context: unknown, client: Client): Promise<boolean>;
        findAccount(context: unknown, id: string): object;
        extraTokenClaims(context: unknown, token: Token): object;
        [setting: string]: unknown;
      },
    );
    callback(): RequestListener;
    DeviceCode: { findByUserCode(code: string): Promise<DeviceCode | undefined> };
    Grant: new (of: {
      accountId: string;
      clientId: string;
    }) => {
      addOIDCScope(scope: string): void;
      addResourceScope(resource: string, scope: string): void;
      save(): Promise<string>;
    };
  }
}
