import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { disown, own, ownerOf } from './owner.ts';
import { identify } from './path.ts';
import type { Miss, Provider, Search, ServerProgram } from './provider.ts';
import { atLeast, FLOOR } from './version.ts';

const MANIFEST = 'program.json';
const UNFINISHED = '.new-';
/** Milliseconds after which what another machine left unfinished in a shared folder is taken for dead. */
const FORGOTTEN = 24 * 3600 * 1000;

/** What a fetched folder holds; paths are relative to it. */
export interface Manifest {
  product: 'Redis' | 'Valkey';
  version: string;
  /** As in `ServerProgram`, at the time it was fetched. */
  origin: string;
  command: string;
  /** The folder of its libraries. */
  libraries?: string;
  cli?: string;
  image?: string;
}

/** A server that was fetched or built at an earlier start. */
export const cache: Provider = {
  id: 'cache',
  title: 'Fetched earlier',
  async find(search) {
    const programs = (await Promise.all((await folders(search)).map(load))).filter(
      (found) => found !== undefined,
    );
    const usable = programs.filter((program) => atLeast(program.version, FLOOR));
    usable.sort((a, b) => (atLeast(a.version, b.version) ? -1 : 1));
    return usable[0] ?? { why: 'absent', message: `Nothing was fetched into ${search.cacheFolder} yet.` };
  },
};

/**
 * Makes the folder `name` in the cache by `build`, in a folder beside it that takes its place when all is
 * there: an interrupted build leaves nothing that counts. Where two do this at once the first one wins
 * and both use its result. Nothing is made where `build` returns a miss.
 */
export async function keep(
  search: Search,
  name: string,
  build: (folder: string, search: Search) => Promise<Manifest | Miss>,
): Promise<ServerProgram | Miss> {
  const servers = join(search.cacheFolder, 'servers');
  let fresh: string | undefined;
  const interrupted = new AbortController();
  const release = onSignal(() => {
    interrupted.abort();
    if (fresh) rmSync(fresh, { recursive: true, force: true });
  });
  try {
    await makeFolder(servers);
    await sweepUnfinished(servers);
    fresh = await mkdtemp(join(servers, UNFINISHED));
    own(fresh);
    const signal = AbortSignal.any([interrupted.signal, ...(search.signal ? [search.signal] : [])]);
    const built = await build(fresh, { ...search, signal });
    if ('why' in built) return built;
    const verified = await verify(fresh, built);
    if ('why' in verified) return verified;
    await writeFile(
      join(fresh, MANIFEST),
      JSON.stringify({ ...built, product: verified.product, version: verified.version }, null, 2),
    );
    disown(fresh);
    const folder = join(servers, name);
    try {
      await rename(fresh, folder);
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      // Another start was faster, unless what is there is a ruin.
      if (!(await load(folder))) {
        await rm(folder, { recursive: true, force: true });
        await rename(fresh, folder);
      }
    }
    const program = await load(folder);
    return program ?? { why: 'broken', message: `${folder} can't be read.` };
  } catch (error) {
    interrupted.signal.throwIfAborted();
    search.signal?.throwIfAborted();
    return diskMiss(error as NodeJS.ErrnoException, search);
  } finally {
    release();
    if (fresh) await rm(fresh, { recursive: true, force: true }).catch(() => {});
  }
}

/** Calls `undo` before a signal ends the program; where others listen to it too, what follows is theirs to say. */
function onSignal(undo: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const listener = (signal: NodeJS.Signals) => {
    undo();
    release();
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const release = () => {
    for (const signal of signals) process.off(signal, listener);
  };
  for (const signal of signals) process.on(signal, listener);
  return release;
}

/** Throws away a fetched program that does not start, so that it is fetched anew. */
export async function discard(program: ServerProgram): Promise<void> {
  if (program.folder) await rm(program.folder, { recursive: true, force: true });
}

/** What a failing file operation in the cache folder means for the user. */
export function diskMiss(error: NodeJS.ErrnoException, { cacheFolder }: Search): Miss {
  const next = 'Set REDISCOVER_HOME to a folder that you can write to, or name a server with --redis.';
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return {
        why: 'space',
        message: `There is no room left for a Redis server in ${cacheFolder} (about 50 MB while it is fetched).`,
        next: 'Free some space, or set REDISCOVER_HOME to a folder on another disk.',
      };
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'ENOENT':
    case 'EEXIST':
      return { why: 'rights', message: `${cacheFolder} can't be written to.`, next };
    default:
      return { why: 'broken', message: `${cacheFolder} can't be used: ${error.message}.`, next };
  }
}

/** Node's own `recursive` never ends where a system answers ENOENT below a folder that is there, as /proc does. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    const above = dirname(folder);
    if (code !== 'ENOENT' || (await stat(above).catch(() => undefined))) throw error;
    await makeFolder(above);
    await makeFolder(folder);
  }
}

async function verify(
  folder: string,
  manifest: Manifest,
): Promise<Pick<Manifest, 'product' | 'version'> | Miss> {
  if (manifest.image) return manifest;
  return identify(join(folder, manifest.command), libraryPath(folder, manifest));
}

async function folders({ cacheFolder }: Search): Promise<string[]> {
  const servers = join(cacheFolder, 'servers');
  const names = await readdir(servers).catch(() => []);
  return names.filter((name) => !name.startsWith('.')).map((name) => join(servers, name));
}

async function load(folder: string): Promise<ServerProgram | undefined> {
  try {
    const manifest: Manifest = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8'));
    const { product, version, origin, image } = manifest;
    const command = image ? manifest.command : join(folder, manifest.command);
    await stat(command);
    return {
      product,
      version,
      origin,
      command,
      env: libraryPath(folder, manifest),
      folder,
      ...(manifest.cli && { cli: join(folder, manifest.cli) }),
      ...(image && { image }),
    };
  } catch {
    return undefined;
  }
}

function libraryPath(folder: string, { libraries }: Manifest): Record<string, string> {
  return libraries ? { LD_LIBRARY_PATH: join(folder, libraries) } : {};
}

async function sweepUnfinished(servers: string): Promise<void> {
  for (const name of await readdir(servers)) {
    if (!name.startsWith(UNFINISHED)) continue;
    const folder = join(servers, name);
    const owner = ownerOf(folder);
    const age =
      Date.now() -
      (await stat(folder).then(
        (at) => at.mtimeMs,
        () => Date.now(),
      ));
    if (owner === 'dead' || (owner !== 'alive' && age > FORGOTTEN))
      await rm(folder, { recursive: true, force: true });
  }
}
