import type { ChildProcess } from 'node:child_process';

/** Starts one for modules in Python. */
export function startPythonActor(_command: string): ChildProcess {
  throw new Error('not yet');
}
