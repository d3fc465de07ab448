import { type ChildProcessWithoutNullStreams, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Shown } from './shown.ts';

export const PROGRAM = resolve(import.meta.dirname, '..', '..', 'bin', 'rediscover.js');

/** A terminal of its own needs util-linux's `script`, which every Linux has. */
export const hasTerminal = spawnSync('script', ['--version']).stdout?.includes('util-linux') ?? false;

/** A home for one test: no progress, no history; servers fetched earlier are shared. */
export function freshHome(): string {
  return mkdtempSync(join(tmpdir(), 'rediscover-test-'));
}

/** What a person's own environment has not, whoever runs the tests. `CI` takes a terminal's colours away. */
const foreign = ['CI', 'NO_COLOR', 'FORCE_COLOR', 'REDISCOVER_REDIS', 'REDISCOVER_HOME', 'VITEST', 'DEBUG'];

/** The environment of a newcomer, with state files in `home`. */
export function newcomer(home: string): NodeJS.ProcessEnv {
  // What npm leaves to what it runs would be taken for flags by an npm that a test runs.
  const own = Object.entries(process.env).filter(
    ([name]) => !foreign.includes(name) && !name.startsWith('npm_'),
  );
  const env = Object.fromEntries(own);
  return { ...env, XDG_STATE_HOME: home, TERM: 'xterm-256color', LANG: 'C.UTF-8' };
}

/** The address that `.url` shows, on one line or two. */
export async function urlOf(terminal: Shown & { line(text: string): void }): Promise<string> {
  terminal.line('.url');
  const shown = await terminal.until('For redis-cli');
  const [url] = /redis:\/\/\S+\n?\S*(?=\nFor redis-cli)/.exec(shown)!;
  await terminal.until('redis>');
  return url.replace('\n', '');
}

/** The built program on a terminal of its own, as a person meets it. */
export class Terminal extends Shown {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly exit: Promise<number | null>;

  constructor(
    args: string[],
    options: {
      home: string;
      columns?: number;
      rows?: number;
      env?: NodeJS.ProcessEnv;
      /** A file for standard error, which else comes to the terminal too. */
      errors?: string;
    },
  ) {
    super();
    const { columns = 80, rows = 24 } = options;
    const words = [process.execPath, PROGRAM, ...args].map((word) => `'${word}'`);
    const command = words.join(' ') + (options.errors ? ` 2>'${options.errors}'` : '');
    this.#child = spawn(
      'script',
      ['-qfec', `stty cols ${columns} rows ${rows}; exec ${command}`, '/dev/null'],
      {
        env: { ...newcomer(options.home), ...options.env },
      },
    );
    this.#child.stdout.setEncoding('utf8').on('data', (data: string) => this.shown(data));
    this.exit = new Promise((done) =>
      this.#child.on('close', (code) => {
        done(code);
        this.ended();
      }),
    );
  }

  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  line(text: string): void {
    this.type(`${text}\r`);
  }

  /** The process under `script`: the program itself. */
  get pid(): number {
    const children = spawnSync('ps', ['-o', 'pid=', '--ppid', String(this.#child.pid)], { encoding: 'utf8' });
    return Number(children.stdout.trim().split('\n')[0]);
  }

  /** Makes the window this wide; the program is told by a signal, as ever. */
  resize(columns: number): void {
    execFileSync('stty', ['-F', `/proc/${this.pid}/fd/0`, 'cols', String(columns)]);
  }

  close(): void {
    this.#child.kill('SIGKILL');
  }
}
