import { type Dirent, renameSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ListingEvent } from '../../../src/connectors/connector.ts';
import { filesConnector } from '../../../src/connectors/files/index.ts';
import type { Random } from '../random.ts';
import { type Interference, interfere, strikeAt } from './interfere.ts';
import { type FaultMaker, keyOf, type Stage } from './stage.ts';

/** None of the names below. */
const LINK = 'link';
const NAMES = ['a', 'b.csv', 'c', 'e%', 'é', 'f g'];

/** Folders that cannot be read, vanish, or turn into files while they are listed; and a link out of them, to what may be away. */
export async function folderStage(): Promise<Stage> {
  const home = await mkdtemp(join(tmpdir(), 'assay-deletions-'));
  await chmod(home, 0o755);
  const root = join(home, 'root');
  /** Beside the root, so that a link is the only way in. */
  const share = join(home, 'share');
  const add = async (random: Random, base = root): Promise<void> => {
    const path = Array.from({ length: random.between(1, 4) }, () => random.pick(NAMES));
    const folder = join(base, ...path.slice(0, -1));
    const made = await mkdir(folder, { recursive: true }).then(
      () => true,
      () => false,
    );
    if (made) await writeFile(join(base, ...path), 'x').catch(() => {});
  };
  const list = (base = root) => readdir(base, { recursive: true, withFileTypes: true });
  const pathOf = (entry: { parentPath: string; name: string }): string => join(entry.parentPath, entry.name);
  const remove = async (random: Random, base = root): Promise<void> => {
    const entries = await list(base).catch(() => []);
    if (entries.length > 0) await rm(pathOf(random.pick(entries)), { recursive: true, force: true });
  };
  const folders = async (): Promise<string[]> =>
    [root, ...(await list()).filter((entry) => entry.isDirectory()).map(pathOf)].sort();

  /** A folder whose rights are taken away while it is listed. */
  const withoutRight = (kind: string, mode: number): FaultMaker => ({
    kind,
    async arm(connector, random) {
      const folder = random.pick(await folders());
      // Without the right to search it an empty folder is still listed whole.
      const mustFail = mode === 0 || (await readdir(folder)).length > 0;
      let struck = 0;
      await chmod(folder, mode);
      const changed = interfere(connector, {
        introspect(events) {
          struck++;
          return asNobody(events);
        },
      });
      // The root is looked at when the connection opens, which the super-user may.
      return { connector: changed, struck: () => struck, mustFail, heal: () => chmod(folder, 0o755) };
    },
  });
  const while_ = (kind: string, strike: (random: Random) => Promise<void>, heal = async () => {}): FaultMaker => ({
    kind,
    async arm(connector, random) {
      const hit = strikeAt(random.between(0, 8), 1, () => strike(random));
      return { connector: interfere(connector, hit), struck: hit.struck, mustFail: false, heal };
    },
  });
  return {
    name: 'folder of files',
    databaseType: 'FS',
    config: { path: root, followSymLinks: 'true' },
    fileRoots: [home],
    async fill(random) {
      await rm(root, { recursive: true, force: true });
      await rm(share, { recursive: true, force: true });
      await mkdir(root);
      await mkdir(share);
      await symlink('../share', join(root, LINK));
      for (let i = random.between(3, 14); i > 0; i--) await add(random);
      for (let i = random.between(0, 4); i > 0; i--) await add(random, share);
    },
    async change(random) {
      for (let i = random.between(0, 3); i > 0; i--) await remove(random);
      for (let i = random.between(0, 2); i > 0; i--) await add(random);
      if (random.next() < 0.5) await remove(random, share);
      if (random.next() < 0.5) await add(random, share);
    },
    async truth() {
      const entries = await list();
      const key = (base: string, above: string[]) => (entry: Dirent) =>
        keyOf(entry.isDirectory() || entry.isSymbolicLink() ? 'FOLDER' : 'FILE', [
          ...above,
          ...pathOf(entry)
            .slice(base.length + 1)
            .split('/'),
        ]);
      const isLinked = entries.some((entry) => entry.isSymbolicLink());
      return new Set([...entries.map(key(root, [])), ...(isLinked ? (await list(share)).map(key(share, [LINK])) : [])]);
    },
    connector: async () => filesConnector,
    faults: [
      withoutRight('folder without any right', 0o000),
      withoutRight('folder whose entries cannot be looked at', 0o744),
      while_('files vanish while they are listed', async (random) => {
        for (let i = random.between(1, 3); i > 0; i--) await remove(random);
      }),
      while_('folder replaced by a file while it is listed', async (random) => {
        const [, ...below] = await folders();
        if (below.length === 0) return;
        const folder = random.pick(below);
        await rm(folder, { recursive: true });
        await writeFile(folder, 'x');
      }),
      away(share, 'target of a link missing', 'before', false),
      away(share, 'target of a link goes away while it is listed', 'while'),
      away(root, 'root missing', 'before'),
      away(root, 'root goes away while it is listed', 'while'),
      away(root, 'root goes away between a name and a look at it', 'between'),
    ],
    close: () => rm(home, { recursive: true, force: true }),
  };
}

/** The whole tree is away, as when a share is no longer mounted, and comes back. */
function away(root: string, kind: string, when: 'before' | 'while' | 'between', mustFail = true): FaultMaker {
  return {
    kind,
    async arm(connector, random) {
      let gone = false;
      const go = (): void => {
        renameSync(root, `${root}.kept`);
        gone = true;
      };
      const heal = async (): Promise<void> => {
        if (gone) renameSync(`${root}.kept`, root);
        gone = false;
      };
      if (when === 'while') {
        const hit = strikeAt(random.between(0, 8), 1, async () => go());
        return { connector: interfere(connector, hit), struck: hit.struck, mustFail: false, heal };
      }
      let struck = 0;
      if (when === 'between') {
        let places = random.between(0, 6);
        const beforePlace = (): void => {
          if (struck > 0 || places-- > 0) return;
          struck++;
          go();
        };
        return { connector: interfere(connector, { beforePlace }), struck: () => struck, mustFail: true, heal };
      }
      go();
      const changed = interfere(connector, {
        async connect() {
          struck++;
        },
      } satisfies Interference);
      return { connector: changed, struck: () => struck, mustFail, heal };
    },
  };
}

const NOBODY = 65_534;

/** No right is refused to the super-user, so a listing under test is done as somebody who has none. */
async function* asNobody(events: AsyncIterable<ListingEvent>): AsyncIterable<ListingEvent> {
  const iterator = events[Symbol.asyncIterator]();
  for (;;) {
    const next = await unprivileged(() => iterator.next());
    if (next.done) return;
    yield next.value;
  }
}

async function unprivileged<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
