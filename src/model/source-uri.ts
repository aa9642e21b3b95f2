export interface StrippedUri {
  /** The URI without any secret; the user name stays. */
  uri: string;
  /** Wire name → secret found. */
  secrets: Record<string, string>;
  problems: string[];
}

/** Parameters in which drivers take a secret → the field it is kept in. */
const SECRET_PARAMETERS: Record<string, string> = {
  password: 'password',
  pwd: 'password',
  passwd: 'password',
  pass: 'password',
  truststorepassword: 'trustStorePassword',
  trustcertificatekeystorepassword: 'trustStorePassword',
  ssltruststorepassword: 'trustStorePassword',
  keystorepassword: 'keyStorePassword',
  clientcertificatekeystorepassword: 'keyStorePassword',
  sslkeystorepassword: 'keyStorePassword',
  sslpassword: 'keyStorePassword',
};
const LOOKS_SECRET = /(password|passwd|pwd|passphrase|secret|token|apikey|accesskey|credentials?)$/i;

/**
 * Takes the secrets out of a connection URI, in JDBC form (`jdbc:postgresql://host/db?password=x`, `…;password=x`,
 * `jdbc:oracle:thin:user/x@host`) or native form (`postgres://user:x@host/db`).
 */
export function stripUriSecrets(uri: string): StrippedUri {
  const found: StrippedUri = { uri, secrets: {}, problems: [] };
  found.uri = found.uri.replace(
    /^([^/?;#]*:\/\/)([^:/?#@]*):([^?]*)@/,
    (all, start: string, user: string, password: string) => {
      // `host:5432/folder@home` has a port there, not a password; a password may hold an unencoded `/` or `@`.
      if (/^\d+\//.test(password)) return all;
      keep(found, 'password', password);
      return `${start}${user}@`;
    },
  );
  found.uri = found.uri.replace(
    /^(jdbc:oracle:[a-z0-9]+:[^/@:]*)\/([^@]*)@/i,
    (_all, start: string, password: string) => {
      keep(found, 'password', password);
      return `${start}@`;
    },
  );
  found.uri = found.uri.replace(
    /([?&;:,])([A-Za-z_.-]+)=([^&;]*)/g,
    (all, mark: string, name: string, value: string) => {
      const field = SECRET_PARAMETERS[name.toLowerCase()];
      if (field) {
        keep(found, field, value);
        return mark === '?' ? '?' : '';
      }
      if (!LOOKS_SECRET.test(name)) return all;
      found.problems.push(`uri: its parameter ${name} looks like a secret; send it in a field of its own`);
      return '';
    },
  );
  found.uri = found.uri.replace(/\?[&;]+/, '?').replace(/\?$/, '');
  return found;
}

/** Name of the database in a connection URI, JDBC or native form; "" where it has none. */
export function databaseOfUri(uri: string): string {
  const named = /[?&;](?:databaseName|database|dbname)=([^&;]*)/i.exec(uri)?.[1];
  const path = /^(?:jdbc:)?[a-z][a-z0-9+]*:(?:\/\/[^/?;]*)?\/?([^?;]*)/i.exec(uri)?.[1];
  const last = path?.split('/').filter(Boolean).at(-1) ?? '';
  const name = named || (/[:@]/.test(last) ? '' : last);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function keep(found: StrippedUri, field: string, encoded: string): void {
  if (encoded === '') return;
  try {
    found.secrets[field] = decodeURIComponent(encoded);
  } catch {
    found.secrets[field] = encoded;
  }
}
