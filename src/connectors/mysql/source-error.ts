import { AssayError } from '../../errors/assay-error.ts';
import type { ErrorCode } from '../../errors/table.ts';
import { toNetworkError } from '../network-error.ts';
import { at, type MysqlAddress } from './address.ts';
import { quoteName } from './dialect.ts';
import { withoutValues } from './without-values.ts';

interface Thrown {
  message?: string;
  sqlMessage?: string;
  code?: string;
  errno?: number;
}

/** Error number of the server → code. MySQL and MariaDB share numbers up to about 2000; above, both are listed. */
export const BY_NUMBER: Readonly<Record<number, ErrorCode>> = {
  1037: 'SOURCE_BUSY',
  1038: 'SOURCE_BUSY',
  1040: 'SOURCE_BUSY',
  1041: 'SOURCE_BUSY',
  1042: 'SOURCE_AUTH',
  1044: 'SOURCE_NO_RIGHT',
  1045: 'SOURCE_AUTH',
  1049: 'SOURCE_NO_DATABASE',
  1053: 'SOURCE_LOST',
  1054: 'SOURCE_NO_OBJECT',
  1129: 'SOURCE_AUTH',
  1130: 'SOURCE_AUTH',
  1135: 'SOURCE_BUSY',
  1142: 'SOURCE_NO_RIGHT',
  1143: 'SOURCE_NO_RIGHT',
  1146: 'SOURCE_NO_OBJECT',
  1152: 'SOURCE_LOST',
  1158: 'SOURCE_LOST',
  1159: 'SOURCE_LOST',
  1160: 'SOURCE_LOST',
  1161: 'SOURCE_LOST',
  1194: 'SOURCE_BAD_DATA',
  1195: 'SOURCE_BAD_DATA',
  1203: 'SOURCE_BUSY',
  1205: 'SOURCE_TIMEOUT',
  1213: 'SOURCE_BUSY',
  1226: 'SOURCE_BUSY',
  1227: 'SOURCE_NO_RIGHT',
  1251: 'SOURCE_AUTH',
  1317: 'SOURCE_TIMEOUT',
  1345: 'SOURCE_NO_RIGHT',
  1370: 'SOURCE_NO_RIGHT',
  1412: 'SOURCE_BUSY',
  1524: 'SOURCE_AUTH',
  1698: 'SOURCE_AUTH',
  1820: 'SOURCE_AUTH',
  1862: 'SOURCE_AUTH',
  1927: 'SOURCE_LOST',
  1969: 'SOURCE_TIMEOUT',
  3024: 'SOURCE_TIMEOUT',
  3032: 'SOURCE_BUSY',
  3118: 'SOURCE_AUTH',
  3159: 'SOURCE_TLS',
  3955: 'SOURCE_AUTH',
  4031: 'SOURCE_LOST',
  4151: 'SOURCE_AUTH',
};

/** Codes that the driver makes itself. */
const BY_DRIVER_CODE: Record<string, ErrorCode> = {
  AUTH_SWITCH_PLUGIN_ERROR: 'SOURCE_AUTH',
  MYSQL_CLEAR_PASSWORD_NOT_ENABLED: 'SOURCE_AUTH',
  PROTOCOL_CONNECTION_LOST: 'SOURCE_LOST',
  PROTOCOL_UNEXPECTED_PACKET: 'SOURCE_LOST',
};

export const numberOf = (thrown: unknown): number => Number((thrown as Thrown | undefined)?.errno ?? 0);

/**
 * The one place where errors of the driver, the server and the network become ours. Never quotes a secret.
 *
 * @param ofRows it came up while rows were read: no value of them is quoted
 */
export function toSourceError(thrown: unknown, address: MysqlAddress, ofRows = false): AssayError {
  if (thrown instanceof AssayError) return thrown;
  const { message = String(thrown), sqlMessage, code = '' } = (thrown ?? {}) as Thrown;
  const number = numberOf(thrown);
  if (number > 0 && sqlMessage !== undefined)
    return fromNumber(number, ofRows ? withoutValues(number, sqlMessage) : sqlMessage, thrown, address);
  if (code === 'MYSQL_CLEAR_PASSWORD_NOT_ENABLED')
    return new AssayError(
      'SOURCE_AUTH',
      `the server at ${at(address)} wants the password of user "${address.user}" in the clear (mysql_clear_password); set sslType verify-full or verify-ca, so that it goes to the right server only`,
      { cause: thrown },
    );
  const plugin = /using unknown plugin (\S+?)\. /.exec(message)?.[1];
  if (plugin !== undefined)
    return new AssayError(
      'SOURCE_AUTH',
      `user "${address.user}" signs in by the plugin ${plugin}, which this connector cannot; use an account with mysql_native_password, caching_sha2_password or sha256_password`,
      { cause: thrown, details: { plugin } },
    );
  const network = toNetworkError(thrown, { ...address, at: at(address) });
  if (network) return network;
  const known = BY_DRIVER_CODE[code];
  if (known === 'SOURCE_LOST' || /closed state|Connection lost/i.test(message))
    return new AssayError('SOURCE_LOST', `the connection to ${at(address)} broke: ${message}`, { cause: thrown });
  return new AssayError(known ?? 'SOURCE_FAILED', `the server at ${at(address)}: ${message}`, { cause: thrown });
}

function fromNumber(number: number, message: string, cause: unknown, address: MysqlAddress): AssayError {
  const code: ErrorCode = /insecure transport are prohibited/i.test(message)
    ? 'SOURCE_TLS'
    : (BY_NUMBER[number] ?? 'SOURCE_FAILED');
  const [reason, advice] = explain(number, message, address);
  const said = `the server says: ${message.replace(/;(?=\s|$)/g, ',')} (${number})`;
  const text = [`${reason === '' ? '' : `${reason}: `}${said}`, ...(advice === '' ? [] : [advice])].join('; ');
  return new AssayError(code, text, { cause, details: { number } });
}

/** What happened, and what can be done; '' where the words of the server say it all. */
function explain(number: number, message: string, { user, database, sslMode }: MysqlAddress): [string, string] {
  if (/insecure transport are prohibited/i.test(message))
    return ['the server lets nobody in without encryption', 'set sslType require, or verify-full with the authority'];
  switch (number) {
    case 1040:
      return ['the server takes no more connections', 'wait, or raise max_connections on the server'];
    case 1203:
    case 1226:
      return [
        `user "${user}" has used up what the server allows it`,
        'wait, or raise max_user_connections (or the limit named) of the user',
      ];
    case 1037:
    case 1038:
    case 1041:
    case 1135:
      return ['the server has no memory or threads left', 'try again later, or give the server more'];
    case 1042:
      return [
        'the server cannot find the name of this machine',
        'mend its name server, or set skip_name_resolve on it',
      ];
    case 1044:
      return database === ''
        ? [`user "${user}" may not use this database`, 'run GRANT SELECT, SHOW VIEW on it to the user']
        : [
            `user "${user}" may not use the database "${database}", or there is none of this name`,
            `run GRANT SELECT, SHOW VIEW ON ${quoteName(database)}.* TO the user`,
          ];
    case 1045:
    case 1698:
      return [
        `the server refuses user "${user}" with this password (or has no such user for this machine)`,
        sslMode === 'disable'
          ? 'check userName and password; if the server or the account wants encryption (REQUIRE SSL), set sslType require'
          : 'check userName and password, and that the account may sign in from this machine',
      ];
    case 1049:
      return [`there is no database "${database}"`, 'check databaseName; leave it empty to list all databases'];
    case 1129:
      return [
        'the server blocks this machine after many broken connections',
        'run FLUSH HOSTS on the server, and find out what breaks them',
      ];
    case 1130:
      return [
        'the server lets nobody in from this machine',
        `make the account for it: CREATE USER '${user}'@'<address of the worker>'`,
      ];
    case 1142:
    case 1143:
      return [`user "${user}" lacks a right`, 'run GRANT SELECT ON the table TO the user'];
    case 1251:
    case 1524:
      return [
        `user "${user}" signs in by a plugin that cannot be used`,
        'alter the account to caching_sha2_password (MySQL) or mysql_native_password (MariaDB)',
      ];
    case 1820:
    case 1862:
      return [`the password of user "${user}" has expired`, `give it a new one: ALTER USER '${user}' IDENTIFIED BY …`];
    case 3118:
    case 4151:
      return [`the account of user "${user}" is locked`, `run ALTER USER '${user}' ACCOUNT UNLOCK`];
    case 3955:
      return [
        `the account of user "${user}" is locked for a time, after wrong passwords`,
        `wait, or run ALTER USER '${user}' ACCOUNT UNLOCK`,
      ];
    case 3032:
      return ['the server is in offline mode', 'wait, or set offline_mode = OFF on the server'];
    case 1213:
    case 1412:
      return ['the table was changed while it was read', 'try again'];
    case 1205:
      return ['a lock was not given in time', 'somebody alters the table; try again later'];
    case 1356:
    case 1449:
      return ['the view is broken', 'mend or drop it: its tables, its columns or its definer are gone'];
    case 1053:
    case 1927:
      return ['the server ended the session', ''];
    case 1317:
      return ['somebody stopped the statement', ''];
    default:
      return ['', ''];
  }
}
