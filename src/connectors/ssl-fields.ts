import type { SourceConfig } from './connector.ts';

export const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof SSL_MODES)[number];

export interface SslSettings {
  sslMode: SslMode;
  /** File with PEM certificates of the authorities to trust, or the certificates themselves. */
  caFile?: string;
}

/** Spellings of `sslType` and of the parameters of drivers met in the wild. `allow` is `prefer` with another first try. */
const SPELLINGS: Record<string, SslMode> = {
  '': 'prefer',
  none: 'disable',
  no: 'disable',
  off: 'disable',
  false: 'disable',
  disable: 'disable',
  disabled: 'disable',
  plain: 'disable',
  allow: 'prefer',
  prefer: 'prefer',
  preferred: 'prefer',
  require: 'require',
  required: 'require',
  yes: 'require',
  on: 'require',
  true: 'require',
  ssl: 'require',
  tls: 'require',
  trust: 'require',
  'verify-ca': 'verify-ca',
  'verify-full': 'verify-full',
  'verify-identity': 'verify-full',
};

/**
 * How the connection is to be encrypted: the fields of the source, and what its uri says where they say nothing. Problems are
 * added in sentences. Pure.
 */
export function readSslFields(
  config: SourceConfig,
  fromUri: { ssl?: string; caFile?: string },
  problems: string[],
): SslSettings {
  const text = (name: string): string => String(config[name] ?? '').trim();
  const sslText = text('sslType') || fromUri.ssl || '';
  const spelled = SPELLINGS[sslText.toLowerCase().replace(/[_\s]+/g, '-')];
  // What a uri says may be the rest of a password, as in server-address.ts.
  const received = text('sslType') ? `sslType: received "${sslText}"` : 'uri: what it says of encryption is not known';
  if (!spelled) problems.push(`${received}, expected one of ${SSL_MODES.join(', ')}`);
  const trustStore = text('trustStoreLocation') || fromUri.caFile || '';
  const storeType = text('trustStoreType').toLowerCase();
  if (storeType && storeType !== 'pem') problems.push(`trustStoreType: received "${storeType}", expected PEM`);
  if (text('keyStoreLocation'))
    problems.push('keyStoreLocation: client certificates are not supported yet; use a password');
  let sslMode: SslMode = spelled ?? 'prefer';
  // As libpq does: naming an authority turns "require" into a check of the chain.
  if (sslMode === 'require' && trustStore) sslMode = 'verify-ca';
  if (config['skipSslValidation'] === true && sslMode.startsWith('verify')) sslMode = 'require';
  return trustStore ? { sslMode, caFile: trustStore } : { sslMode };
}
