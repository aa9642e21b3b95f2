import { describe, expect, test } from 'vitest';
import { loadConnector } from '../../src/connectors/openers.ts';
import { CONNECTOR_SPECS } from '../../src/connectors/specs.ts';
import { loadRunner } from '../../src/jobs/runners.ts';
import { JOB_SPECS } from '../../src/jobs/specs.ts';
import { WIRE_NAMES } from '../../src/jobs/wire-names.ts';

// The light half of a job or connector is listed in one file, the heavy half in another: neither may be forgotten.
describe('every job of specs.ts', () => {
  test.each(JOB_SPECS.map((spec) => [spec.name, spec] as const))('%s has the runner of its name', async (name) => {
    expect((await loadRunner(name)).name).toBe(name);
  });

  test.each(JOB_SPECS.map((spec) => [spec.name, spec] as const))('%s accepts its own example', (_name, spec) => {
    expect(spec.request.safeParse(spec.example)).toMatchObject({ success: true });
  });

  test('has a name and a path of its own', () => {
    expect(new Set(JOB_SPECS.map((spec) => spec.name)).size).toBe(JOB_SPECS.length);
    expect(new Set(JOB_SPECS.map((spec) => spec.path)).size).toBe(JOB_SPECS.length);
  });

  test('has a name that clients of the bulk endpoint know', () => {
    const names = JOB_SPECS.filter((spec) => !('internal' in spec)).map((spec) => spec.name);
    expect(WIRE_NAMES).toEqual(expect.arrayContaining(names));
  });
});

describe('every connector of specs.ts', () => {
  test.each(CONNECTOR_SPECS.map((spec) => [spec.kind, spec] as const))(
    '%s opens by each of its codes',
    async (_kind, spec) => {
      for (const code of spec.databaseTypes) {
        expect(code).toBe(code.toUpperCase());
        expect((await loadConnector(code.toLowerCase())).spec).toBe(spec);
      }
    },
  );

  test('has codes that no other has', () => {
    const codes = CONNECTOR_SPECS.flatMap((spec) => [...spec.databaseTypes]);
    expect(codes.length).toBeGreaterThan(0);
    expect(new Set(codes).size).toBe(codes.length);
  });
});
