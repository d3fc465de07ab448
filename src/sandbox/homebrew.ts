import { join } from 'node:path';
import { consent } from './consent.ts';
import { identify, which } from './path.ts';
import type { Provider } from './provider.ts';
import { run } from './run.ts';

const BY_HAND = 'brew install redis';

/** Homebrew's formula, installed after asking. What it installs is found without it from then on. */
export const homebrew: Provider = {
  id: 'homebrew',
  title: 'Homebrew',
  async find(search) {
    const brew =
      which('brew', search) ??
      which('brew', { env: { PATH: '/opt/homebrew/bin:/usr/local/bin:/home/linuxbrew/.linuxbrew/bin' } });
    if (!brew) return { why: 'absent', message: 'Homebrew is not installed.' };
    const no = await consent(search, `Install Redis with Homebrew (${BY_HAND})?`, BY_HAND);
    if (no) return no;
    search.progress('Installing Redis with Homebrew');
    const { env, signal } = search;
    const installed = await run(brew, ['install', 'redis'], { env, signal, onLine: search.progress });
    if (installed.code !== 0) {
      const reason = /^Error: (.*)$/m.exec(installed.stderr)?.[1] ?? `it ended with code ${installed.code}`;
      return { why: 'broken', message: `Homebrew can't install Redis: ${reason}`, next: `See: ${BY_HAND}` };
    }
    const prefix = await run(brew, ['--prefix', 'redis'], { env, signal });
    const program = await identify(join(prefix.stdout.trim(), 'bin/redis-server'));
    return 'why' in program ? program : { ...program, origin: 'from Homebrew' };
  },
};
