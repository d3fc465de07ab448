import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { keep, type Manifest } from './cache.ts';
import { consent } from './consent.ts';
import { which } from './path.ts';
import type { Miss, Provider, Search } from './provider.ts';
import { type RunResult, run } from './run.ts';

interface Release {
  version: string;
  url: string;
  /** As published by the Redis project beside its releases. */
  sha256: string;
}

const RELEASE: Release = {
  version: '7.2.15',
  url: 'https://download.redis.io/releases/redis-7.2.15.tar.gz',
  sha256: '7bf7975331511fdb788e85dae63964b128fccee1df026a10db57444babc9c9c4',
};

/** A build of an official release, after asking. */
export const source: Provider = sourceOf(RELEASE);

export function sourceOf(release: Release): Provider {
  return {
    id: 'source',
    title: 'Source code',
    async find(search) {
      const missing = ['make', 'tar', 'curl'].filter((name) => !which(name, search));
      if (!['cc', 'gcc', 'clang'].some((name) => which(name, search))) missing.push('a C compiler');
      if (missing.length > 0)
        return {
          why: 'absent',
          message: `A build from source needs ${missing.join(', ')}, which is not here.`,
        };
      const question = `Build Redis ${release.version} from source (fetches 4 MB, takes one to three minutes)?`;
      const no = await consent(search, question, `curl -O ${release.url}, unpack it, and run make`);
      return (
        no ?? keep(search, `source-${release.version}`, (folder, within) => build(within, release, folder))
      );
    },
  };
}

async function build(search: Search, release: Release, folder: string): Promise<Manifest | Miss> {
  const { env, signal, progress } = search;
  const archive = join(folder, 'redis.tar.gz');
  const tree = join(folder, 'tree');
  await mkdir(tree);
  const step = (name: string, args: string[]) =>
    run(which(name, search)!, args, { env, signal, cwd: tree, onLine: progress });

  progress(`Fetching the source code of Redis ${release.version}`);
  const fetched = await step('curl', [
    '--fail',
    '--silent',
    '--show-error',
    '--location',
    '--proto',
    '=https',
    '--connect-timeout',
    '15',
    '--output',
    archive,
    release.url,
  ]);
  if (fetched.code !== 0) return explain(fetched, "The source code can't be fetched", 'network', search);
  const sum = createHash('sha256')
    .update(await readFile(archive))
    .digest('hex');
  if (sum !== release.sha256)
    return {
      why: 'broken',
      message: `What came from ${release.url} is not Redis ${release.version}: its SHA-256 is ${sum}.`,
      next: 'Try again on another network, or install redis-server.',
    };
  const unpacked = await step('tar', ['-xzf', archive, '--strip-components=1']);
  if (unpacked.code !== 0) return explain(unpacked, "The source code can't be unpacked", 'broken', search);

  progress(`Building Redis ${release.version}`);
  // Without TLS and jemalloc it needs no library but the system's own.
  const made = await step('make', [
    `-j${availableParallelism()}`,
    'MALLOC=libc',
    'BUILD_TLS=no',
    'redis-server',
    'redis-cli',
  ]);
  if (made.code !== 0) return explain(made, "Redis can't be built", 'broken', search);
  await mkdir(join(folder, 'bin'));
  for (const name of ['redis-server', 'redis-cli'])
    await copyFile(join(tree, 'src', name), join(folder, 'bin', name));
  await rm(tree, { recursive: true });
  await rm(archive);
  return {
    product: 'Redis',
    version: release.version,
    origin: 'built from source',
    command: 'bin/redis-server',
    cli: 'bin/redis-cli',
  };
}

function explain(
  { stderr, error }: RunResult,
  what: string,
  why: Miss['why'],
  { cacheFolder }: Search,
): Miss {
  if (/no space left/i.test(stderr))
    return {
      why: 'space',
      message: `There is no room left for a Redis server in ${cacheFolder} (about 200 MB while it is built).`,
      next: 'Free some space, or set REDISCOVER_HOME to a folder on another disk.',
    };
  const reason = stderr.trim().split('\n').pop() || error?.message || 'no reason was given';
  return { why, message: `${what}: ${reason}`, next: 'Install redis-server, or name a server with --redis.' };
}
