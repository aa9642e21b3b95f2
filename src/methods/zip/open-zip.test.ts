import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directoryOf, zipOf } from '../../../test/support/zip-of.ts';
import { type Budget, openZip, type ZipMember } from './open-zip.ts';
import { readMember, unpackInner } from './read-member.ts';

const budget = (given: Partial<Budget> = {}): Budget => ({ bytes: 2 ** 30, members: 1_000, ...given });
const membersOf = async (bytes: Buffer, given?: Partial<Budget>): Promise<ZipMember[]> =>
  (await openZip({ bytes }, budget(given))).members;

describe('zips', () => {
  it('are read as they were written, zip64 too', async () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-zé日 ]{1,12}\.csv$/), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        names,
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.boolean(),
        async (found, text, zip64) => {
          const zip = await zipOf(Object.fromEntries(found.map((name) => [name, text])), { zip64 });
          const members = await membersOf(zip);
          expect(members.map(({ name }) => name)).toEqual(found);
          for (const member of members)
            expect((await readMember(member)).toString()).toBe(Buffer.from(text).toString());
        },
      ),
      { numRuns: 30 },
    );
  });

  it('lose folders and what systems add to them', async () => {
    const zip = await zipOf({ 'a/x.json': '1', '__MACOSX/a/._x.json': '2', 'a/._x.json': '2', 'a/.DS_Store': '3' });
    expect((await membersOf(zip)).map(({ name }) => name)).toEqual(['a/x.json']);
  });

  it('that are cut off anywhere, or are none, are refused', async () => {
    const zip = await zipOf({ 'a.json': '{}', 'b.json': '{"x":1}' });
    for (let length = 0; length < zip.length; length += 7)
      await expect(membersOf(zip.subarray(0, length)), String(length)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(membersOf(Buffer.from('Term\na\n'))).rejects.toThrow(
      'zip: damaged (it is no zip, or its end is missing)',
    );
  });

  it('never harm whoever reads them, whatever bytes are wrong', async () => {
    const zip = await zipOf({ 'a.json': '{}'.repeat(50), 'b.json': '{"x":1}' });
    await fc.assert(
      fc.asyncProperty(fc.nat(zip.length - 1), fc.nat(255), async (at, byte) => {
        const broken = Buffer.from(zip);
        broken[at] = byte;
        try {
          for (const member of await membersOf(broken)) if (member.problem === undefined) await readMember(member);
        } catch (error) {
          expect(error).toMatchObject({ name: 'AssayError', code: expect.stringMatching(/^(BAD_REQUEST|TOO_LARGE)$/) });
        }
      }),
      { numRuns: 400 },
    );
  });

  it('name what is wrong with a member and leave the others alone', async () => {
    const content = 'some text that is long enough to be packed, packed, packed';
    const zip = await zipOf({
      'a.csv': content,
      'b.csv': content,
      'c.csv': content,
      'd.csv': content,
      'ee.csv': content,
    });
    const [a, b, c, d] = directoryOf(zip) as [number, number, number, number];
    zip.writeUInt16LE(zip.readUInt16LE(a + 8) | 1, a + 8);
    zip.writeUInt16LE(93, b + 10);
    zip.write('../d.', d + 46);
    zip.writeUInt32LE(1, c + 16);
    const members = await membersOf(zip);
    expect(members.map(({ problem }) => problem)).toEqual([
      'it is encrypted; zip it without a password',
      'it is packed by method 93; only "store" and "deflate" are read',
      undefined,
      'its name leads out of the zip or has control characters; rename it',
      undefined,
    ]);
    await expect(readMember(members[2] as ZipMember)).rejects.toThrow('c.csv: damaged (its checksum is wrong)');
    expect((await readMember(members[4] as ZipMember)).toString()).toBe(content);
  });

  it('that hold a name twice have one of them', async () => {
    const zip = await zipOf({ 'a.csv': 'x', 'b.csv': 'y', 'c.csv': 'z', 'd.csv': 'z' });
    const [first, second, , fourth] = directoryOf(zip) as [number, number, number, number];
    // The first cannot be read, and its name is taken all the same.
    zip.writeUInt16LE(zip.readUInt16LE(first + 8) | 1, first + 8);
    for (const at of [second, fourth]) zip.write('a.csv', at + 46);
    const twice = 'the zip holds two files of this name';
    expect((await membersOf(zip)).map(({ problem }) => problem)).toEqual([
      'it is encrypted; zip it without a password',
      twice,
      undefined,
      twice,
    ]);
  });

  it('that would fill the disk are refused before they are unpacked', async () => {
    const bomb = await zipOf({ 'bomb.csv': Buffer.alloc(50 << 20), 'a.csv': 'x' });
    expect(bomb.length).toBeLessThan(200_000);
    const members = await membersOf(bomb);
    expect(members[0]?.problem).toMatch(/^it would grow to \d+ times its size; at most 200 are allowed/);
    expect((await readMember(members[1] as ZipMember)).toString()).toBe('x');
    // One that says it is small.
    bomb.writeUInt32LE(1_000, (directoryOf(bomb)[0] as number) + 24);
    const [liar] = await membersOf(bomb);
    await expect(readMember(liar as ZipMember)).rejects.toThrow(/bomb.csv: damaged \(too many bytes/);
    // Members that share their bytes.
    const twins = await zipOf({ 'a.csv': Buffer.alloc(9_000, 'abcdefg'), 'b.csv': Buffer.alloc(9_000, 'abcdefg') });
    const [first, second] = directoryOf(twins) as [number, number];
    for (const at of [first, second]) twins.writeUInt32LE(twins.length, at + 20);
    await expect(membersOf(twins)).rejects.toThrow('its files overlap');
    const two = await zipOf({ 'a.csv': 'xx', 'b.csv': 'yy' });
    await expect(membersOf(two, { members: 1 })).rejects.toMatchObject({ code: 'TOO_LARGE' });
    const [one, other] = await membersOf(two, { bytes: 3 });
    await readMember(one as ZipMember);
    await expect(readMember(other as ZipMember)).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  it('within zips are unpacked into memory, or into a file where they are large', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assay-zip-'));
    try {
      const filler = randomBytes(18 << 20);
      const outer = await zipOf({ 'small.zip': { 'a.json': '1' }, 'large.zip': { 'f.bin': filler, 'a.json': '2' } });
      const texts: string[] = [];
      for (const [number, inner] of (await membersOf(outer)).entries()) {
        const opened = await openZip(await unpackInner(inner, folder, number), budget());
        const json = opened.members.find(({ name }) => name === 'a.json') as ZipMember;
        texts.push((await readMember(json)).toString());
        opened.close();
      }
      expect(texts).toEqual(['1', '2']);
      expect(await readdir(folder)).toEqual(['inner-1.zip']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
