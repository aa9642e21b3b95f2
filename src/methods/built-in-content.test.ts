import { expect, test } from 'vitest';
import { describeOwn } from './ensure-built-ins.ts';

/** Fingerprints of the built-in methods by the version of their content. Lines are added, never changed. */
const FINGERPRINTS: readonly [version: number, fingerprint: string][] = [
  [1, 'afde5f9bbf93d6e2be184620f66ba4abe9fa17f11da90d1c3d5d58667b4fa8a3'],
];

test('the content of the built-in methods has a version of its own', async () => {
  const { version, fingerprint } = await describeOwn();
  const last = FINGERPRINTS.at(-1);
  expect(
    last,
    `the built-in methods changed: raise CONTENT_VERSION in src/identify/built-in/index.ts, and add [version, '${fingerprint}'] here`,
  ).toEqual([version, fingerprint]);
  expect(FINGERPRINTS.map(([of]) => of)).toEqual(FINGERPRINTS.map((_, i) => i + 1));
});
