import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { newcomer, PROGRAM } from './terminal.ts';

export interface Piped {
  code: number | null;
  /** Bytes, one character each. */
  stdout: string;
  stderr: string;
}

/** A program with pipes for all it reads and writes, and what came out of them so far. */
export class Pipe {
  readonly child: ChildProcessWithoutNullStreams;
  stdout = '';
  stderr = '';
  readonly #closed: Promise<unknown[]>;

  constructor(command: string, args: string[], env: NodeJS.ProcessEnv) {
    this.child = spawn(command, args, { env });
    this.child.stdout.setEncoding('latin1').on('data', (data) => (this.stdout += data));
    this.child.stderr.setEncoding('utf8').on('data', (data) => (this.stderr += data));
    this.child.stdin.on('error', () => {});
    this.#closed = once(this.child, 'close');
  }

  /** Waits until `wanted` stands in what was written to standard output. */
  async until(wanted: string | RegExp): Promise<void> {
    while (!(typeof wanted === 'string' ? this.stdout.includes(wanted) : wanted.test(this.stdout))) {
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`ended before ${wanted}:\n${this.stdout}${this.stderr}`);
      await Promise.race([once(this.child.stdout, 'data'), this.#closed]);
    }
  }

  async end(input: string | Buffer = ''): Promise<Piped> {
    this.child.stdin.end(input);
    return this.ended();
  }

  async ended(): Promise<Piped> {
    const [code] = await this.#closed;
    return { code: code as number | null, stdout: this.stdout, stderr: this.stderr };
  }
}

/** The built program, without a terminal. */
export function program(args: string[], home: string, env: NodeJS.ProcessEnv = {}): Pipe {
  return new Pipe(process.execPath, [PROGRAM, ...args], { ...newcomer(home), ...env });
}
