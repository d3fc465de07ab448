import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheFolder, historyFile, progressFile, type Surroundings, stateFolder } from './folders.ts';

function around(
  env: Record<string, string>,
  platform: NodeJS.Platform = 'linux',
  home = () => '/home/ada',
): Surroundings {
  return { env, platform, home };
}

describe('where the user’s files live', () => {
  it('follows XDG on Linux', () => {
    const xdg = around({ XDG_STATE_HOME: '/state', XDG_CACHE_HOME: '/cache' });
    expect(stateFolder(xdg)).toBe('/state/rediscover');
    expect(cacheFolder(xdg)).toBe('/cache/rediscover');
    expect(progressFile(xdg)).toBe('/state/rediscover/progress.json');
    expect(historyFile(xdg)).toBe('/state/rediscover/history');
  });

  it('falls back to the home folder, also when XDG names a relative or an empty path', () => {
    const environments: Record<string, string>[] = [{}, { XDG_STATE_HOME: 'here', XDG_CACHE_HOME: '' }];
    for (const env of environments) {
      expect(stateFolder(around(env))).toBe('/home/ada/.local/state/rediscover');
      expect(cacheFolder(around(env))).toBe('/home/ada/.cache/rediscover');
    }
  });

  it('lets REDISCOVER_HOME override everything, on every system', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      const set = around({ REDISCOVER_HOME: '/r', XDG_STATE_HOME: '/state', LOCALAPPDATA: '/l' }, platform);
      expect(progressFile(set)).toBe(join('/r', 'progress.json'));
      expect(cacheFolder(set)).toBe(join('/r', 'cache'));
    }
  });

  it('uses the Library folders on macOS', () => {
    expect(stateFolder(around({}, 'darwin'))).toBe('/home/ada/Library/Application Support/rediscover');
    expect(cacheFolder(around({}, 'darwin'))).toBe('/home/ada/Library/Caches/rediscover');
  });

  it('answers for a user without a home', () => {
    const homeless = around({}, 'linux', () => {
      throw new Error('no such user');
    });
    expect(stateFolder(homeless)).toMatch(/rediscover-.*\/\.local\/state\/rediscover$/);
  });
});
