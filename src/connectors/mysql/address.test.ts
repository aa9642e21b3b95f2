import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { at, describeAddress, readAddress } from './address.ts';

const base = { databaseType: 'MARIADB' };

describe('where a configuration leads', () => {
  test.each([
    [
      { host: 'db', databaseName: 'shop', userName: 'ann' },
      { host: 'db', port: 3306, database: 'shop', user: 'ann', sslMode: 'prefer' },
    ],
    [
      { host: 'db', port: '3307', userName: 'ann' },
      { port: 3307, database: '' },
    ],
    [{ host: '::1', userName: 'ann' }, { host: '::1' }],
    [
      { host: '/run/mysqld.sock', userName: 'ann', sslType: 'require' },
      { host: '/run/mysqld.sock', sslMode: 'disable' },
    ],
    [
      { uri: 'jdbc:mysql://db:3308/shop?sslMode=REQUIRED&user=ann&password=s%2Bcret' },
      { host: 'db', port: 3308, database: 'shop', user: 'ann', password: 's+cret', sslMode: 'require' },
    ],
    [
      { uri: 'jdbc:mariadb://db/shop', userName: 'bob', password: 'x', port: '1' },
      { host: 'db', port: 3306, database: 'shop', user: 'bob', password: 'x' },
    ],
    [
      { uri: 'jdbc:mysql:///shop', userName: 'bob' },
      { host: 'localhost', port: 3306, database: 'shop' },
    ],
    [
      { uri: 'JDBC:MYSQL://db', userName: 'bob' },
      { host: 'db', database: '' },
    ],
    [{ uri: 'mysql://db', userName: 'bob', databaseName: 'shop' }, { database: 'shop' }],
    [
      { uri: 'mysql://ann:p%40ss:x@[2001:db8::1]:7000/a%2Fb' },
      { host: '2001:db8::1', port: 7000, user: 'ann', password: 'p@ss:x', database: 'a/b' },
    ],
    [{ uri: 'mysql://ann:p@ss@db/shop' }, { host: 'db', user: 'ann', password: 'p@ss' }],
    [{ uri: 'mysql://ann:100%@db/shop' }, { password: '100%' }],
    [{ uri: 'mysql://ann@localhost/shop?socket=/run/mysqld.sock' }, { host: '/run/mysqld.sock', sslMode: 'disable' }],
    [{ uri: 'jdbc:mariadb://db/shop?localSocket=%2Frun%2Fm.sock&user=a' }, { host: '/run/m.sock' }],
    [{ host: 'db', userName: 'a', configMethod: 'credentials', uri: 'jdbc:mysql://other/x' }, { host: 'db' }],
    [{ host: 'other', userName: 'a', uri: 'jdbc:mysql://db/x' }, { host: 'db' }],
  ])('%o', (config, expected) => {
    const { address, problems } = readAddress({ ...base, ...config });
    expect(problems).toEqual([]);
    expect(address).toMatchObject(expected);
  });

  test.each([
    ['', 'prefer'],
    ['?useSSL=false', 'disable'],
    ['?useSSL=true', 'require'],
    ['?useSSL=true&verifyServerCertificate=true', 'verify-ca'],
    ['?useSSL=true&verifyServerCertificate=false', 'require'],
    ['?useSsl=true&sslMode=VERIFY_IDENTITY', 'verify-full'],
    ['?sslMode=VERIFY_CA', 'verify-ca'],
    ['?sslMode=PREFERRED', 'prefer'],
    ['?sslMode=DISABLED', 'disable'],
    ['?sslMode=trust', 'require'],
    ['?ssl-mode=VERIFY_IDENTITY', 'verify-full'],
    ['?serverSslCert=/ca.pem&sslMode=require', 'verify-ca'],
    ['?ssl-ca=/ca.pem&ssl-mode=VERIFY_IDENTITY', 'verify-full'],
  ])('a uri with "%s" is %s', (query, sslMode) => {
    const uri = `jdbc:mysql://db/shop${query}`;
    const read = readAddress({ ...base, uri, userName: 'a' });
    expect(read.problems).toEqual([]);
    expect(read.address.sslMode).toBe(sslMode);
    expect(read.address.caFile).toBe(query.includes('/ca.pem') ? '/ca.pem' : undefined);
    expect(readAddress({ ...base, uri, userName: 'a', sslType: 'verify-full' }).address.sslMode).toBe('verify-full');
  });

  test.each([
    [{}, /host: missing/],
    [{ host: 'db' }, /userName: missing/],
    [{ uri: 'mysql://:x@db/shop' }, /userName: missing/],
    [{ host: 'db', userName: 'a', port: '0' }, /port: received "0"/],
    [{ host: 'db', userName: 'a', port: '65536' }, /port: received "65536"/],
    [{ host: 'db', userName: 'a', port: '3306.5' }, /port: received "3306\.5"/],
    [{ uri: 'mysql://a@db:x/shop' }, /uri: the port is no number/],
    [{ host: 'https://db', userName: 'a' }, /bare host name/],
    [{ host: 'db one', userName: 'a' }, /bare host name/],
    [{ host: 'db', userName: 'a', sslType: 'sometimes' }, /sslType: received "sometimes"/],
    [{ uri: 'jdbc:postgresql://db/x', userName: 'a' }, /uri: expected jdbc:mysql/],
    [{ uri: 'jdbc:mysql:replication://a/x', userName: 'a' }, /uri: expected jdbc:mysql/],
    [{ uri: 'jdbc:mysql://(host=a,port=1)/x', userName: 'a' }, /uri: expected jdbc:mysql/],
    [{ uri: 'jdbc:mysql://a,b/x', userName: 'a' }, /several hosts/],
    [{ uri: 'jdbc:mysql://a/x?trustCertificateKeyStoreUrl=file:/k.jks', userName: 'a' }, /Java key store/],
    [{ host: 'db', userName: 'a', trustStoreType: 'JKS' }, /expected PEM/],
    [{ host: 'db', userName: 'a', keyStoreLocation: '/k.p12' }, /client certificates/],
  ])('%o is refused', (config, says) => {
    expect(readAddress({ ...base, ...config }).problems.join('; ')).toMatch(says);
  });
});

describe('laws', () => {
  const word = fc.string({ unit: fc.constantFrom(...'abX09-_.~:@/?#%&=+ "\\é😀'), minLength: 1, maxLength: 20 });
  const host = fc.oneof(fc.stringMatching(/^[a-z][a-z0-9-]{0,9}(\.[a-z0-9]{1,5})?$/), fc.ipV4(), fc.ipV6());

  test('a uri says the same as the fields', () => {
    fc.assert(
      fc.property(
        host,
        fc.integer({ min: 1, max: 65535 }),
        word,
        word,
        word,
        (name, port, user, password, database) => {
          const place = name.includes(':') ? `[${name}]` : name;
          const [u, p, d] = [user, password, database].map(encodeURIComponent);
          const fields = { host: name, port: String(port), userName: user, password, databaseName: database };
          fc.pre(user === user.trim() && database === database.trim());
          const asFields = readAddress({ ...base, ...fields });
          expect(asFields.problems).toEqual([]);
          for (const uri of [
            `mysql://${u}:${p}@${place}:${port}/${d}`,
            `jdbc:mariadb://${place}:${port}/${d}?user=${u}&password=${p}`,
          ])
            expect(readAddress({ ...base, uri })).toEqual(asFields);
        },
      ),
    );
  });

  test('the address for people is one that can be given again, and leads to the same place', () => {
    fc.assert(
      fc.property(fc.oneof(host, fc.constant('/run/my sql.sock')), word, word, (name, user, database) => {
        fc.pre(user === user.trim() && database === database.trim() && !name.includes(' '));
        const { address } = readAddress({ ...base, host: name, userName: user, databaseName: database, password: 'x' });
        const again = readAddress({ ...base, uri: describeAddress(address), password: 'x' });
        expect(again).toEqual({ address, problems: [] });
        expect(at(again.address)).toBe(at(address));
      }),
    );
  });

  test('no password in what people see, whatever it is', () => {
    const secret = fc.string({ unit: fc.constantFrom(...'abcXYZ019-._~'), minLength: 12, maxLength: 20 });
    const form = fc.constantFrom(
      (password: string) => ({ host: 'db', userName: 'ann', password }),
      (password: string) => ({ uri: `mysql://ann:${password}@db/shop` }),
      (password: string) => ({ uri: `jdbc:mysql://db/shop?user=ann&password=${password}` }),
      // With something wrong about it as well.
      (password: string) => ({ uri: `mysql://ann:${password}@db,db2:x/shop?sslMode=maybe`, password }),
      (password: string) => ({ uri: `mysqlx://ann:${password}@db/shop`, password }),
    );
    fc.assert(
      fc.property(secret, form, (password, toConfig) => {
        const { address, problems } = readAddress({ ...base, ...toConfig(password) });
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
        const said = readAddress({ ...base, uri: spell(password).replace('%s', 'mysql') }).problems.join();
        for (const piece of pieces) expect(said).not.toContain(piece);
      }),
    );
  });

  test.each(['s3cret/x', '123/x', '123?x', 'p@ss/x'])('a password %s that ends the host is refused', (password) => {
    const { problems } = readAddress({ ...base, uri: `mysql://ann:${password}@db/shop` });
    expect(problems.join('; ')).toMatch(/write \/ \? # @ in a password .* as %2F/);
  });

  const anyText = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });
  test('any text is answered with an address or with sentences', () => {
    fc.assert(
      fc.property(anyText, fc.string(), (text, name) => {
        for (const uri of [text, `mysql://${text}`]) {
          const { address, problems } = readAddress({ ...base, uri, host: name, userName: 'a' });
          expect(problems.length > 0 || (address.host !== '' && address.port > 0)).toBe(true);
        }
      }),
    );
  });
});
