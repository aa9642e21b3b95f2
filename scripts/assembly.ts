import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from 'assemblyscript/asc';

const FOLDER = join(import.meta.dirname, '..', 'assembly');
/** No memory is managed and nothing is imported: all of it lies where the caller says. */
const FLAGS = ['-O3', '--runtime', 'stub', '--enable', 'simd', '--enable', 'bulk-memory', '--noAssert'];

/** Compiles `assembly/` to WebAssembly, as text that a module can hold: the same bytes on every machine. */
export async function buildColumnsModule(): Promise<string> {
  let compiled: Uint8Array | undefined;
  let said = '';
  const { error } = await main(['index.ts', '--baseDir', FOLDER, '--outFile', 'columns.wasm', ...FLAGS], {
    readFile: (name, baseDir) => {
      try {
        return readFileSync(join(baseDir, name), 'utf8');
      } catch {
        // It looks for each name in several places.
        return null;
      }
    },
    writeFile: (_name, contents) => {
      compiled = contents as Uint8Array;
    },
    stderr: {
      write: (text: string | Uint8Array) => {
        said += String(text);
      },
    },
  });
  if (error || !compiled) throw new Error(`assembly/ cannot be compiled: ${said || error?.message}`);
  return `// Compiled from assembly/ by \`npm run generate\`; not to be edited.
export const COLUMNS_MODULE =
  '${Buffer.from(compiled).toString('base64')}';
`;
}
