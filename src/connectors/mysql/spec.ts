import type { ConnectorSpec } from '../connector.ts';
import { readAddress } from './address.ts';

export const mysqlSpec: ConnectorSpec = {
  kind: 'mysql',
  title: 'MySQL and MariaDB',
  databaseTypes: ['MYSQL', 'MARIADB'],
  shape: 'database',
  problems: (config) => readAddress(config).problems,
  abilities: ['test', 'introspect', 'read', 'partitions', 'cancel', 'estimate'],
  verified: { MYSQL: 'driver only', MARIADB: 'live server' },
  notes: [
    'A database of the server is a SCHEMA. With `databaseName` only that one is listed, without it all that the user may see.',
    "MariaDB 10.11 is what the tests run against. MySQL itself was not tried: nothing of it was verified live. Verified at the level of the driver, against a server of the tests that speaks the protocol: that versions of MySQL 5.7, 8.0, 8.4 and 9 and of MariaDB 10.3 to 11.4 are told apart, asked in their own words and listed, and that older ones are refused; logins that are refused; servers that are silent, hang up or answer garbage; connections that break in the middle of a result, which is never a short read and never a proof that something is gone; and that a cancelled job sends KILL QUERY, and cuts the connection where that does not help. Its own sign-in (`caching_sha2_password`) is the driver's.",
    'What a user may not see, MySQL and MariaDB leave out in silence. So a table that is no longer listed counts as dropped only where the user has SELECT on the whole database, and had it throughout: rights are read before the session that lists is opened, and in it at the end, and if a GRANT, REVOKE, RENAME USER or FLUSH ran on the server in between, nothing of the database is deleted, with a warning. A database counts as dropped only when the server, asked for it by name (SHOW CREATE DATABASE), says that it does not exist, which it says to those alone who would see it; SHOW DATABASES is no such right.',
    'Types: `bigint unsigned` is UBIGINT; `decimal` of more than 38 digits is text; `bit(1)` is BOOLEAN, longer ones are numbers; `timestamp` is an instant in UTC, `datetime` has no zone; zero dates and times beyond a day make their column text, with a warning; geometry is its WKT; text that is no valid UTF-8 is shown with U+FFFD, with a warning.',
    'MariaDB opens every table of a database to tell its size, keys and checks. A database of 1,000 tables or more is listed with up to four sessions, which then open each table once: 20,000 tables in 11 s instead of 27 s on two busy cores. Where the server gives fewer sessions, it takes longer.',
    'A table is cut into parts by ranges of its primary key when that is one integer column.',
  ],
};
