import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, NoRedis } from '../failure.ts';
import type { Target } from '../redis/target.ts';
import type { Access } from './access.ts';
import type { Door } from './door.ts';
import { type Launch, launch } from './launch.ts';
import { learnerRules } from './learner-acl.ts';
import { CONFIG, makePrivateFolder, sweepPrivateFolders } from './private-folder.ts';
import { Probe } from './probe.ts';
import type { ServerProgram } from './provider.ts';
import { atLeast } from './version.ts';

/** Milliseconds a server may take until it answers PING; machines that swap are slow. */
const START_TIMEOUT = 20_000;
const POLL = 2;

/** A throw-away server of our own, reached by a unix socket in a folder that only this user can enter. */
export class PrivateServer {
  readonly program: ServerProgram;
  readonly folder: string;
  /** Settles when the server has ended, with how. Never rejects. */
  readonly ended: Promise<string>;
  /** Where it asks something of whoever comes in: how it is reached. */
  door: Door | undefined;
  readonly #passwords: Passwords;
  readonly #launch: Launch;
  readonly #child: ChildProcess;
  readonly #pipe: Socket;
  #place: Awaited<ReturnType<Launch['place']>> | undefined;
  #stopping = false;

  private constructor(program: ServerProgram, folder: string) {
    this.program = program;
    this.folder = folder;
    this.#passwords = { engine: secret(), learner: secret() };
    this.#launch = launch(program, folder);
    this.#child = spawn('/bin/sh', this.#launch.shell, {
      // Its own session: Ctrl-C in our terminal is not for it.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
      env: { PATH: process.env.PATH, ...(program.image && process.env), ...program.env },
    });
    this.#child.stdin?.on('error', () => {});
    running.add(this);
    this.#pipe = this.#child.stdio[3] as Socket;
    const pipe = this.#pipe;
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(`it can't be started: ${error.message}`));
      this.#child.once('exit', (code, signal) => {
        pipe.end('ended\n');
        resolve(signal ? `it was ended by ${signal}` : `it ended with code ${code}`);
      });
    });
    pipe.on('error', () => {});
    // The watcher is gone: rather no server than one that may outlive us.
    pipe.resume().on('close', () => this.#kill());
    void this.ended.then(() => running.delete(this));
    // While nobody uses the server it does not keep the program running.
    this.#child.unref();
    pipe.unref();
  }

  /** Has the server begin, once its folder is there. */
  #begin(): void {
    const text = config(this.program.version, this.#launch.listening, this.#passwords);
    writeFileSync(join(this.folder, CONFIG), text, { mode: 0o600 });
    writeFileSync(join(this.folder, 'log'), '', { mode: 0o600 });
    this.#child.stdin?.end('go\n');
  }

  /**
   * Starts `program` and waits until it answers PING; `meanwhile` is called as it boots. With `access` it is then set up
   * to ask that of whoever comes in. Throws NoRedis; with `access` also NotSetUp, which NoTls is one of, and BadAccess.
   */
  static async start(
    program: ServerProgram,
    options: { signal?: AbortSignal | undefined; meanwhile?: () => void; access?: Access | undefined } = {},
  ): Promise<PrivateServer> {
    const { access } = options;
    const doors = access && (await import('./door.ts'));
    doors?.checkDoor(access!, program);
    const server = await PrivateServer.#make(program);
    const { folder } = server;
    try {
      server.#begin();
      options.meanwhile?.();
      await server.#answers(options.signal);
      if (doors) server.door = await doors.openDoor(access!, server);
      void sweepPrivateFolders();
      return server;
    } catch (error) {
      const log = lastLine(folder);
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
      options.signal?.throwIfAborted();
      if (error instanceof Failure) throw error;
      if (['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw new NoRedis(`There is no room left in ${folder}.`, {
          next: 'Free some space, or set TMPDIR to a folder on another disk.',
          cause: error,
        });
      throw new NoRedis(
        `${program.product} ${program.version} (${program.command}) does not start: ${log || (error as Error).message}.`,
        {
          next: 'See rediscover doctor, or name a server with --redis redis://host:port.',
          cause: error,
        },
      );
    }
  }

  /** Who sees to it that the folder goes with us is there before the folder. */
  static async #make(program: ServerProgram): Promise<PrivateServer> {
    const tried: PrivateServer[] = [];
    try {
      await makePrivateFolder(process.env, (place) => tried.push(new PrivateServer(program, place)));
    } catch (error) {
      for (const one of tried) one.#abandon();
      throw error;
    }
    const server = tried.pop()!;
    for (const one of tried) one.#abandon();
    return server;
  }

  /** For our own connections: all rights. */
  get engineTarget(): Target {
    return { ...this.#place, username: 'engine', password: this.#passwords.engine };
  }

  /** For the learner: a user that cannot break the server. */
  get learnerTarget(): Target {
    return { ...this.#place, username: 'learner', password: this.#passwords.learner };
  }

  /** Ends the server and removes its folder. Safe to call twice. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#child.ref();
    this.#kill();
    await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What can be done while the process exits. */
  drop(): void {
    this.#stopping = true;
    this.#kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** It has not begun, and will not: its folder could not be made. */
  #abandon(): void {
    this.#stopping = true;
    this.#kill();
  }

  /** Whether `stop` was called: the end was no loss. */
  get stopping(): boolean {
    return this.#stopping;
  }

  #kill(): void {
    if (this.#launch.byPipe) this.#pipe.destroy();
    // Not once it has ended: its number may be another's by then.
    else if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
  }

  async #answers(signal: AbortSignal | undefined): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT;
    let ended: string | undefined;
    void this.ended.then((how) => {
      ended = how;
    });
    for (;;) {
      signal?.throwIfAborted();
      if (await this.#pong()) return;
      if (ended) throw new Error(ended);
      if (performance.now() > deadline) throw new Error('it does not answer');
      await sleep(POLL);
    }
  }

  async #pong(): Promise<boolean> {
    let probe: Probe | undefined;
    try {
      this.#place ??= await this.#launch.place();
      probe = await Probe.open(this.engineTarget, START_TIMEOUT);
      await probe.ask('AUTH', 'engine', this.#passwords.engine);
      return (await probe.ask('PING')) === '+PONG';
    } catch {
      return false;
    } finally {
      probe?.close();
    }
  }
}

const running = new Set<PrivateServer>();
process.once('exit', () => {
  for (const server of running) server.drop();
});

/** Starts a private server. Throws NoRedis. */
export const startPrivateServer = PrivateServer.start;

interface Passwords {
  engine: string;
  learner: string;
}

function config(version: string, listening: string[], { engine, learner }: Passwords): string {
  const since7 = ['enable-protected-configs no', 'enable-debug-command no', 'enable-module-command no'];
  return [
    ...listening,
    'daemonize no',
    'loglevel warning',
    'save ""',
    'appendonly no',
    'maxmemory 64mb',
    'maxmemory-policy noeviction',
    // Whoever subscribes to it hears what happens to keys; it costs nothing worth a word where nobody does.
    'notify-keyspace-events KEA',
    // A script that never ends can be stopped after a second instead of five.
    'lua-time-limit 1000',
    ...(atLeast(version, '7.0') ? since7 : []),
    'user default reset',
    `user engine on ~* &* +@all >${engine}`,
    `user learner on ${learnerRules(version)} >${learner}`,
    '',
  ].join('\n');
}

function secret(): string {
  return randomBytes(24).toString('hex');
}

function lastLine(folder: string): string {
  try {
    const lines = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n');
    return (lines.pop() ?? '').replace(/^\d+:\w \d+ \w+ \d+ [\d:.]+ [#*.-] /, '').replace(/\.$/, '');
  } catch {
    return '';
  }
}
