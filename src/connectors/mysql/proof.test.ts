import { describe, expect, test } from 'vitest';
import { connect, listShop, play } from '../../../test/support/mysql-play.ts';
import type { Answer, MysqlStandIn } from '../../../test/support/mysql-stand-in.ts';

describe('what a listing proves of what it does not show', () => {
  const kinds = async (server: MysqlStandIn): Promise<string[]> =>
    (await listShop(await connect(server))).map(({ kind }) => kind);
  const statusOf = (value: () => string) => (sql: string) =>
    sql.startsWith('SHOW GLOBAL STATUS') ? [{ Variable_name: 'Com_grant', Value: value() }] : undefined;

  test('nothing, when a right was given or taken on the server meanwhile', async () => {
    let changes = 0;
    expect(await kinds(await play({ answer: statusOf(() => String(changes++)) }))).toContain('unproven');
    expect(await kinds(await play({ answer: statusOf(() => '7') }))).not.toContain('unproven');
  });

  test.each<[string, Answer]>([
    ['says nothing of that', []],
    ['does not let us ask', { code: 1142, message: 'SELECT command denied' }],
  ])('nothing, when the server %s', async (_, answer) => {
    const server = await play({ answer: (sql) => (sql.startsWith('SHOW GLOBAL STATUS') ? answer : undefined) });
    expect(await kinds(server)).toContain('unproven');
  });

  test('rights are read before the session that lists is opened, and in it at the end', async () => {
    const asked: [number, string][] = [];
    const server = await play({
      answer: (sql, peer) => {
        const word = /GLOBAL STATUS|GRANTS|information_schema\.(?:TABLES|COLUMNS)/.exec(sql)?.[0];
        if (word) asked.push([server.peers.indexOf(peer), word.replace('information_schema.', '')]);
        return undefined;
      },
    });
    const connection = await connect(server);
    await connection.listUnits();
    await listShop(connection);
    expect(asked).toEqual([
      [0, 'GLOBAL STATUS'],
      [0, 'GRANTS'],
      [1, 'TABLES'],
      [1, 'COLUMNS'],
      [1, 'GRANTS'],
      [1, 'GLOBAL STATUS'],
    ]);
  });

  test.each<[string, Answer, RegExp]>([
    ['unknown to those who would see it', { code: 1049, message: "Unknown database 'vault'" }, /^$/],
    [
      'hidden',
      { code: 1044, message: "Access denied for user 'ann'@'%' to database 'vault'" },
      /GRANT SELECT, SHOW VIEW/,
    ],
    ['there', [{ Database: 'vault', 'Create Database': 'CREATE DATABASE `vault`' }], /is there/],
  ])('a database that is %s', async (_, answer, doubt) => {
    const server = await play({ answer: (sql) => (sql === 'SHOW CREATE DATABASE `vault`' ? answer : undefined) });
    expect(await (await connect(server)).doubtGone?.(['vault'])).toMatch(doubt);
  });

  test('nothing of a database, when the question itself failed', async () => {
    const answer = { code: 1317, message: 'Query execution was interrupted' };
    const server = await play({ answer: (sql) => (sql.startsWith('SHOW CREATE DATABASE') ? answer : undefined) });
    await expect((await connect(server)).doubtGone?.(['vault'])).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
  });
});
