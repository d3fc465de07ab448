import { spawn } from 'node:child_process';

export interface RunResult {
  /** The exit code; null where a signal ended it, or where it could not be started. */
  code: number | null;
  stdout: string;
  stderr: string;
  /** Why it could not be started at all, or was stopped by us. */
  error?: Error;
}

export interface RunOptions {
  env?: Record<string, string | undefined>;
  cwd?: string;
  signal?: AbortSignal | undefined;
  /** Milliseconds after which it is stopped. */
  timeout?: number;
  /** Told of each line of its output as it comes. */
  onLine?: (line: string) => void;
  input?: string;
}

/** Runs another program to its end, without a shell. Rejects only where `signal` stopped it. */
export async function run(command: string, args: string[], options: RunOptions = {}): Promise<RunResult> {
  const { signal, timeout, onLine } = options;
  signal?.throwIfAborted();
  const result = await new Promise<RunResult>((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env as NodeJS.ProcessEnv | undefined,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      signal,
      timeout,
      windowsHide: true,
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let error: Error | undefined;
    for (const [stream, into] of [
      [child.stdout, out],
      [child.stderr, err],
    ] as const) {
      stream?.on('data', (chunk: Buffer) => {
        into.push(chunk);
        if (onLine)
          for (const line of chunk.toString().split(/[\r\n]+/)) if (line.trim()) onLine(line.trim());
      });
    }
    child.on('error', (problem) => {
      error = problem;
      // Without a process there is no close event.
      if (child.pid === undefined) done(null);
    });
    child.on('exit', () => {
      if (!child.killed) return;
      error ??= new Error(`it did not end within ${(timeout ?? 0) / 1000} s`);
      // What it has started may live on, and hold its output open.
      child.stdout?.destroy();
      child.stderr?.destroy();
    });
    child.on('close', done);
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input);
    function done(code: number | null) {
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString();
      resolve({ code, stdout: text(out), stderr: text(err), ...(error && { error }) });
    }
  });
  signal?.throwIfAborted();
  return result;
}
