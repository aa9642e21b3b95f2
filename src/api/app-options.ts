import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { IssuerSettings } from '../config/issuers.ts';
import type { ConcludeJob } from '../engine/task.ts';
import type { AnyJobSpec } from '../jobs/specs.ts';
import type { Right } from '../model/rights.ts';
import type { Db, UserRow } from '../store/database.ts';
import type { IssuerTimes } from './auth/oidc/issuer-keys.ts';
import type { IssuerTokens } from './auth/oidc/verify-token.ts';
import type { TokenService } from './auth/tokens.ts';

/** Encrypts what is written to the store; see src/store/secrets. */
export interface SecretBox {
  encrypt(plain: string, place: string): string;
  decrypt(text: string, place: string): string;
  unseal(sealed: Uint8Array, place: string): Buffer;
}

export interface AppConfig {
  /** Shown in openapi.json and at /metrics. */
  version?: string;
  /** Life of an access token, in seconds. */
  accessTokenSeconds?: number;
  /** Life of a refresh token, in seconds. */
  refreshTokenSeconds?: number;
  /** Longest life of an API key, in days. */
  apiKeyDays?: number;
  /** API keys of an issuer's user work for so many days after the last sign-in. */
  apiKeyAwayDays?: number;
  /** Largest upload of identification methods. */
  importBytes?: number;
  /** How long a body that is no upload may take; another time in tests. */
  bodyMs?: number;
  /**
   * How often an open stream says that it is still there, and asks whether its caller may still read: 15,000 ms, since proxies
   * cut connections that are silent for a minute; other times in tests.
   */
  streamCheckMs?: number;
  /** Addresses of proxies whose X-Forwarded-For is believed; none by default. */
  trustProxy?: boolean | string | string[];
  /** Certificate and key in PEM form; with them the server speaks HTTPS. */
  tls?: { cert: string | Buffer; key: string | Buffer };
}

export interface AppOptions {
  store: { db: Db; secrets: SecretBox };
  engine: {
    /** Folds the parts of a job; needed where cancelling ends one. */
    conclude: ConcludeJob;
    /** Job types that get a route. */
    specs: readonly AnyJobSpec[];
  };
  config?: AppConfig;
  /** Issuers whose tokens are accepted beside our own. */
  issuers?: readonly IssuerSettings[];
  /** When issuers are asked; other times in tests. */
  issuerTimes?: IssuerTimes;
  /** `false` is silent. */
  logger?: FastifyBaseLogger | false;
}

/**
 * Who calls, and what this call may do. Ask `rights`, never `roles`: an API key has fewer rights than the roles of its owner
 * give.
 */
export interface Caller extends UserRow {
  rights: ReadonlySet<Right>;
  /** The key that the call was made with. */
  apiKeyId?: string;
}

/** What every route gets. */
export interface ApiContext {
  db: Db;
  secrets: SecretBox;
  tokens: TokenService;
  issuerTokens: IssuerTokens;
  engine: AppOptions['engine'];
  /** Aborts when the server begins to close: what would stay open has to end. */
  closing: AbortSignal;
  config: Required<
    Pick<
      AppConfig,
      | 'version'
      | 'accessTokenSeconds'
      | 'refreshTokenSeconds'
      | 'apiKeyDays'
      | 'apiKeyAwayDays'
      | 'streamCheckMs'
      | 'importBytes'
    >
  >;
}

export type ApiInstance = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression<RawServerDefault>,
  RawReplyDefaultExpression<RawServerDefault>,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route is closed to API keys: what it does, a key must never do. */
    noApiKey?: boolean;
    /** The right that a route needs; `signedIn` needs a valid token, `public` nothing. Every route says one. */
    right?: Right | 'signedIn' | 'public';
    /** The route takes bodies that are large, and may take their time. */
    upload?: boolean;
    /** The route reads JSON with the coercions of job and data-source bodies. */
    lenient?: boolean;
  }
  interface FastifyInstance {
    /** Who sends this request, looked up anew: what a token was good for when a request began may have ended since. */
    callerOf(request: FastifyRequest): Promise<Caller>;
  }
  interface FastifyRequest {
    /** Present on every route that is not public. */
    user: Caller;
    /** Sentences about what a lenient body carried that is not used. */
    bodyWarnings: string[];
  }
}
