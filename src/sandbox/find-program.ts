import { NoRedis } from '../failure.ts';
import { cacheFolder } from '../folders.ts';
import { cache } from './cache.ts';
import { debian } from './debian.ts';
import { docker } from './docker.ts';
import { homebrew } from './homebrew.ts';
import { path } from './path.ts';
import { isMiss, type Miss, type Provider, type Search, type ServerProgram } from './provider.ts';
import { source } from './source.ts';

/** In the order in which they are asked. */
export const PROVIDERS: readonly Provider[] = [path, cache, debian, homebrew, docker, source];

/** `options` completed: this process's environment, the user's cache, no progress shown, nobody to ask. */
export function searchFrom(options: Partial<Search>): Search {
  return {
    env: process.env,
    platform: process.platform,
    progress: () => {},
    ...options,
    cacheFolder: options.cacheFolder ?? cacheFolder(),
  };
}

/** A server program that can be started here, fetching one where none is. Throws NoRedis. */
export async function findServerProgram(
  options: Partial<Search> = {},
  providers = PROVIDERS,
): Promise<ServerProgram> {
  const search = searchFrom(options);
  if (search.platform === 'win32') throw unsupported();
  const misses: Miss[] = [];
  for (const provider of providers) {
    const found = await provider.find(search);
    if (!isMiss(found)) return found;
    misses.push(found);
  }
  throw noProgram(misses, search);
}

function unsupported(): NoRedis {
  return new NoRedis('Redis does not run on Windows by itself.', {
    next: 'Run rediscover under WSL, or name a server with --redis redis://host:port.',
  });
}

/** The one cause that explains most, with what was passed over on the way. */
function noProgram(misses: Miss[], { platform }: Search): NoRedis {
  const order: Miss['why'][] = [
    'space',
    'rights',
    'network',
    'broken',
    'declined',
    'unsupported',
    'old',
    'absent',
  ];
  const telling = order
    .map((why) => misses.find((miss) => miss.why === why))
    .find((miss) => miss !== undefined);
  const old = misses.find((miss) => miss.why === 'old' && miss !== telling);
  const told = telling && telling.why !== 'absent' ? [telling.message] : [];
  const install =
    platform === 'darwin' ? 'brew install redis' : 'Install redis-server (version 6.2 or newer)';
  return new NoRedis(['No Redis server can be had here.', ...told, ...(old ? [old.message] : [])].join(' '), {
    next: telling?.next ?? `${install}, or name a server with --redis redis://host:port.`,
  });
}
