import { expect, test } from 'vitest';
import { findMissingEntries, type Lock, listLockProblems, platformOf } from './complete-lock.ts';

const lock: Lock = {
  packages: {
    '': {},
    'node_modules/parser': {
      version: '2.0.0',
      dev: true,
      license: 'MIT',
      optionalDependencies: { '@parser/linux-x64-gnu': '2.0.0', '@parser/darwin-arm64': '2.0.0' },
    },
    'node_modules/@parser/linux-x64-gnu': { version: '2.0.0' },
    'node_modules/outer/node_modules/inner': { optionalDependencies: { '@inner/win32-x64': '1.0.0' } },
    'node_modules/outer/node_modules/@inner/win32-x64': { version: '1.0.0' },
  },
};

test('a platform package that no path answers is added with what its name and its parent tell', () => {
  expect(findMissingEntries(lock)).toEqual({
    'node_modules/@parser/darwin-arm64': {
      version: '2.0.0',
      dev: true,
      license: 'MIT',
      optional: true,
      os: ['darwin'],
      cpu: ['arm64'],
    },
  });
});

test('a name that tells no platform is an error, not a guess', () => {
  expect(platformOf('@a/binding-linux-riscv64-musl')).toEqual({ os: ['linux'], cpu: ['riscv64'], libc: ['musl'] });
  expect(platformOf('@a/binding-linux-arm-gnueabihf')).toEqual({ os: ['linux'], cpu: ['arm'] });
  expect(platformOf('@a/binding-android-arm-eabi')).toEqual({ os: ['android'], cpu: ['arm'] });
  expect(() => platformOf('left-pad')).toThrow('left-pad');
});

test('a lock that was not read does not pass, and a registry host is named', () => {
  expect(listLockProblems({ packages: {} })).toHaveLength(1);
  const filler = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`node_modules/p${i}`, {}]));
  expect(listLockProblems({ packages: filler })).toEqual([]);
  const hosted = { ...filler, 'node_modules/p1': { resolved: 'https://registry.example/p1.tgz' } };
  expect(listLockProblems({ packages: hosted })[0]).toContain('node_modules/p1');
});
