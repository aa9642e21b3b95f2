import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildColumnsModule } from './assembly.ts';
import { buildBuiltInMethodsPage } from './documents/built-in-methods.ts';
import { buildClientTypes } from './documents/client-types.ts';
import { buildConnectorsPage } from './documents/connectors.ts';
import { buildErrorsPage } from './documents/errors.ts';
import { buildOpenApiFile } from './documents/open-api.ts';
import { buildSettingsPage } from './documents/settings.ts';

export const ROOT = join(import.meta.dirname, '..');

/** File → how it is made. They are committed, so that a reader of the repository sees them, and compared by the check. */
export const GENERATED: Record<string, () => Promise<string> | string> = {
  'docs/errors.md': buildErrorsPage,
  'docs/built-in-methods.md': buildBuiltInMethodsPage,
  'docs/connectors.md': buildConnectorsPage,
  'docs/settings.md': buildSettingsPage,
  'openapi.json': buildOpenApiFile,
  'src/client/generated.ts': buildClientTypes,
  'src/profile/columnar/columns-module.ts': buildColumnsModule,
};

/** The generated files whose committed text differs, each with the first line that does. */
export async function listStaleFiles(): Promise<string[]> {
  const stale: string[] = [];
  for (const [path, make] of Object.entries(GENERATED)) {
    const wanted = await make();
    const file = join(ROOT, path);
    const found = existsSync(file) ? await readFile(file, 'utf8') : '';
    if (found !== wanted)
      stale.push(`${path} differs from what the code says ${describeFirstDifference(found, wanted)}: npm run generate`);
  }
  return stale;
}

function describeFirstDifference(found: string, wanted: string): string {
  const foundLines = found.split('\n');
  const wantedLines = wanted.split('\n');
  const line = wantedLines.findIndex((text, index) => text !== foundLines[index]);
  if (line < 0) return 'at its end';
  return `in line ${line + 1} ("${(foundLines[line] ?? '').slice(0, 60)}" instead of "${wantedLines[line]!.slice(0, 60)}")`;
}
