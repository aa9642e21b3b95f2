import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssayError } from '../../errors/assay-error.ts';
import { ERRORS, type ErrorCode } from '../../errors/table.ts';
import { toFailedStep } from '../test-steps.ts';
import type { MysqlAddress } from './address.ts';
import { toRowsError } from './rows-error.ts';
import { BY_NUMBER, toSourceError } from './source-error.ts';

const SECRET = 'pa55-of-ann';
const address: MysqlAddress = {
  host: 'db',
  port: 3306,
  database: 'shop',
  user: 'ann',
  password: SECRET,
  sslMode: 'verify-full',
};

/** An error packet of a server, as the driver hands it on. */
const said = (errno: number, sqlMessage: string): Error =>
  Object.assign(new Error(sqlMessage), { errno, sqlMessage, code: 'ER_X', sqlState: 'HY000' });
const driver = (code: string, message = 'words of the driver'): Error => Object.assign(new Error(message), { code });

describe('what a server says', () => {
  test.each<[number, string, ErrorCode, RegExp]>([
    [1037, 'Out of memory; restart server and try again (needed 8 bytes)', 'SOURCE_BUSY', /try again later/i],
    [1040, 'Too many connections', 'SOURCE_BUSY', /max_connections/],
    [1042, "Can't get hostname for your address", 'SOURCE_AUTH', /skip_name_resolve/],
    [1044, "Access denied for user 'ann'@'%' to database 'shop'", 'SOURCE_NO_RIGHT', /GRANT SELECT.*`shop`/],
    [1045, "Access denied for user 'ann'@'10.0.0.1' (using password: YES)", 'SOURCE_AUTH', /userName and password/],
    [1049, "Unknown database 'shop'", 'SOURCE_NO_DATABASE', /databaseName/],
    [1053, 'Server shutdown in progress', 'SOURCE_LOST', /network/],
    [1054, "Unknown column 'x' in 'field list'", 'SOURCE_NO_OBJECT', /Ingest/],
    [1129, "Host '10.0.0.1' is blocked because of many connection errors", 'SOURCE_AUTH', /FLUSH HOSTS/],
    [1130, "Host '10.0.0.1' is not allowed to connect to this MySQL server", 'SOURCE_AUTH', /CREATE USER 'ann'@/],
    [1142, "SELECT command denied to user 'ann'@'%' for table 'item'", 'SOURCE_NO_RIGHT', /GRANT SELECT/],
    [1143, "SELECT command denied to user 'ann'@'%' for column 'id'", 'SOURCE_NO_RIGHT', /GRANT SELECT/],
    [1146, "Table 'shop.item' doesn't exist", 'SOURCE_NO_OBJECT', /Ingest/],
    [1194, "Table 'item' is marked as crashed and should be repaired", 'SOURCE_BAD_DATA', /./],
    [1203, "User ann already has more than 'max_user_connections'", 'SOURCE_BUSY', /max_user_connections/],
    [1205, 'Lock wait timeout exceeded; try restarting transaction', 'SOURCE_TIMEOUT', /try again later/],
    [1213, 'Deadlock found when trying to get lock; try restarting transaction', 'SOURCE_BUSY', /Try again/],
    [1226, "User 'ann' has exceeded the 'max_queries_per_hour' resource", 'SOURCE_BUSY', /limit named/],
    [1227, 'Access denied; you need (at least one of) the PROCESS privilege(s)', 'SOURCE_NO_RIGHT', /right/],
    [1251, 'Client does not support authentication protocol', 'SOURCE_AUTH', /caching_sha2_password/],
    [1317, 'Query execution was interrupted', 'SOURCE_TIMEOUT', /./],
    [1412, 'Table definition has changed, please retry transaction', 'SOURCE_BUSY', /Try again/],
    [1524, "Plugin 'mysql_native_password' is not loaded", 'SOURCE_AUTH', /caching_sha2_password/],
    [1698, "Access denied for user 'ann'@'localhost'", 'SOURCE_AUTH', /userName and password/],
    [1820, 'You must reset your password using ALTER USER', 'SOURCE_AUTH', /ALTER USER 'ann' IDENTIFIED/],
    [1862, 'Your password has expired.', 'SOURCE_AUTH', /ALTER USER 'ann' IDENTIFIED/],
    [1969, 'Query execution was interrupted (max_statement_time exceeded)', 'SOURCE_TIMEOUT', /./],
    [3024, 'Query execution was interrupted, maximum statement execution time exceeded', 'SOURCE_TIMEOUT', /./],
    [3032, 'The server is currently in offline mode', 'SOURCE_BUSY', /offline_mode/],
    [3118, "Access denied for user 'ann'@'%'. Account is locked.", 'SOURCE_AUTH', /ACCOUNT UNLOCK/],
    [
      3159,
      'Connections using insecure transport are prohibited while --require_secure_transport=ON.',
      'SOURCE_TLS',
      /sslType require/,
    ],
    // MariaDB has no number of its own for it.
    [
      1835,
      'Connections using insecure transport are prohibited while --require_secure_transport=ON.',
      'SOURCE_TLS',
      /sslType require/,
    ],
    [3955, "Access denied for user 'ann'@'%'. Account is blocked for 3 day(s)", 'SOURCE_AUTH', /wait/i],
    [4031, 'The client was disconnected by the server because of inactivity.', 'SOURCE_LOST', /network/],
    [4151, 'Access denied, this account is locked', 'SOURCE_AUTH', /ACCOUNT UNLOCK/],
    [1356, "View 'shop.v' references invalid table(s)", 'SOURCE_FAILED', /Mend or drop it/],
    [1064, 'You have an error in your SQL syntax', 'SOURCE_FAILED', /words of the source/],
    [9999, 'something of the future', 'SOURCE_FAILED', /words of the source/],
  ])('%i is %s → %s', (number, message, code, remedy) => {
    const error = toSourceError(said(number, message), address);
    expect(error.code).toBe(code);
    expect(error.message).toContain(message.replaceAll('; ', ', '));
    expect(error.details).toEqual({ number });
    expect(toFailedStep('x', 0, error).remedy).toMatch(remedy);
  });

  test('a password that was refused over a line in the clear may have been refused for that', () => {
    const plain = { ...address, sslMode: 'disable' as const };
    const denied = said(1045, "Access denied for user 'ann'@'%'");
    expect(toSourceError(denied, plain).message).toMatch(/REQUIRE SSL.*set sslType require/);
    expect(toSourceError(denied, address).message).not.toContain('REQUIRE SSL');
  });

  test('a right on a database is asked for by a name that can be pasted', () => {
    const odd = { ...address, database: 'my`shop' };
    expect(toSourceError(said(1044, 'denied'), odd).message).toContain('ON `my``shop`.*');
    expect(toSourceError(said(1044, 'denied'), { ...address, database: '' }).message).not.toContain('``');
  });
});

describe('what a server says while it sends rows', () => {
  test.each<[number, string, string]>([
    [1062, "Duplicate entry 'geheim' for key 'group_key'", 'Duplicate entry'],
    [1105, "XPATH syntax error: '~geheim'", 'XPATH syntax error'],
    [1139, "Got error 'geheim' from regexp", 'Got error'],
    [1292, "Truncated incorrect DOUBLE value: 'geheim'", 'Truncated incorrect DOUBLE value'],
    [1292, "Incorrect datetime value: 'geheim' for column 'd' at row 1", 'Incorrect datetime value'],
    [1298, "Unknown or incorrect time zone: 'geheim'", 'Unknown or incorrect time zone'],
    [1300, "Invalid utf8mb4 character string: 'geheim'", 'Invalid utf8mb4 character string'],
    [1366, "Incorrect integer value: 'geheim' for column 'n' at row 1", 'Incorrect integer value'],
    [
      1367,
      "Illegal double '1e999geheim' value found during parsing",
      'it does not work with one of the values of a row',
    ],
    [1411, "Incorrect datetime value: 'geheim' for function str_to_date", 'Incorrect datetime value'],
    [1525, "Incorrect DATE value: 'geheim'", 'Incorrect DATE value'],
    [1644, 'geheim is no number', 'it does not work with one of the values of a row'],
    [1690, "BIGINT UNSIGNED value is out of range in '(4711 - geheim)'", 'BIGINT UNSIGNED value is out of range'],
    [1772, "Malformed GTID set specification 'geheim'.", 'Malformed GTID set'],
    [3140, 'Invalid JSON text: "geheim" at position 0 in value for column j', 'Invalid JSON text'],
    [
      3141,
      'Invalid JSON text in argument 1 to function cast_as_json: "geheim" at position 0.',
      'Invalid JSON text in argument 1 to function cast_as_json',
    ],
    [3156, 'Invalid JSON value for CAST to INTEGER from column j at row geheim', 'Invalid JSON value for CAST'],
    [
      4038,
      "Syntax error in JSON text in argument 1 to function 'json_value' at position 1 geheim",
      "Syntax error in JSON text in argument 1 to function 'json_value",
    ],
    [1365, 'Division by 0', 'Division by 0'],
    [9999, 'something of the future about geheim', 'it does not work with one of the values of a row'],
  ])('%i %s: without the value', (number, message, words) => {
    const error = toSourceError(said(number, message), address, true);
    expect(error.message).toBe(`the server says: ${words} (${number})`);
    expect(error.details).toEqual({ number });
  });

  test.each([
    [1146, "Table 'shop.item' doesn't exist"],
    [1194, "Table 'item' is marked as crashed and should be repaired"],
    [1356, "View 'shop.v' references invalid table(s)"],
    [1969, 'Query execution was interrupted (max_statement_time exceeded)'],
  ])('%i %s: whole, for it holds names only', (number, message) => {
    expect(toSourceError(said(number, message), address, true).message).toContain(message);
  });
});

describe('an error while rows are read by a condition', () => {
  const overflow = said(1690, "BIGINT value is out of range in '(geheim * 9)'");
  test('names the condition where it came of computing, and the view that may have computed it', () => {
    const at = (type: 'TABLE' | 'VIEW', where?: string) =>
      toRowsError(overflow, address, { type, ...(where === undefined ? {} : { where }) }).message;
    const words = 'the server says: BIGINT value is out of range (1690)';
    expect(at('TABLE', 'n * 9 > 0')).toBe(`whereClause: ${words}`);
    expect(at('VIEW', 'n * 9 > 0')).toBe(`whereClause, or the view itself: ${words}`);
    expect(at('TABLE')).toBe(words);
  });

  test.each([
    [1317, 'Query execution was interrupted'],
    [1142, 'SELECT command denied'],
    [1205, 'Lock wait timeout exceeded'],
    [1194, "Table 'item' is marked as crashed"],
  ])('%i %s is no fault of it', (number, message) => {
    const error = toRowsError(said(number, message), address, { type: 'TABLE', where: 'n > 0' });
    expect(error.message).not.toContain('whereClause');
    expect(
      toRowsError(driver('ECONNRESET', 'reset'), address, { type: 'TABLE', where: 'n > 0' }).message,
    ).not.toContain('whereClause');
  });
});

describe('what driver, network and TLS say', () => {
  test.each<[unknown, ErrorCode, RegExp]>([
    [
      driver('PROTOCOL_CONNECTION_LOST', 'Connection lost: The server closed the connection.'),
      'SOURCE_LOST',
      /db:3306 broke/,
    ],
    [driver('PROTOCOL_UNEXPECTED_PACKET'), 'SOURCE_LOST', /broke/],
    [new Error("Can't add new command when connection is in closed state"), 'SOURCE_LOST', /broke/],
    [driver('AUTH_SWITCH_PLUGIN_ERROR'), 'SOURCE_AUTH', /words of the driver/],
    [
      driver(
        'AUTH_SWITCH_PLUGIN_ERROR',
        'Server requests authentication using unknown plugin client_ed25519. See TODO',
      ),
      'SOURCE_AUTH',
      /signs in by the plugin client_ed25519/,
    ],
    [driver('MYSQL_CLEAR_PASSWORD_NOT_ENABLED'), 'SOURCE_AUTH', /in the clear.*verify-full/],
    [
      driver('HANDSHAKE_NO_SSL_SUPPORT', 'Server does not support secure connection'),
      'SOURCE_TLS',
      /offers no encrypted/,
    ],
    [driver('HANDSHAKE_SSL_ERROR', 'self-signed certificate in certificate chain'), 'SOURCE_TLS', /trustStoreLocation/],
    [driver('HANDSHAKE_SSL_ERROR', 'certificate has expired'), 'SOURCE_TLS', /has expired; renew/],
    [driver('ERR_TLS_CERT_ALTNAME_INVALID'), 'SOURCE_TLS', /for another name/],
    [driver('ENOTFOUND'), 'SOURCE_NAME_NOT_RESOLVED', /"db" does not resolve/],
    [driver('ECONNREFUSED'), 'SOURCE_UNREACHABLE', /nothing listens at db:3306/],
    [new AggregateError([driver('ECONNREFUSED'), driver('ENETUNREACH')]), 'SOURCE_UNREACHABLE', /nothing listens/],
    [driver('EHOSTUNREACH'), 'SOURCE_UNREACHABLE', /cannot be reached/],
    [driver('ECONNRESET'), 'SOURCE_LOST', /cut off/],
    [driver('EPIPE'), 'SOURCE_LOST', /cut off/],
    [new RangeError('of nobody'), 'SOURCE_FAILED', /of nobody/],
    ['a text', 'SOURCE_FAILED', /a text/],
    [undefined, 'SOURCE_FAILED', /undefined/],
  ])('%s is %s', (thrown, code, says) => {
    const error = toSourceError(thrown, address);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(says);
    expect(toFailedStep('x', 0, error).remedy).not.toBe('');
  });

  test('what is ours already is left as it is', () => {
    const own = new AssayError('CANCELLED', 'x');
    expect(toSourceError(own, address)).toBe(own);
  });
});

describe('laws', () => {
  const number = fc.oneof(fc.constantFrom(...Object.keys(BY_NUMBER).map(Number)), fc.integer({ min: 1, max: 65_535 }));
  const words = fc.string({ maxLength: 60 }).filter((text) => !text.includes(SECRET));
  const code = fc.constantFrom('ECONNRESET', 'ENOENT', 'HANDSHAKE_SSL_ERROR', 'CERT_HAS_EXPIRED', 'ETIMEDOUT', 'X', '');
  const place = fc.record({
    host: fc.constantFrom('db', '::1', '/run/mysqld.sock'),
    database: fc.constantFrom('', 'shop', 'a`b'),
    sslMode: fc.constantFrom('disable', 'prefer', 'require', 'verify-ca', 'verify-full'),
  });

  test('whatever was thrown, the error is of the table, says what to do, keeps its cause and holds no password', () => {
    const thrown = fc.oneof(
      fc.tuple(number, words).map(([errno, message]) => said(errno, message)),
      fc.tuple(code, words).map(([name, message]) => driver(name, message)),
      fc.anything(),
    );
    fc.assert(
      fc.property(thrown, place, (cause, where) => {
        const error = toSourceError(cause, { ...address, ...where } as MysqlAddress);
        expect(ERRORS[error.code].kind).toBe('source');
        if (cause !== undefined) expect(error.cause).toBe(cause);
        expect(toFailedStep('x', 0, error).remedy).not.toBe('');
        expect(JSON.stringify(error)).not.toContain(SECRET);
      }),
    );
  });

  test('of what a server says of a row no value is left, whatever stands in it', () => {
    const templates = [
      [1062, 'Duplicate entry *'],
      [1292, 'Incorrect datetime value: *'],
      [1366, 'Incorrect integer value: *'],
      [1525, 'Incorrect DATE value: *'],
      [1644, '*'],
      [3141, 'Invalid JSON text in argument 1 to function json_extract: *'],
    ] as const;
    fc.assert(
      fc.property(fc.constantFrom(...templates), words, words, ([errno, template], before, after) => {
        const message = template.replace('*', () => `'${before}geheim${after}'`);
        expect(toSourceError(said(errno, message), address, true).message).not.toContain('geheim');
      }),
    );
  });

  test('no word of the server is taken for advice, whatever stands between them', () => {
    fc.assert(
      fc.property(number, words, (errno, message) => {
        const { message: text } = toSourceError(said(errno, message.replaceAll(' ', '; ')), address);
        expect(text.split('; ')[0]).toContain(` (${errno})`);
      }),
    );
  });
});
