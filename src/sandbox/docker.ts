import { keep } from './cache.ts';
import { consent } from './consent.ts';
import { which } from './path.ts';
import type { Provider } from './provider.ts';
import { run } from './run.ts';
import { parseVersion } from './version.ts';

const IMAGE = 'redis:7.2-alpine';
const BY_HAND = `docker pull ${IMAGE}`;
/** Milliseconds that a Docker which is there may take to say so. */
const PATIENCE = 5000;

/** Docker's official image, after asking. The image is remembered: the next start asks nothing. */
export const docker: Provider = {
  id: 'docker',
  title: 'Docker',
  async find(search) {
    const { env, signal, progress } = search;
    const command = which('docker', search);
    if (!command) return { why: 'absent', message: 'Docker is not installed.' };
    const daemon = await run(command, ['version', '--format', '{{.Server.Version}}'], {
      env,
      signal,
      timeout: PATIENCE,
    });
    if (daemon.code !== 0)
      return {
        why: 'absent',
        message: 'Docker is installed, but its daemon does not answer.',
        next: 'Start Docker and try again.',
      };
    const no = await consent(search, `Run Redis in Docker (image ${IMAGE}, about 40 MB)?`, BY_HAND);
    if (no) return no;
    return keep(search, 'docker', async (_, { signal }) => {
      const here = await run(command, ['image', 'inspect', IMAGE], { env, signal });
      if (here.code !== 0) {
        progress(`Fetching the Docker image ${IMAGE}`);
        const pulled = await run(command, ['pull', IMAGE], { env, signal, onLine: progress });
        if (pulled.code !== 0)
          return {
            why: 'network',
            message: `Docker can't fetch ${IMAGE}: ${pulled.stderr.trim().split('\n').pop()}`,
            next: `See: ${BY_HAND}`,
          };
      }
      const told = await run(command, ['run', '--rm', IMAGE, 'redis-server', '--version'], { env, signal });
      const known = parseVersion(told.stdout);
      if (!known)
        return {
          why: 'broken',
          message: `The Docker image ${IMAGE} does not run.`,
          next: `See: docker run --rm ${IMAGE}`,
        };
      return { ...known, origin: 'in Docker', command, image: IMAGE };
    });
  },
};
