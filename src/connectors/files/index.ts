import { open } from 'node:fs/promises';
import { release } from 'node:os';
import type { ConnectContext, Connection, Connector, SourceConfig } from '../connector.ts';
import { readablePath } from '../readable-path.ts';
import { runSteps } from '../test-steps.ts';
import { openFolder } from './connect.ts';
import { walk } from './introspect.ts';
import { readTableFile } from './read.ts';
import { planRowGroups } from './row-groups.ts';
import { filesSpec } from './spec.ts';

/** Folders and files of the machine the worker runs on. */
export const filesConnector: Connector = {
  spec: filesSpec,
  connect: openSession,
  async *test(config, context) {
    yield* runSteps([
      ['find path', async () => ({ reason: `It is ${await readablePath(config.path ?? '', context)}.` })],
      [
        'list',
        async () => {
          const session = await openSession(config, context);
          for await (const event of session.introspect({
            unit: ROOT,
            signal: context.signal,
            mayContain: (path) => path.length === 1,
          })) {
            if (event.kind === 'failed') throw event.error;
            if (event.kind === 'objects')
              return { reason: `The first entry is "${event.objects[0]?.path.join('/')}".` };
          }
          return { reason: 'It holds no file that may be read.' };
        },
      ],
      ['read a file', async () => ({ reason: await readFirst(config, context) })],
    ]);
  },
};

const ROOT = { path: [], type: 'RESOURCE' as const };

async function openSession(config: SourceConfig, context: ConnectContext): Promise<Connection> {
  const source = await openFolder(config, context);
  return {
    info: async () => ({ product: 'File system', version: release(), url: `file:${source.root}` }),
    listUnits: async () => [ROOT],
    introspect: (request) => walk(source, request),
    read: (request) => readTableFile(source, request),
    planPartitions: (type, path, targetRows) => planRowGroups(source, type, path, targetRows),
    close: async () => {},
  };
}

/** Reads one byte of the first file that the walk meets. */
async function readFirst(config: SourceConfig, context: ConnectContext): Promise<string> {
  const source = await openFolder(config, context);
  for await (const event of walk(source, { unit: ROOT, signal: context.signal })) {
    const file = event.kind === 'objects' ? event.objects.find((object) => object.type === 'FILE') : undefined;
    if (!file) continue;
    const path = source.isFile ? source.root : [source.root, ...file.path].join('/');
    const handle = await open(await readablePath(path, context));
    try {
      await handle.read(Buffer.alloc(1), 0, 1, 0);
    } finally {
      await handle.close();
    }
    return `Read from "${file.path.join('/')}".`;
  }
  return 'There is no file to read.';
}
