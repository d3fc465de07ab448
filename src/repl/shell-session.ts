import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { NoRedis } from '../failure.ts';
import { type CommandDocs, fromServer } from '../redis/command-docs.ts';
import { ConnectionLost } from '../redis/connection.ts';
import { EngineClient } from '../redis/engine-client.ts';
import { findHelp } from '../redis/help.ts';
import { interrupt } from '../redis/interrupt.ts';
import { preferenceOf } from '../redis/preference.ts';
import type { Form } from '../redis/print.ts';
import { BAD_REPEAT, repeatOf } from '../redis/repeat.ts';
import { commandName } from '../redis/session.ts';
import { splitArgs } from '../redis/split.ts';
import type { Served } from '../sandbox/plain.ts';
import { visible } from '../ui/visible.ts';
import type { Assistant } from './assistant.ts';
import { stopListening } from './listening.ts';
import type { Prompt } from './prompt.ts';
import type { Screen } from './screen.ts';

/** Milliseconds from which on a command says how long it took. */
const SLOW = 500;
/** Round trips and keys that one Tab is worth. */
const SCANS = 10;
const ENOUGH = 200;

export interface ShellParts {
  served: Served;
  form: Form;
  prompt: Prompt;
  screen: Screen;
  output: Writable;
  assistant: Assistant;
  /** Another private server when the first was lost. Rejects with NoRedis. */
  reopen: () => Promise<Served>;
}

/** The prompt without a lesson: lines go to Redis, replies come back. */
export class ShellSession {
  /** Whether grey hints are shown; `:set nohints` turns them off. */
  hints = true;
  readonly #parts: ShellParts;
  #served: Served;
  /** Our own connection, for documentation and to stop what blocks; undefined where there can be none. */
  #engine: Promise<EngineClient | undefined> | undefined;
  #learning: Promise<void> = Promise.resolve();
  #running = false;
  #stopped = false;
  #reconnecting = false;
  #leaving = false;
  #recovery: Promise<void> | undefined;
  /** Rejects when a lost server can't be replaced. */
  readonly #fatal: Promise<never>;
  #fail: (error: unknown) => void = () => {};

  constructor(parts: ShellParts) {
    this.#parts = parts;
    this.#served = parts.served;
    this.#fatal = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    this.#fatal.catch(() => {});
    this.#adopt();
  }

  /** Until the user leaves. Rejects with NoRedis. */
  async run(): Promise<void> {
    try {
      await Promise.race([this.#read(), this.#fatal]);
    } finally {
      this.#leaving = true;
      await (await this.#engine)?.close();
    }
  }

  /** Ctrl-C, or Ctrl-D (undefined): stops what blocks, leaves what is listened to. */
  interrupt(typed: string | undefined): void {
    const { screen, prompt } = this.#parts;
    const say = (text: string) => prompt.above(() => screen.note(text));
    this.#stopped = true;
    if (stopListening(this.#served.learner, say)) return;
    if (this.#running) void this.#unblock().catch(this.#fail);
    else if (typed === '') screen.note('^C  (Ctrl-D leaves)');
  }

  /** A line of ~/.redisclirc, or one that begins with a colon. */
  prefer(args: Buffer[]): void {
    const preference = preferenceOf(args);
    this.hints = preference?.hints ?? this.hints;
    if (preference?.complaint) this.#parts.screen.line(visible(preference.complaint));
  }

  get #label(): string {
    const { db, inTransaction } = this.#served.learner;
    return this.#parts.screen.promptLabel(db, inTransaction);
  }

  /** Names of keys in the database in use that begin with `prefix`; of many only some, so that nobody waits. */
  async keys(prefix: string): Promise<Buffer[]> {
    const engine = await this.#backstage();
    // MONITOR would show what we ask.
    if (!engine || this.#served.learner.monitoring) return [];
    const pattern = `${prefix.replace(/[[\]*?\\]/g, '\\$&')}*`;
    const found: Buffer[] = [];
    let cursor = '0';
    for (let i = 0; i < SCANS && found.length < ENOUGH; i++) {
      const [, page] = await engine.pipeline([
        ['SELECT', String(this.#served.learner.db)],
        ['SCAN', cursor, 'MATCH', pattern, 'COUNT', '1000'],
      ]);
      if (page?.type !== 'array') break;
      const [next, names] = page.items;
      if (next?.type !== 'bulk' || names?.type !== 'array') break;
      found.push(...names.items.flatMap((name) => (name.type === 'bulk' ? name.bytes : [])));
      cursor = next.bytes.toString();
      if (cursor === '0') break;
    }
    return found.slice(0, ENOUGH);
  }

  async #read(): Promise<void> {
    const { prompt, screen } = this.#parts;
    for (let first = true; ; first = false) {
      await this.#recovery;
      const next = prompt.next(this.#label);
      if (first) this.#learning = this.#learn();
      const line = await next;
      if (line === undefined) {
        screen.line();
        return;
      }
      const args = splitArgs(line);
      if (args === null) screen.line('Invalid argument(s)');
      else if (args.length > 0 && (await this.#take(args)) === 'quit') return;
    }
  }

  async #take(words: Buffer[]): Promise<'quit' | undefined> {
    const { screen, output } = this.#parts;
    const { count, args } = repeatOf(words);
    const [first, command] = [commandName(words), commandName(args)];
    if (count === undefined) screen.line(BAD_REPEAT);
    else if (first === 'QUIT' || first === 'EXIT' || command === 'QUIT') return 'quit';
    else if (first.startsWith(':')) this.prefer(words);
    else if (first === 'CLEAR' && words.length === 1) output.write('\x1b[H\x1b[2J');
    else if (first === 'CONNECT' && words.length === 3)
      screen.note(
        'This prompt stays at its server; rediscover shell --redis redis://host:port names another.',
      );
    else if (command === 'HELP' || command === '?') await this.#help(args.slice(1));
    else await this.#run(args, count);
    return undefined;
  }

  async #run(args: Buffer[], count: number): Promise<void> {
    const { screen, form } = this.#parts;
    // What we ask for ourselves is over before the user begins to look.
    if (commandName(args) === 'MONITOR') await this.#learning;
    const begun = performance.now();
    this.#running = true;
    this.#stopped = false;
    const { subscribed, monitoring } = this.#served.learner;
    try {
      for (let i = 0; i < count && !this.#stopped; i++)
        screen.reply(args, await this.#served.learner.send(args), '', form);
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      // SHUTDOWN ends that way where it works. What to do about the server is decided in one place.
      await this.#recovery;
      return;
    } finally {
      this.#running = false;
    }
    const took = performance.now() - begun;
    if (took >= SLOW && form === 'formatted') screen.line(`(${(took / 1000).toFixed(2)}s)`);
    const { learner } = this.#served;
    if (learner.subscribed && !subscribed)
      screen.note('Messages show here as they come. Ctrl-C leaves the channels.');
    if (learner.monitoring && !monitoring)
      screen.note('What any client runs shows here as it comes. Ctrl-C ends it.');
  }

  async #help(words: Buffer[]): Promise<void> {
    const { screen } = this.#parts;
    const { theme } = screen;
    if (words.length === 0) {
      const topics = [
        ['help SET', 'what a command does and takes'],
        ['help @string', 'the commands of a group'],
        ['clear', 'clear the screen'],
        [':set nohints', 'no grey hints behind what is typed; :set hints brings them back'],
        ['quit', 'leave; so does Ctrl-D'],
      ] as const;
      for (const [what, why] of topics) screen.line(`  ${theme.command(what.padEnd(14))} ${why}`);
      screen.note(
        'Anything else goes to Redis. Tab completes, Ctrl-R finds earlier lines, Ctrl-C stops what blocks.',
      );
      return;
    }
    const entries = findHelp(words, await this.#docs());
    if (entries.length === 0) {
      screen.note(`There is no help on ${words.join(' ')}.`);
      return;
    }
    for (const { name, syntax, summary, since, group } of entries) {
      const shown = `${theme.command(visible(name))} ${theme.dim(visible(syntax))}`.trimEnd();
      screen.line(`\n  ${shown}`);
      screen.line(`  ${visible(summary)}`);
      screen.line(theme.dim(`  ${visible([group, since && `since ${since}`].filter(Boolean).join(', '))}`));
    }
    screen.line();
  }

  async #docs(): Promise<CommandDocs> {
    const engine = await this.#backstage();
    if (engine) return fromServer(engine);
    const { bundled } = await import('../redis/command-docs.ts');
    return bundled();
  }

  /** What hints and completion go by; nobody waits for it. */
  async #learn(): Promise<void> {
    const engine = await this.#backstage();
    if (engine) await this.#parts.assistant.learnFrom(engine).catch(() => {});
  }

  #backstage(): Promise<EngineClient | undefined> {
    this.#engine ??= EngineClient.connect(this.#served.target).catch(() => undefined);
    return this.#engine;
  }

  /** Ends what the learner's connection waits for; where that is not allowed, ends the connection as redis-cli does. */
  async #unblock(): Promise<void> {
    const engine = await this.#backstage();
    // Until it is over: Ctrl-C may come before the server has even begun.
    while (engine && this.#running && (await interrupt(engine, this.#served.learner))) await sleep(10);
    if (!this.#running) return;
    this.#recovery = this.#again('Stopped. This is a new connection.');
  }

  #adopt(): void {
    const { prompt, screen, form } = this.#parts;
    const served = this.#served;
    const { learner } = served;
    learner.onMessage = (reply) => prompt.above(() => screen.reply([], reply, '', form));
    void learner.closed.then((reason) => {
      if (this.#reconnecting || this.#leaving || this.#served !== served) return;
      this.#recovery = this.#again('The server closed the connection; this is a new one.', reason);
    });
  }

  /** Connects anew, in the same database; `note` says why. */
  async #again(note: string, reason = ''): Promise<void> {
    const { prompt, screen } = this.#parts;
    const { db, inTransaction } = this.#served.learner;
    this.#reconnecting = true;
    try {
      await this.#served.reconnect();
      const { learner } = this.#served;
      if (learner.db !== db) await learner.send([Buffer.from('SELECT'), Buffer.from(String(db))]);
      prompt.relabel(this.#label);
      prompt.above(() => {
        screen.note(note);
        if (inTransaction) screen.note('Your transaction did not run: begin again with MULTI.');
      });
    } catch (cause) {
      await this.#replace(reason, cause).catch(this.#fail);
    } finally {
      this.#reconnecting = false;
    }
    this.#adopt();
  }

  /** Another private server in place of the one that is gone. Rejects with NoRedis where it was the user's. */
  async #replace(reason: string, cause: unknown): Promise<void> {
    const { prompt, screen, reopen } = this.#parts;
    const lost = this.#served;
    if (lost.kind === 'named') {
      const next = cause instanceof NoRedis ? cause.message : 'See rediscover doctor.';
      throw new NoRedis(`The connection to ${lost.description} is lost: ${reason}.`, { next, cause });
    }
    const gone = `Redis is gone, and with it all that it held: ${reason}.`;
    prompt.above(() => screen.line(screen.wrapped(gone, { style: screen.theme.warn })));
    this.#engine = undefined;
    this.#served = await reopen();
    await lost.close().catch(() => {});
    prompt.relabel(this.#label);
    prompt.above(() => screen.note(`${this.#served.description}: another one, empty.`));
  }
}
