import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CommandDocs, fromServer } from '../redis/command-docs.ts';
import { ConnectionLost } from '../redis/connection.ts';
import { EngineClient } from '../redis/engine-client.ts';
import { findHelp } from '../redis/help.ts';
import { interrupt } from '../redis/interrupt.ts';
import type { LearnerClient } from '../redis/learner-client.ts';
import { preferenceOf } from '../redis/preference.ts';
import type { Form } from '../redis/print.ts';
import { BAD_REPEAT, repeatOf } from '../redis/repeat.ts';
import { nameOf } from '../redis/session.ts';
import { splitArgs } from '../redis/split.ts';
import type { Served } from '../sandbox/plain.ts';
import { visible } from '../ui/visible.ts';
import type { Assistant } from './assistant.ts';
import { stopListening } from './listening.ts';
import type { Prompt } from './prompt.ts';
import { Recovery } from './recovery.ts';
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
  readonly #recovery: Recovery<Served>;
  /** Our own connection, for documentation and to stop what blocks; undefined where there can be none. */
  #engine: Promise<EngineClient | undefined> | undefined;
  #learning: Promise<void> = Promise.resolve();
  #running = false;
  #stopped = false;

  constructor(parts: ShellParts) {
    const { served, form, prompt, screen, reopen } = parts;
    this.#parts = parts;
    this.#recovery = new Recovery({
      redis: served,
      prompt,
      screen,
      label: () => this.#label,
      hear: (reply) => prompt.above(() => screen.reply([], reply, '', form)),
      lost: ({ learner }) => learner.closed,
      reconnect: (lost) => lost.reconnect(),
      reopen,
    });
  }

  /** Until the user leaves. Rejects with NoRedis. */
  async run(): Promise<void> {
    try {
      await Promise.race([this.#read(), this.#recovery.fatal]);
    } finally {
      this.#recovery.end();
      await (await this.#engine)?.close();
    }
  }

  get #learner(): LearnerClient {
    return this.#recovery.redis.learner;
  }

  /** Ctrl-C, or Ctrl-D (undefined): stops what blocks, leaves what is listened to. */
  interrupt(typed: string | undefined): void {
    const { screen, prompt } = this.#parts;
    const say = (text: string) => prompt.above(() => screen.note(text));
    this.#stopped = true;
    if (stopListening(this.#learner, say)) return;
    if (this.#running) void this.#unblock();
    else if (typed === '') screen.note('^C  (Ctrl-D leaves)');
  }

  /** A line of ~/.redisclirc, or one that begins with a colon. */
  prefer(args: Buffer[]): void {
    const preference = preferenceOf(args);
    this.hints = preference?.hints ?? this.hints;
    if (preference?.complaint) this.#parts.screen.line(visible(preference.complaint));
  }

  get #label(): string {
    const { db, inTransaction } = this.#learner;
    return this.#parts.screen.promptLabel(db, inTransaction);
  }

  /** Names of keys in the database in use that begin with `prefix`; of many only some, so that nobody waits. */
  async keys(prefix: string): Promise<Buffer[]> {
    const engine = await this.#backstage();
    // MONITOR would show what we ask.
    if (!engine || this.#learner.monitoring) return [];
    const pattern = `${prefix.replace(/[[\]*?\\]/g, '\\$&')}*`;
    const found: Buffer[] = [];
    let cursor = '0';
    for (let i = 0; i < SCANS && found.length < ENOUGH; i++) {
      const [, page] = await engine.pipeline([
        ['SELECT', String(this.#learner.db)],
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
      await this.#recovery.underWay;
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
    const [first, command] = [nameOf(words), nameOf(args)];
    if (count === undefined) screen.line(BAD_REPEAT);
    else if (first === 'quit' || first === 'exit' || command === 'quit') return 'quit';
    else if (first.startsWith(':')) this.prefer(words);
    else if (first === 'clear' && words.length === 1) output.write('\x1b[H\x1b[2J');
    else if (first === 'connect' && words.length === 3)
      screen.note(
        'This prompt stays at its server; rediscover shell --redis redis://host:port names another.',
      );
    else if (command === 'help' || command === '?') await this.#help(args.slice(1));
    else await this.#run(args, count);
    return undefined;
  }

  async #run(args: Buffer[], count: number): Promise<void> {
    const { screen, form } = this.#parts;
    // What we ask for ourselves is over before the user begins to look.
    if (nameOf(args) === 'monitor') await this.#learning;
    const begun = performance.now();
    this.#running = true;
    this.#stopped = false;
    const { subscribed, monitoring } = this.#learner;
    try {
      for (let i = 0; i < count && !this.#stopped; i++)
        screen.reply(args, await this.#learner.send(args), '', form);
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      // SHUTDOWN ends that way where it works.
      await this.#recovery.begin(error.message);
      return;
    } finally {
      this.#running = false;
    }
    const took = performance.now() - begun;
    if (took >= SLOW && form === 'formatted') screen.line(`(${(took / 1000).toFixed(2)}s)`);
    const learner = this.#learner;
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
    this.#engine ??= this.#connect();
    return this.#engine;
  }

  async #connect(): Promise<EngineClient | undefined> {
    const forget = () => {
      this.#engine = undefined;
    };
    try {
      const engine = await EngineClient.connect(this.#recovery.redis.target);
      void engine.closed.then(forget);
      return engine;
    } catch {
      forget();
      return undefined;
    }
  }

  /** Ends what the learner's connection waits for; where that is not allowed, ends the connection as redis-cli does. */
  async #unblock(): Promise<void> {
    const engine = await this.#backstage();
    const waits = () => this.#running && !this.#recovery.underWay;
    const stop = () => interrupt(engine!, this.#learner).catch(() => false);
    // Until it is over: Ctrl-C may come before the server has even begun.
    while (engine && waits() && (await stop())) await sleep(10);
    // What that can't be had for ends the session, which says so itself.
    if (waits()) await this.#recovery.begin(undefined, 'Stopped. This is a new connection.').catch(() => {});
  }
}
