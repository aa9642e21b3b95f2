import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeAddress, readAddress } from './address.ts';

const base = { databaseType: 'POSTGRES' };

describe('where a configuration leads', () => {
  test.each([
    [
      { host: 'db', databaseName: 'shop', userName: 'ann' },
      { host: 'db', port: 5432, database: 'shop', user: 'ann', sslMode: 'prefer' },
    ],
    [
      { host: 'db', port: '6000', userName: 'ann' },
      { port: 6000, database: 'ann' },
    ],
    [
      { host: '/var/run/pg', userName: 'ann', sslType: 'require' },
      { host: '/var/run/pg', sslMode: 'disable' },
    ],
    [
      { uri: 'jdbc:postgresql://db:6543/shop?sslmode=require&user=ann&password=s%2Bcret' },
      { host: 'db', port: 6543, database: 'shop', user: 'ann', password: 's+cret', sslMode: 'require' },
    ],
    [
      { uri: 'jdbc:postgresql://db/shop', userName: 'bob', password: 'x' },
      { host: 'db', user: 'bob', password: 'x' },
    ],
    [
      { uri: 'jdbc:postgresql:shop', userName: 'bob' },
      { host: 'localhost', database: 'shop' },
    ],
    [
      { uri: 'jdbc:postgresql:/', userName: 'bob' },
      { host: 'localhost', database: 'bob' },
    ],
    [
      { uri: 'postgres://ann:p%40ss:x@[::1]:7000/a%2Fb' },
      { host: '::1', port: 7000, user: 'ann', password: 'p@ss:x', database: 'a/b' },
    ],
    [{ uri: 'postgresql://ann@/shop?host=/tmp/sock&port=5433' }, { host: '/tmp/sock', port: 5433, sslMode: 'disable' }],
    [{ uri: 'jdbc:postgresql://db/shop?ssl=true', userName: 'a' }, { sslMode: 'require' }],
    [{ host: 'db', userName: 'a', configMethod: 'credentials', uri: 'jdbc:postgresql://other/x' }, { host: 'db' }],
    [{ host: 'db', userName: 'a', sslType: 'VERIFY_FULL' }, { sslMode: 'verify-full' }],
    [
      { host: 'db', userName: 'a', sslType: 'require', trustStoreLocation: '/ca.pem' },
      { sslMode: 'verify-ca', caFile: '/ca.pem' },
    ],
    [{ host: 'db', userName: 'a', sslType: 'verify-full', skipSslValidation: true }, { sslMode: 'require' }],
  ])('%o', (config, expected) => {
    const { address, problems } = readAddress({ ...base, ...config });
    expect(problems).toEqual([]);
    expect(address).toMatchObject(expected);
  });

  test.each([
    [{}, /host: missing/],
    [{ host: 'db' }, /userName: missing/],
    [{ host: 'db', userName: 'a', port: '0' }, /port: received "0"/],
    [{ host: 'db', userName: 'a', port: 'x' }, /port: received "x"/],
    [{ host: 'https://db', userName: 'a' }, /bare host name/],
    [{ host: 'db', userName: 'a', sslType: 'sometimes' }, /sslType: received "sometimes"/],
    [{ uri: 'jdbc:mysql://db/x', userName: 'a' }, /uri: expected jdbc:postgresql/],
    [{ uri: 'postgresql://a,b/x', userName: 'a' }, /several hosts/],
    [{ host: 'db', userName: 'a', trustStoreType: 'JKS' }, /expected PEM/],
    [{ host: 'db', userName: 'a', keyStoreLocation: '/k.p12' }, /client certificates/],
  ])('%o is refused', (config, says) => {
    expect(readAddress({ ...base, ...config }).problems.join('; ')).toMatch(says);
  });

  test('no password in what people see, whatever it is', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcXYZ019-._~'), minLength: 12, maxLength: 20 });
    fc.assert(
      fc.property(word, fc.boolean(), (password, inUri) => {
        const config = inUri
          ? { uri: `postgresql://ann:${password}@db/shop` }
          : { host: 'db', userName: 'ann', password };
        const { address, problems } = readAddress({ ...base, ...config });
        expect(address.password).toBe(password);
        expect(describeAddress(address) + problems.join()).not.toContain(password);
      }),
    );
  });

  test('no piece of a password in what is said of a uri, however it is spelt there', () => {
    const secret = fc
      .array(fc.stringMatching(/^[a-zA-Z0-9]{8,12}$/), { minLength: 2, maxLength: 3 })
      .chain((pieces) => fc.constantFrom(...'/?#@:&=').map((mark) => ({ pieces, password: pieces.join(mark) })));
    const form = fc.constantFrom(
      (password: string) => `%s://ann:${password}@db/shop`,
      (password: string) => `%s://ann:${password}@db:x/shop?sslmode=maybe`,
      (password: string) => `jdbc:%s://db/shop?user=ann&sslmode=${password}`,
    );
    fc.assert(
      fc.property(secret, form, ({ pieces, password }, spell) => {
        const said = readAddress({ ...base, uri: spell(password).replace('%s', 'postgresql') }).problems.join();
        for (const piece of pieces) expect(said).not.toContain(piece);
      }),
    );
  });

  test.each(['s3cret/x', '123/x', '123?x', 'p@ss/x'])('a password %s that ends the host is refused', (password) => {
    const { problems } = readAddress({ ...base, uri: `postgresql://ann:${password}@db/shop` });
    expect(problems.join('; ')).toMatch(/write \/ \? # @ in a password .* as %2F/);
  });

  test('any text is answered with an address or with sentences', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (uri, host) => {
        expect(Array.isArray(readAddress({ ...base, uri, host, userName: 'a' }).problems)).toBe(true);
      }),
    );
  });
});
