import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Starts the process of an actor for modules in Python; `command` is a python that has redis-py. */
export function startPythonActor(command: string): ChildProcess {
  // Beside the sources, and beside the bundle.
  const file = fileURLToPath(new URL('./python_actor.py', import.meta.url));
  const { PATH = '', HOME = '' } = process.env;
  return spawn(command, ['-B', file], {
    cwd: '/',
    // The same order of a set's members each time.
    env: { PATH, HOME, PYTHONHASHSEED: '0', PYTHONUTF8: '1' },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    detached: true,
  });
}
