import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { AssayError } from '../errors/assay-error.ts';
import { readIssuers } from './issuers.ts';
import { loadConfig } from './load-config.ts';
import { SETTINGS } from './settings.ts';
import { settingsTable } from './settings-table.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function settingsFile(value: unknown): string {
  const file = join(folder, 'settings.json');
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}

function problemsOf(sources: Parameters<typeof loadConfig>[0]): string[] {
  try {
    loadConfig(sources);
  } catch (error) {
    if (error instanceof AssayError && error.code === 'BAD_CONFIG') return error.problems;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('needs nothing: every default is valid', () => {
    const config = loadConfig({ env: {} });
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      affinities: ['DEFAULT'],
      fileRoots: [],
      worker: true,
    });
    expect(config.dataDir).toBe(resolve('assay-data'));
    expect(config).toMatchObject({ retainEventDays: 30, retainJobDays: 365, retainProfiles: 10, keepValues: true });
    expect(config.databaseUrl).toBeUndefined();
    expect(Object.isFrozen(config) && Object.isFrozen(config.fileRoots)).toBe(true);
  });

  it('takes a flag before the environment before the file', () => {
    const file = settingsFile({ port: 1, slots: 1, host: 'file' });
    const config = loadConfig({
      flags: { port: '3' },
      env: { ASSAY_PORT: '2', ASSAY_SLOTS: '2', ASSAY_HOST: ' ' },
      file,
    });
    expect(config).toMatchObject({ port: 3, slots: 2, host: 'file' });
  });

  it('takes no option for the value of another', () => {
    const problem = '--data: received the option --help, expected a value before it';
    expect(problemsOf({ flags: { dataDir: '--help' }, env: {} })).toEqual([problem]);
  });

  it('lets ASSAY_WORKER=false stand when --no-worker was not given', () => {
    expect(loadConfig({ flags: { worker: true }, env: { ASSAY_WORKER: 'no' } }).worker).toBe(false);
    expect(loadConfig({ flags: { worker: false }, env: {} }).worker).toBe(false);
  });

  it('reads a key in hex and in base64 alike', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const key = Buffer.from(bytes);
        for (const form of ['hex', 'base64', 'base64url'] as const) {
          expect(loadConfig({ env: { ASSAY_SECRET_KEY: key.toString(form) } }).secretKey).toEqual(key);
        }
      }),
    );
  });

  it('splits lists and makes paths absolute', () => {
    const config = loadConfig({ flags: { affinities: ['EU', 'US,EU'] }, env: { ASSAY_FILE_ROOTS: '/a:b' } });
    expect(config.affinities).toEqual(['EU', 'US']);
    expect(config.fileRoots).toEqual(['/a', resolve('b')]);
  });

  it('names every problem at once, with what was received and expected', () => {
    const file = settingsFile({ prot: 1 });
    const problems = problemsOf({
      env: { ASSAY_PORT: '70000', ASSAY_KEEP_VALUES: 'maybe', ASSAY_TLS_CERT: 'cert.pem', ASSAY_SLOTS: '-1' },
      file,
    });
    expect(problems).toEqual([
      `the settings file ${file} names unknown settings: prot`,
      'ASSAY_KEEP_VALUES: received "maybe", expected true or false',
      'ASSAY_PORT: received "70000", expected a whole number from 0 to 65535',
      'ASSAY_SLOTS: received "-1", expected a whole number from 1 to 256',
      '--tls-cert was given without --tls-key: HTTPS needs both',
    ]);
  });

  it('says that a settings file is missing or no JSON', () => {
    expect(problemsOf({ env: { ASSAY_CONFIG: '/nowhere.json' } })[0]).toContain('/nowhere.json cannot be read');
    expect(problemsOf({ env: {}, file: settingsFile('[]') })[0]).toContain('no JSON object');
    const [problem] = problemsOf({ env: {}, file: settingsFile('{"adminPassword": hushhush}') });
    expect(problem).toMatch(/cannot be read: not valid JSON$/);
    expect(problem).not.toContain('hush');
  });

  describe('issuers', () => {
    const read = (env: Record<string, string>) => readIssuers(loadConfig({ env })).issuers;

    it('are none by default; one needs its audience and TLS', () => {
      expect(read({})).toEqual([]);
      expect(problemsOf({ env: { ASSAY_OIDC_ISSUER: 'http://sso.example/' } })).toEqual([
        'ASSAY_OIDC_ISSUER: no audience; without ASSAY_OIDC_AUDIENCE the tokens of every other application would do',
        'ASSAY_OIDC_ISSUER: http://sso.example/ is plain HTTP; use https, or set ASSAY_OIDC_ALLOW_HTTP=true',
      ]);
      const near = { ASSAY_OIDC_ISSUER: 'http://[::1]:8081/', ASSAY_OIDC_AUDIENCE: 'assay' };
      expect(read(near)).toEqual([expect.objectContaining({ issuer: 'http://[::1]:8081/', clockSkewSeconds: 60 })]);
    });

    it('have the common settings where they have none of their own', () => {
      const further = [
        { issuer: 'https://two.example', audiences: 'two', roleMap: { 'CN=A,OU=B': 'admin' }, clockSkewSeconds: 5 },
        { issuer: 'https://three.example' },
      ];
      const issuers = read({
        ASSAY_OIDC_ISSUER: 'https://one.example',
        ASSAY_OIDC_AUDIENCE: 'one',
        ASSAY_OIDC_ROLE_MAP: 'staff=data_user, CN=x=business_user',
        ASSAY_OIDC_CLIENT_ID: 'cli',
        ASSAY_OIDC_ISSUERS: JSON.stringify(further),
      });
      expect(issuers).toEqual([
        expect.objectContaining({
          audiences: ['one'],
          roleMap: { staff: 'data_user', 'CN=x': 'business_user' },
          clientId: 'cli',
        }),
        expect.objectContaining({
          audiences: ['two'],
          roleMap: { 'CN=A,OU=B': 'admin' },
          clockSkewSeconds: 5,
          clientId: undefined,
        }),
        expect.objectContaining({ audiences: ['one'], clockSkewSeconds: 60 }),
      ]);
    });

    it('say everything that is wrong with them at once', () => {
      const further = [{ issuer: 'https://a.example', colour: 1, roleMap: { x: 'king' } }, { audiences: ['b'] }];
      const problems = problemsOf({
        env: {
          ASSAY_OIDC_ISSUER: 'https://a.example',
          ASSAY_OIDC_AUDIENCE: 'a',
          ASSAY_OIDC_ALGORITHMS: 'RS256,none',
          ASSAY_OIDC_DEFAULT_ROLE: 'king',
          ASSAY_OIDC_ISSUERS: JSON.stringify(further),
        },
      });
      expect(problems).toEqual([
        expect.stringMatching(/^ASSAY_OIDC_DEFAULT_ROLE: received "king", expected one of admin/),
        expect.stringMatching(/^ASSAY_OIDC_ALGORITHMS: received "RS256,none", expected a list of RS256/),
        expect.stringMatching(/^ASSAY_OIDC_ISSUERS\[0\]: "colour" is no setting of an issuer; there are issuer, /),
        expect.stringMatching(/^ASSAY_OIDC_ISSUERS\[0\]\.roleMap: received .*king.*, expected pairs like/),
        'ASSAY_OIDC_ISSUERS[1]: "issuer" is missing',
        'the issuer https://a.example is named twice',
      ]);
      expect(problemsOf({ env: { ASSAY_OIDC_ISSUERS: '{"issuer": 1}' } })[0]).toContain('a JSON list of objects');
    });
  });

  it('refuses a token or key that cannot be one, and shows nothing of it', () => {
    const broken = { ASSAY_API_KEY: 'assay_l5PX\nLQYj', ASSAY_TOKEN: 'schlüssel€' };
    const problems = problemsOf({ env: broken });
    expect(problems).toEqual([
      expect.stringMatching(/^ASSAY_TOKEN: received a value of 10 characters, expected a token.*copy the whole/),
      expect.stringMatching(/^ASSAY_API_KEY: received a value of 15 characters, expected an API key.*copy the whole/),
    ]);
    expect(problems.join()).not.toMatch(/l5PX|LQYj|schl/);
    expect(problemsOf({ env: { ASSAY_API_KEY: 'garbage' } })).toEqual([expect.stringContaining('begins with assay_')]);
    expect(loadConfig({ env: { ASSAY_API_KEY: ' assay_x\n' } }).apiKey).toBe('assay_x');
    const address = problemsOf({ env: { ASSAY_URL: 'http://erika:hush@host' } });
    expect(address).toEqual([
      expect.stringMatching(/^ASSAY_URL: received "http:\/\/…@host", expected .* without user/),
    ]);
  });

  it('never shows a secret', () => {
    const secrets = Object.values(SETTINGS).filter((setting) => 'secret' in setting && setting.secret);
    expect(secrets.length).toBeGreaterThan(2);
    const env = { ASSAY_SECRET_KEY: 'hunter2', ASSAY_ADMIN_PASSWORD: 'hunter2', DATABASE_URL: 'mysql://u:hunter2@h/d' };
    const problems = problemsOf({ env });
    expect(problems).toHaveLength(3);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('documents every setting, once', () => {
    const table = settingsTable();
    for (const setting of Object.values(SETTINGS)) expect(table.split(`\`${setting.env}\``)).toHaveLength(2);
  });
});
