import { type ChildProcess, execFile, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { CodeAnswer } from '../course/course.ts';
import type { Target } from '../redis/target.ts';

/** Longest that a snippet may take, in milliseconds, where nothing else is said. */
const LIMIT = 10_000;

/**
 * What became of a snippet. `late`: it did not end in time and was killed; what it asked of the server may go on.
 * `unavailable`: it cannot be run here.
 */
export type Ran =
  | { kind: 'done' }
  | { kind: 'failed'; message: string }
  | { kind: 'late'; message: string }
  | { kind: 'unavailable'; message: string };

/**
 * Runs code snippets against a server, each language in a process of its own that is kept for the next
 * one: a snippet that crashes or never ends takes only its runner along.
 */
export class CodeRunner {
  readonly #target: Target;
  readonly #limit: number;
  readonly #runners = new Map<CodeAnswer['language'], Runner>();

  /**
   * `target` is a unix socket. It goes to the runners through a pipe, never by argv: it holds a password.
   * `limit` is in milliseconds.
   */
  constructor(target: Target, limit: number = LIMIT) {
    this.#target = target;
    this.#limit = limit;
  }

  async run({ language, source }: CodeAnswer): Promise<Ran> {
    const python = language === 'python' ? await findPython() : undefined;
    if (python && 'missing' in python) return { kind: 'unavailable', message: python.missing };
    let runner = this.#runners.get(language);
    if (!runner) {
      runner = python ? startPython(python.command) : startNode();
      this.#runners.set(language, runner);
    }
    const { child } = runner;
    const ran = await ask(runner, { target: this.#target, source }, this.#limit);
    if (ran.kind === 'late') child.kill('SIGKILL');
    if (child.killed || child.exitCode !== null || child.signalCode !== null) this.#runners.delete(language);
    return ran;
  }

  close(): void {
    for (const { child } of this.#runners.values()) child.kill('SIGKILL');
    this.#runners.clear();
  }
}

interface Request {
  target: Target;
  source: string;
}

interface Runner {
  child: ChildProcess;
  send(request: Request): void;
  next(): Promise<{ error?: string }>;
}

async function ask(runner: Runner, request: Request, limit: number): Promise<Ran> {
  const stop = new AbortController();
  const late = new Promise<Ran>((resolve) => {
    const message = `did not end within ${limit / 1000} s`;
    const timer = setTimeout(() => resolve({ kind: 'late', message }), limit);
    stop.signal.addEventListener('abort', () => clearTimeout(timer));
  });
  const gone = once(runner.child, 'exit', { signal: stop.signal }).then(
    ([code, signal]): Ran => ({ kind: 'failed', message: `its process ended (${signal ?? code})` }),
    () => new Promise<Ran>(() => {}),
  );
  const done = runner
    .next()
    .then(({ error }): Ran => (error === undefined ? { kind: 'done' } : { kind: 'failed', message: error }));
  runner.send(request);
  try {
    return await Promise.race([done, gone, late]);
  } finally {
    stop.abort();
  }
}

function startNode(): Runner {
  const file = fileURLToPath(new URL('./run-snippet.js', import.meta.url));
  const child = fork(file, [], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
  });
  return {
    child,
    send: (request) => child.send(request, () => {}),
    next: async () => (await once(child, 'message'))[0] as { error?: string },
  };
}

function startPython(command: string): Runner {
  const child = spawn(command, ['-c', PYTHON], { stdio: ['pipe', 'ignore', 'ignore', 'pipe'] });
  child.stdin!.on('error', () => {});
  const lines = createInterface({ input: child.stdio[3] as NodeJS.ReadableStream });
  return {
    child,
    send: ({ target, source }) =>
      child.stdin!.write(`${JSON.stringify({ options: pythonOptions(target), source })}\n`),
    next: async () => JSON.parse((await once(lines, 'line'))[0] as string) as { error?: string },
  };
}

/** A target in the words of redis-py. */
function pythonOptions({ socketPath, username, password, db = 0 }: Target) {
  return { unix_socket_path: socketPath, username, password, db };
}

/**
 * Snippets print to nowhere; each line on standard input is a request, each on descriptor 3 its answer. As in a script
 * of its own, sys.exit() may end a snippet, and its threads are waited for.
 */
const PYTHON = `
import json, os, sys, threading
import redis
out = os.fdopen(3, 'w')
for line in sys.stdin:
    request = json.loads(line)
    try:
        r = redis.Redis(**request['options'], decode_responses=True)
        try:
            exec(compile(request['source'], 'snippet', 'exec'), {'__name__': '__main__', 'r': r, 'redis': redis})
        except SystemExit as end:
            if end.code not in (None, 0):
                raise
        for thread in threading.enumerate():
            if thread is not threading.main_thread() and not thread.daemon:
                thread.join()
        r.close()
        answer = {}
    except BaseException as error:
        answer = {'error': type(error).__name__ + ': ' + str(error)}
    print(json.dumps(answer), file=out, flush=True)
`;

/** Where a python with redis-py is looked for: the user's own, then the system's, which another one in PATH may hide. */
const PYTHONS = ['python3', '/usr/bin/python3'];

let python: Promise<Python> | undefined;

/** The first python that has redis-py, or why there is none. Asked once. */
function findPython(): Promise<Python> {
  python ??= (async () => {
    let missing = 'there is no python3';
    for (const command of PYTHONS) {
      const found = await hasRedis(command);
      if (found === true) return { command };
      if (found === false) missing = 'python3 has no redis-py';
    }
    return { missing };
  })();
  return python;
}

/** Why Python cannot run here, or undefined where it can. */
export async function pythonMissing(): Promise<string | undefined> {
  const python = await findPython();
  return 'missing' in python ? python.missing : undefined;
}

type Python = { command: string } | { missing: string };

/** Undefined where there is no such program. */
function hasRedis(command: string): Promise<boolean | undefined> {
  return new Promise((resolve) => {
    execFile(command, ['-c', 'import redis'], { timeout: LIMIT }, (error) => {
      if (!error) resolve(true);
      else resolve((error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : false);
    });
  });
}
