import { spawn } from 'node:child_process';
import { newcomer, PROGRAM } from './terminal.ts';

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the built program without a terminal; `endEarly` closes its standard output before it writes. */
export function run(
  args: string[],
  options: { home: string; input?: string; env?: NodeJS.ProcessEnv; cwd?: string; endEarly?: boolean },
): Promise<Ran> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      env: { ...newcomer(options.home), ...options.env },
      cwd: options.cwd,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (data) => (stdout += data));
    child.stderr.setEncoding('utf8').on('data', (data) => (stderr += data));
    if (options.endEarly) child.stdout.destroy();
    child.on('error', fail);
    child.on('close', (code) => done({ code, stdout, stderr }));
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
}
