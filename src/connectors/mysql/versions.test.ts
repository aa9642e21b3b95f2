import { describe, expect, test } from 'vitest';
import { connect, isRead, listShop, listSteps, play, readItem } from '../../../test/support/mysql-play.ts';
import type { Play } from '../../../test/support/mysql-stand-in.ts';
import type { ListingEvent } from '../connector.ts';

/** What the connector asks of which server, and what it makes of the answers. No MySQL answers here: see docs/connectors.md. */

describe('a server that behaves', () => {
  test('passes every step, is listed whole and read', async () => {
    const server = await play({
      answer: (sql) => (isRead(sql) ? [{ id: '1' }, { id: '2' }] : undefined),
    });
    const steps = await listSteps(server);
    expect(steps.filter(({ outcome }) => outcome !== 'ok').map(({ name, outcome }) => [name, outcome])).toEqual([
      ['resolve name', 'skipped'],
      ['encrypt', 'skipped'],
    ]);
    const connection = await connect(server);
    const events = await listShop(connection);
    expect(events.flatMap((event) => (event.kind === 'objects' ? event.objects : [])).map(({ path }) => path)).toEqual([
      ['shop'],
      ['shop', 'item'],
      ['shop', 'item', 'id'],
    ]);
    expect(events.at(-1)).toEqual({ kind: 'complete', path: ['shop'] });
    expect(await readItem(connection)).toBe('1\n2\n');
  });

  test.each<[string, string, string, RegExp | undefined]>([
    ['5.7.44-log', 'MySQL', '5.7.44-log', undefined],
    ['8.0.15', 'MySQL', '8.0.15', undefined],
    ['8.0.36-0ubuntu0.22.04.1', 'MySQL', '8.0.36-0ubuntu0.22.04.1', /JOIN information_schema\.CHECK_CONSTRAINTS/],
    ['8.4.0', 'MySQL', '8.4.0', /JOIN information_schema\.CHECK_CONSTRAINTS/],
    ['9.1.0-commercial', 'MySQL', '9.1.0-commercial', /JOIN information_schema\.CHECK_CONSTRAINTS/],
    ['10.3.39-MariaDB', 'MariaDB', '10.3.39-MariaDB', /FROM information_schema\.CHECK_CONSTRAINTS/],
    ['5.5.5-10.6.18-MariaDB-log', 'MariaDB', '10.6.18-MariaDB-log', /FROM information_schema\.CHECK_CONSTRAINTS/],
    ['11.4.2-MariaDB-ubu2404', 'MariaDB', '11.4.2-MariaDB-ubu2404', /FROM information_schema\.CHECK_CONSTRAINTS/],
  ])('%s is %s and asked in its own words', async (version, product, shown, checks) => {
    const server = await play({ version });
    const connection = await connect(server);
    expect(await connection.info()).toMatchObject({ product, version: shown });
    expect((await listShop(connection)).at(-1)).toEqual({ kind: 'complete', path: ['shop'] });
    const sent = server.statements.join('\n');
    const isMariadb = product === 'MariaDB';
    expect(/max_statement_time = 0/.test(sent)).toBe(isMariadb);
    expect(/max_execution_time = 0/.test(sent)).toBe(!isMariadb);
    expect(/partial_revokes/.test(sent)).toBe(!isMariadb);
    if (checks) expect(sent).toMatch(checks);
    else expect(sent).not.toMatch(/CHECK_CONSTRAINTS/);
  });

  describe('a database of many tables', () => {
    const many = (logins = 4): Play => {
      let count = 0;
      return {
        version: '10.11.6-MariaDB',
        refuse: () => (count++ < logins ? undefined : { code: 1040, message: 'Too many connections' }),
        answer: (sql) => (sql.startsWith('SELECT COUNT(*) AS tables') ? [{ tables: '1000' }] : undefined),
      };
    };
    const kinds = (events: ListingEvent[]): string[] => events.map(({ kind }) => kind);

    test.each([4, 2, 1])('is listed whole with %i sessions to be had', async (logins) => {
      // The first login is given back for one that is younger than what is known of the rights.
      const server = await play(many(logins + 1));
      expect(kinds(await listShop(await connect(server)))).toEqual(['objects', 'objects', 'complete']);
      const asked = (view: string): number => server.statements.filter((sql) => sql.includes(`.${view} `)).length;
      expect(['KEY_COLUMN_USAGE', 'REFERENTIAL_CONSTRAINTS', 'CHECK_CONSTRAINTS'].map(asked)).toEqual([
        1,
        logins === 1 ? 0 : expect.any(Number),
        1,
      ]);
    });

    test('is not listed when one of the sessions breaks, and what is left of them can be used again', async () => {
      const it = many(20);
      let isBroken = true;
      const server = await play({
        ...it,
        answer: (sql, peer) => {
          if (!isBroken || !sql.includes('CHECK_CONSTRAINTS')) return it.answer?.(sql, peer);
          isBroken = false;
          return ({ stream }) => void stream.destroy();
        },
      });
      const connection = await connect(server);
      const events = await listShop(connection);
      expect(events.at(-1)).toMatchObject({ kind: 'failed', path: ['shop'], error: { code: 'SOURCE_LOST' } });
      expect(kinds(events)).not.toContain('complete');
      expect(kinds(await listShop(connection))).toContain('complete');
    });
  });

  test.each(['5.6.51', '5.5.62-log', '10.2.44-MariaDB', '5.5.5-10.1.48-MariaDB'])('%s is too old', async (version) => {
    const [failed] = (await listSteps(await play({ version }))).slice(-1);
    expect(failed).toMatchObject({ outcome: 'failed', code: 'NOT_SUPPORTED' });
    expect(failed?.reason).toContain(version.replace(/^5\.5\.5-/, ''));
  });

  test('a user whose wildcards MySQL does not read proves nothing by them', async () => {
    const grants = [{ Grants: 'GRANT SELECT ON `sh%`.* TO `ann`@`%`' }];
    const answer =
      (partial: string) =>
      (sql: string): Record<string, string>[] | undefined =>
        sql.startsWith('SHOW GRANTS')
          ? grants
          : sql.includes('partial_revokes')
            ? [{ Variable_name: 'partial_revokes', Value: partial }]
            : undefined;
    const kinds = async (partial: string): Promise<string[]> =>
      (await listShop(await connect(await play({ answer: answer(partial) })))).map(({ kind }) => kind);
    expect(await kinds('OFF')).not.toContain('unproven');
    expect(await kinds('ON')).toContain('unproven');
  });
});
