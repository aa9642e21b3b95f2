import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConnectContext, SourceObject } from '../connector.ts';
import { filesConnector } from './index.ts';
import { extensionOf, nameFromBytes } from './types.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-files-'));
  mkdirSync(join(folder, 'in/deep'), { recursive: true });
  mkdirSync(join(folder, 'out'));
  writeFileSync(join(folder, 'in/a.csv'), 'id,name\n1,x\n');
  writeFileSync(join(folder, 'in/deep/ü b.TSV'), 'id\tname\n');
  writeFileSync(join(folder, 'in/picture.png'), 'x');
  writeFileSync(join(folder, 'in/.secret'), 'x');
  writeFileSync(join(folder, 'out/private.csv'), 'x');
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/in/bad-`), Buffer.from([0xff]), Buffer.from('.csv')]), 'x');
  symlinkSync('..', join(folder, 'in/deep/loop'));
  symlinkSync(join(folder, 'out'), join(folder, 'in/escape'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const contextOf = (options: Partial<ConnectContext> = {}): ConnectContext => ({
  signal: new AbortController().signal,
  applicationName: 'test',
  fileRoots: [join(folder, 'in')],
  protectedPaths: [],
  connectTimeoutMs: 1_000,
  ...options,
});
const connect = (path = 'in', options: Partial<ConnectContext> = {}, followSymLinks = 'true') =>
  filesConnector.connect({ databaseType: 'FS', path: join(folder, path), followSymLinks }, contextOf(options));

async function listing(session: Awaited<ReturnType<typeof connect>>) {
  const objects: SourceObject[] = [];
  const ends: string[] = [];
  for await (const event of session.introspect({
    unit: { path: [], type: 'RESOURCE' },
    signal: new AbortController().signal,
  })) {
    if (event.kind === 'objects') objects.push(...event.objects);
    else ends.push(`${event.kind} ${event.path.join('/')}`);
  }
  return { objects, ends };
}

test('folders and files are listed, parents first; loops end; links that leave the root are not followed', async () => {
  const { objects, ends } = await listing(await connect());
  expect(objects.map((object) => `${object.type} ${object.path.join('/')}`)).toEqual([
    'FILE a.csv',
    'FILE bad-%FF.csv',
    'FOLDER deep',
    'FILE escape',
    'FILE picture.png',
    'FOLDER deep/loop',
    'FILE deep/ü b.TSV',
  ]);
  expect(ends).toEqual(['unproven escape', 'unproven deep/loop', 'complete deep', 'complete ']);
  expect(objects[0]?.metadata).toMatchObject({ file: { path: 'a.csv', extension: 'csv', size: 12, isSymlink: false } });
  expect(objects[1]?.metadata).toMatchObject({ file: { nameIsNotUtf8: true } });
});

test('two listings of an unchanged folder are the same', async () => {
  const strip = (objects: SourceObject[]) => objects.map(({ metadata, ...rest }) => ({ ...rest, file: metadata.file }));
  expect(strip((await listing(await connect())).objects)).toEqual(strip((await listing(await connect())).objects));
});

test.skipIf(process.getuid?.() === 0)(
  'a folder that may not be listed fails alone (not shown as root, who may list everything)',
  async () => {
    chmodSync(join(folder, 'in/deep'), 0);
    const { ends } = await listing(await connect());
    chmodSync(join(folder, 'in/deep'), 0o755);
    expect(ends).toEqual(['unproven escape', 'failed deep', 'complete ']);
  },
);

test('delimited text is named for reading in place; other files and lost ones are refused', async () => {
  const session = await connect();
  const read = (...path: string[]) => session.read({ type: 'FILE', path, signal: new AbortController().signal });
  expect(await read('deep', 'ü b.TSV')).toMatchObject({ kind: 'relation', spec: { kind: 'csv', delimiter: '\t' } });
  await expect(read('picture.png')).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
  await expect(read('gone.csv')).rejects.toMatchObject({ code: 'SOURCE_NO_OBJECT' });
  await expect(read('..', 'out', 'private.csv')).rejects.toMatchObject({ code: 'SOURCE_NOT_ALLOWED' });
  await expect(read('escape', 'private.csv')).rejects.toMatchObject({ code: 'SOURCE_NOT_ALLOWED' });
});

test.each([
  ['out', {}, 'SOURCE_NOT_ALLOWED'],
  ['in/missing', {}, 'SOURCE_NO_DATABASE'],
  ['missing', {}, 'SOURCE_NOT_ALLOWED'],
  ['in/.secret', {}, 'SOURCE_NOT_ALLOWED'],
  ['in', { fileRoots: [] }, 'SOURCE_NOT_ALLOWED'],
])('%s with %o is refused with %s', async (path, options, code) => {
  await expect(connect(path, options)).rejects.toMatchObject({ code });
});

test('what belongs to Assay is never read, even below a root', async () => {
  await expect(connect('in/deep', { protectedPaths: [join(folder, 'in/deep')] })).rejects.toMatchObject({
    code: 'SOURCE_NOT_ALLOWED',
  });
});

test('the connection test names what it found and where it failed', async () => {
  const steps = async (path: string) => {
    const seen: string[] = [];
    for await (const step of filesConnector.test({ databaseType: 'FS', path: join(folder, path) }, contextOf()))
      seen.push(`${step.name}: ${step.outcome}`);
    return seen;
  };
  expect(await steps('in')).toEqual(['find path: ok', 'list: ok', 'read a file: ok']);
  expect(await steps('missing')).toEqual(['find path: failed']);
});

test('extensions and names', () => {
  expect(['a.CSV', 'a', '.csv', 'a.tar.gz', 'a.'].map(extensionOf)).toEqual(['csv', '', '', 'gz', '']);
  expect(nameFromBytes(Buffer.from('ü'))).toEqual({ name: 'ü', flagged: false });
  expect(nameFromBytes(Buffer.from([0x25, 0xc3]))).toEqual({ name: '%25%C3', flagged: true });
});

test('links among folders cannot make the listing explode', async () => {
  const top = join(folder, 'in', 'bomb');
  for (let level = 0; level <= 25; level++) mkdirSync(join(top, `d${level}`), { recursive: true });
  for (let level = 0; level < 25; level++)
    for (const side of ['a', 'b']) symlinkSync(`../d${level + 1}`, join(top, `d${level}`, side));
  const { objects, ends } = await listing(await connect('in/bomb'));
  expect(objects.length).toBeLessThan(500);
  expect(ends.at(-1)).toBe('complete ');
  rmSync(top, { recursive: true });
});

test('what belongs to Assay is not listed either', async () => {
  const { objects } = await listing(await connect('in', { protectedPaths: [join(folder, 'in/deep')] }));
  expect(objects.map((object) => object.path.join('/')).filter((path) => path.startsWith('deep'))).toEqual([]);
});

test('one folder below the root is listed alone', async () => {
  const session = await connect();
  const paths: string[] = [];
  for await (const event of session.introspect({
    unit: { path: ['deep'], type: 'FOLDER' },
    signal: new AbortController().signal,
  }))
    if (event.kind === 'objects') paths.push(...event.objects.map((object) => object.path.join('/')));
  expect(paths).toEqual(['deep/loop', 'deep/ü b.TSV']);
});

test('how a text is to be read is told on; what names promise nothing may be tables', async () => {
  writeFileSync(join(folder, 'in/german.csv'), 'id;preis\n1;2,50\n2;3,50\n');
  writeFileSync(join(folder, 'in/export.txt'), 'id;preis\n1;2,50\n2;3,50\n');
  writeFileSync(join(folder, 'in/ORCID.csv'), 'ORCID,PAR1\n1,2\n');
  const session = await connect();
  const signal = new AbortController().signal;
  const read = (name: string, more = {}) => session.read({ type: 'FILE', path: [name], signal, ...more });
  expect(await read('german.csv', { text: { header: false } })).toMatchObject({
    spec: { kind: 'csv', told: { header: false } },
  });
  expect(await read('export.txt')).toMatchObject({ spec: { kind: 'csv', promised: 'nothing' } });
  expect(await read('ORCID.csv')).toMatchObject({ spec: { kind: 'csv' } });
  writeFileSync(join(folder, 'in/lfs.csv'), 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n');
  await expect(read('lfs.csv')).rejects.toThrow(
    '"lfs.csv" is a pointer of Git LFS, not delimited text; fetch the file',
  );
  writeFileSync(join(folder, 'in/packed.csv'), gzipSync('id\n1\n'));
  writeFileSync(join(folder, 'in/packed.csv.gz'), gzipSync('id\n1\n'));
  expect(await read('packed.csv')).toMatchObject({
    warnings: ['its name does not say that it is packed; it was unpacked'],
  });
  expect(await read('packed.csv.gz')).not.toHaveProperty('warnings');
  for (const name of ['german.csv', 'export.txt', 'ORCID.csv', 'lfs.csv', 'packed.csv', 'packed.csv.gz'])
    rmSync(join(folder, 'in', name));
});

test('a file whose name is not UTF-8 is listed, and says why it cannot be read', async () => {
  const session = await connect();
  const attempt = session.read({ type: 'FILE', path: ['bad-%FF.csv'], signal: new AbortController().signal });
  await expect(attempt).rejects.toMatchObject({ code: 'NOT_SUPPORTED', message: expect.stringContaining('not UTF-8') });
});

test('a folder that goes away while it is listed proves nothing: not what is gone, nor that it is empty', async () => {
  const [share, kept] = [join(folder, 'in/share'), join(folder, 'in/share.kept')];
  const fill = (): void => {
    for (const name of ['one', 'two', 'two/deep']) mkdirSync(join(share, name), { recursive: true });
    for (const name of ['a.csv', 'one/b.csv', 'two/deep/c.csv']) writeFileSync(join(share, name), 'x');
  };
  const strikes: [string, () => void][] = [
    ['gone', () => renameSync(share, kept)],
    [
      // As when a share is unmounted: the empty folder below it shows.
      'replaced',
      () => {
        renameSync(share, kept);
        mkdirSync(share);
      },
    ],
  ];
  for (const [what, strike] of strikes)
    for (let places = 0; places < 6; places++) {
      fill();
      const session = await connect('in/share');
      let left = places;
      const mayContain = (): boolean => {
        if (left-- === 0) strike();
        return true;
      };
      const request = {
        unit: { path: [], type: 'RESOURCE' as const },
        mayContain,
        signal: new AbortController().signal,
      };
      const ends: string[] = [];
      for await (const event of session.introspect(request))
        if (event.kind !== 'objects') ends.push(`${event.kind} ${event.path.join('/')}`);
      expect(ends, `${what} at ${places}`).toContain('failed ');
      expect(ends, `${what} at ${places}`).not.toContain('complete ');
      for (const path of [share, kept]) rmSync(path, { recursive: true, force: true });
    }
});
