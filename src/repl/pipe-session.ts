import type { Readable, Writable } from 'node:stream';
import { ExitCode, Failure, NoRedis } from '../failure.ts';
import { preferenceOf } from '../redis/preference.ts';
import { type Form, printAnswer } from '../redis/print.ts';
import { BAD_REPEAT, repeatOf } from '../redis/repeat.ts';
import type { Reply } from '../redis/reply.ts';
import { commandName, pubSubKind } from '../redis/session.ts';
import { splitArgs } from '../redis/split.ts';
import type { Served } from '../sandbox/unmanaged-server.ts';
import { visible } from '../ui/visible.ts';
import { linesOf } from './lines.ts';
import { Sink } from './sink.ts';

/** Commands under way at once: what they answer takes memory of the server, and a small one has little. */
const MOST = 200;
const FEW = 16;
/** Bytes of commands, and of replies as far as they can be foreseen, that are under way at once. */
const MOST_BYTES = 1 << 20;
const MOST_ANSWERED = 1 << 18;
/** Redis 8.0 and Valkey 8.1 drop the answer to a wrong password where another answer is still to be fetched. */
const ALONE = ['AUTH', 'HELLO'];
/** Milliseconds from which on redis-cli says how long a command took. */
const SLOW = 500;

export interface PipeParts {
  served: Served;
  form: Form;
  input: Readable;
  output: Writable & { isTTY?: boolean };
}

/** A command that was sent, and how often it is still to be answered. */
interface Sent {
  args: Buffer[];
  left: number;
  since: number;
}

/**
 * Runs lines from a pipe and writes what redis-cli would write. Commands are sent ahead of the replies, but
 * for those after which no other may be sent.
 */
export class PipeSession {
  readonly #parts: PipeParts;
  readonly #sink: Sink;
  #code: ExitCode = ExitCode.passed;
  #sent: Sent[] = [];
  /** Commands sent and not yet answered. */
  #open = 0;
  /** Commands sent since there was nothing under way. */
  #underWay = 0;
  #bytesUnderWay = 0;
  #writtenBefore = 0;
  #window = FEW;
  #answeredAt = 0;
  /** A line asked to leave. */
  #quit = false;
  /** Nothing more is to be read, sent or shown. */
  #ended = false;
  #failure: Failure | undefined;
  /** The connection was closed while nothing was under way. */
  #lost: string | undefined;

  constructor(parts: PipeParts) {
    this.#parts = parts;
    this.#sink = new Sink(parts.output, (error) => this.#outputGone(error));
  }

  /** 0, or 1 where a reply was an error or a line could not be run. Rejects with Failure; NoRedis where the server is lost. */
  async run(): Promise<ExitCode> {
    this.#watch();
    try {
      for await (const line of linesOf(this.#parts.input)) {
        await this.#take(line);
        if (this.#quit || this.#ended) break;
      }
      await this.#settle();
    } catch (error) {
      // The input ends that way too when we end it.
      if (!this.#ended) throw error;
    }
    this.#ended = true;
    await this.#sink.end();
    if (this.#failure) throw this.#failure;
    return this.#code;
  }

  async #take(line: Buffer): Promise<void> {
    const words = splitArgs(line);
    if (words === null) return this.#complain('Invalid argument(s)');
    if (words.length === 0) return;
    const { count, args } = repeatOf(words);
    if (count === undefined) return this.#complain(BAD_REPEAT);
    const [first, command] = [commandName(words), commandName(args)];
    const preference = preferenceOf(words);
    if (first === 'QUIT' || first === 'EXIT' || command === 'QUIT') this.#quit = true;
    else if (preference?.complaint) await this.#complain(preference.complaint);
    else if (preference) return;
    else if (first === 'RESTART') await this.#complain("Use 'restart' only in Lua debugging mode.");
    else if (first === 'CLEAR' && words.length === 1) await this.#say('\x1b[H\x1b[2J');
    else if (first === 'CONNECT' && words.length === 3) await this.#complain(ONE_SERVER);
    else if (command === 'HELP' || command === '?') await this.#say(await this.#help(args.slice(1)));
    else await this.#send(args, count);
  }

  async #send(args: Buffer[], count: number): Promise<void> {
    if (this.#lost !== undefined) await this.#reconnect();
    const command = commandName(args);
    // A server that ends takes the replies along that it has not sent yet.
    if (command === 'SHUTDOWN') await this.#settle();
    const { learner } = this.#parts.served;
    const size = args.reduce((sum, arg) => sum + arg.length + 16, 0);
    const sent: Sent = { args, left: count, since: performance.now() };
    this.#sent.push(sent);
    for (let i = 0; i < count && !this.#ended; i++) {
      const full = this.#underWay >= this.#window || this.#bytesUnderWay + size > MOST_BYTES;
      if (full || ALONE.includes(command)) await this.#settle();
      this.#underWay++;
      this.#open++;
      this.#bytesUnderWay += size;
      learner.send(args).catch(() => {});
    }
    if (command === 'MONITOR' || command === 'SHUTDOWN') {
      await this.#settle();
      if (learner.monitoring) await learner.closed;
    }
  }

  /** Waits until nothing is under way; how much may be next time depends on how much was answered. */
  async #settle(): Promise<void> {
    if (this.#underWay > 0) {
      const { learner } = this.#parts.served;
      await learner.idle();
      // Idle without an answer: the connection is lost, and what that means is found out first.
      if (this.#open > 0) await learner.closed;
      const each = (this.#sink.total - this.#writtenBefore) / this.#underWay;
      const fits = Math.floor(MOST_ANSWERED / Math.max(1, each));
      this.#window = Math.max(1, Math.min(MOST, fits, this.#window * 4));
    }
    this.#writtenBefore = this.#sink.total;
    this.#underWay = 0;
    this.#bytesUnderWay = 0;
    await this.#sink.room();
  }

  #watch(): void {
    const { learner } = this.#parts.served;
    learner.onEach = (reply, args) => this.#show(reply, args);
    void learner.closed.then((reason) => {
      if (this.#ended) return;
      const [last] = this.#sent;
      // Whoever ends the server knows that it ends.
      if (last && commandName(last.args) === 'SHUTDOWN') this.#open = 0;
      if (learner.misread)
        this.#fail(new Failure(`Error: ${learner.misread.message}`, { exitCode: ExitCode.failed }));
      else if (this.#open > 0 || learner.inTransaction || learner.subscribed || learner.monitoring)
        this.#fail(this.#gone(reason));
      this.#lost = reason;
    });
  }

  /** As redis-cli does where a server closes a connection that was not in use. */
  async #reconnect(): Promise<void> {
    const { served } = this.#parts;
    const { db } = served.learner;
    try {
      await served.reconnect();
    } catch (cause) {
      this.#fail(this.#gone(this.#lost!, cause));
      return;
    }
    this.#lost = undefined;
    if (db !== served.learner.db) await served.learner.send([Buffer.from('SELECT'), Buffer.from(String(db))]);
    this.#watch();
  }

  #gone(reason: string, cause?: unknown): NoRedis {
    const unanswered =
      this.#open === 0 ? '' : `, ${this.#open === 1 ? '1 command' : `${this.#open} commands`} unanswered`;
    const { kind, description } = this.#parts.served;
    return new NoRedis(`The connection to ${description} is lost${unanswered}: ${reason}.`, {
      next:
        kind === 'private'
          ? 'Its data is gone. rediscover shell starts another.'
          : 'Commands without an answer may have run, or not.',
      cause,
    });
  }

  #show(reply: Reply, args: readonly Buffer[]): void {
    if (this.#ended) return;
    // As redis-cli has it: of what nobody asked for, only messages are for a pipe.
    const asked = args.length > 0 || reply.type !== 'push' || pubSubKind(reply) !== undefined;
    if (!asked && !this.#parts.output.isTTY) return;
    if (reply.type === 'error' && args.length > 0) this.#code = ExitCode.failed;
    try {
      this.#write(printAnswer(args, reply, this.#parts.form));
    } catch (error) {
      // redis-cli ends there too.
      this.#fail(error as Failure);
      return;
    }
    const [sent] = this.#sent;
    if (sent?.args !== args) return;
    this.#open--;
    if (--sent.left > 0) return;
    this.#sent.shift();
    const now = performance.now();
    const took = now - Math.max(sent.since, this.#answeredAt);
    this.#answeredAt = now;
    if (took >= SLOW && this.#parts.form === 'formatted')
      this.#write(Buffer.from(`(${(took / 1000).toFixed(2)}s)\n`));
  }

  /** What a server says does not reach a terminal raw; a pipe gets every byte. */
  #write(bytes: Buffer): void {
    if (!this.#parts.output.isTTY) this.#sink.write(bytes);
    else this.#sink.write(Buffer.from(visible(bytes.toString().replaceAll('\r\n', '\n'), 'lines')));
  }

  /** Words of the prompt itself, after all that was asked before. */
  async #say(text: string): Promise<void> {
    await this.#settle();
    this.#sink.write(Buffer.from(text));
  }

  async #complain(text: string): Promise<void> {
    this.#code = ExitCode.failed;
    await this.#say(`${text}\n`);
  }

  /** The server's documentation, over a connection of its own: this one may be in a transaction. */
  async #help(words: Buffer[]): Promise<string> {
    const { serverHelp } = await import('../redis/help.ts');
    return serverHelp(words, this.#parts.served.target);
  }

  #fail(failure: Failure): void {
    this.#failure ??= failure;
    this.#stop();
  }

  #outputGone(error: NodeJS.ErrnoException): void {
    // Whoever stops reading, as head does, has what they want.
    if (error.code === 'EPIPE') this.#stop();
    else
      this.#fail(
        new Failure(`What Redis answers can't be written: ${error.message}.`, { exitCode: ExitCode.failed }),
      );
  }

  #stop(): void {
    this.#ended = true;
    this.#parts.served.learner.close();
    this.#parts.input.destroy();
  }
}

const ONE_SERVER = "'connect' is not known here: rediscover shell --redis redis://host:port names a server.";
