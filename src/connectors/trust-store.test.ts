import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTrustStore } from './trust-store.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'assay-trust-')));
  mkdirSync(join(folder, 'in'));
  for (const name of ['in/ca.pem', 'outside.pem']) writeFileSync(join(folder, name), PEM);
  writeFileSync(join(folder, 'in/other.txt'), 'no certificate');
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (location: string) => readTrustStore(location, { fileRoots: [join(folder, 'in')], protectedPaths: [] });
const refusalOf = async (name: string): Promise<string> => {
  const error = await read(join(folder, name)).then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  expect(error).toMatchObject({ code: 'SOURCE_TLS' });
  return String(error?.message).replace(name, 'x');
};

test('certificates are read below a file root, or taken as they are', async () => {
  expect(await read(join(folder, 'in/ca.pem'))).toBe(PEM);
  expect(await read(PEM)).toBe(PEM);
});

test('outside the file roots nobody learns what is there', async () => {
  expect(await refusalOf('outside.pem')).toBe(await refusalOf('missing.pem'));
  expect(await refusalOf('outside.pem')).toMatch(/may not be read.*--file-root/);
});

test('inside it is said what is wrong', async () => {
  expect(await refusalOf('in/missing.pem')).toMatch(/there is no file/);
  expect(await refusalOf('in/other.txt')).toMatch(/no PEM certificate/);
});
