import { join } from 'node:path';
import type { Target } from '../redis/target.ts';
import { CONFIG, SOCKET } from './private-folder.ts';
import type { ServerProgram } from './provider.ts';
import { run } from './run.ts';

/** How a server program is run so that it ends with us, and where it then answers. */
export interface Launch {
  /**
   * Arguments of `/bin/sh`; its descriptor 3 is a pipe from us. It waits for a line on its standard input before it runs
   * the server, whose folder need not be there earlier.
   */
  shell: string[];
  /** Lines of the configuration that say where the server listens and keeps its files. */
  listening: string[];
  /** Where it answers; rejects as long as that is not known. */
  place(): Promise<Pick<Target, 'socketPath' | 'host' | 'port'>>;
  /** Whether a signal to the process ends the server, or the end of the pipe alone does. */
  byPipe: boolean;
}

/**
 * The server takes the shell's place, so that its end is the child's. A second shell holds a pipe from us:
 * end of file there means that we are gone, however that came about, and it kills the server and removes its folder,
 * which is made once somebody watches. A line there means that the server has ended by itself, and its number may be
 * another's by now.
 */
const UNDER_WATCH = `dir=$1
shift
( read -r line <&3 || { kill -9 $$; PATH=$PATH:/usr/bin:/bin; rm -rf -- "$dir"; } ) >/dev/null 2>&1 &
read -r go && cd -- "$dir" && exec "$@" 3<&- </dev/null >>log 2>&1`;

/** The same for a container, which outlives the client that started it. It reads its configuration from us. */
const CONTAINER_UNDER_WATCH = `dir=$1 docker=$2 name=$3 config=$4
shift 4
( read -r line <&3 || { "$docker" kill "$name" || kill -9 $$; PATH=$PATH:/usr/bin:/bin; rm -rf -- "$dir"; } ) >/dev/null 2>&1 &
read -r go && cd -- "$dir" && exec "$docker" "$@" 3<&- <"$config" >>log 2>&1`;

export function launch(program: ServerProgram, folder: string): Launch {
  const config = join(folder, CONFIG);
  if (program.image) return launchContainer(program.command, program.image, folder, config);
  const socketPath = join(folder, SOCKET);
  return {
    shell: ['-c', UNDER_WATCH, 'sh', folder, program.command, config],
    listening: [
      // Other clients come in by a relay of ours.
      'port 0',
      'bind 127.0.0.1',
      `unixsocket ${quote(socketPath)}`,
      'unixsocketperm 700',
      `dir ${quote(folder)}`,
    ],
    place: async () => ({ socketPath }),
    byPipe: false,
  };
}

function launchContainer(docker: string, image: string, folder: string, config: string): Launch {
  const name = folder.split('/').pop()!;
  // Published on this machine alone, on a port that Docker picks. A socket file does not get out of its virtual machines.
  const args = ['run', '--rm', '--interactive', '--name', name, '--publish', '127.0.0.1::6379', image];
  return {
    shell: ['-c', CONTAINER_UNDER_WATCH, 'sh', folder, docker, name, config, ...args, 'redis-server', '-'],
    listening: ['port 6379', 'dir /data'],
    async place() {
      const told = await run(docker, ['port', name, '6379/tcp']);
      const port = Number(/:(\d+)\s*$/m.exec(told.stdout)?.[1] ?? 0);
      if (port === 0) throw new Error('the container does not run yet');
      return { host: '127.0.0.1', port };
    },
    byPipe: true,
  };
}

/** As the configuration file's own lines are split: in quotes, with escapes. */
function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
