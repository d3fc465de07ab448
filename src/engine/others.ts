import { setImmediate } from 'node:timers/promises';
import type { SeenCommand, SeenMessage } from '../checks/evidence/evidence.ts';
import { showCommand } from '../checks/words/show.ts';
import type { Line, Other } from '../course/course.ts';
import { filledKeys, mayBlock } from '../redis/command-facts.ts';
import type { HeldCommand } from '../redis/gate.ts';
import type { LearnerClient } from '../redis/learner-client.ts';
import { messageOf } from '../redis/message.ts';
import type { Reply } from '../redis/reply.ts';
import { confirmationOf, isSubscription } from '../redis/session.ts';
import { splitArgs } from '../redis/split.ts';
import { timeoutOf } from '../redis/timeout.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { isBlocked, seenBlocked } from './blocked.ts';
import { CourseFault } from './course-fault.ts';
import { commandOf } from './given.ts';
import { inTime, Stuck } from './unfinished.ts';

/** Gets what others do and hear, as it is answered or comes; times are those of `performance.now()`. */
export interface Heard {
  onCommand(command: SeenCommand): void;
  onMessage(message: SeenMessage): void;
}

/** Milliseconds that the server may take to let one of them go. */
const PARTING = 1000;

/**
 * The other clients that an exercise has at work. Those that are subscribed or wait do so before the learner begins;
 * those that act do so each time the learner's command waits, or has subscribed, before anything else of theirs runs.
 */
export class Others {
  readonly #others: readonly Other[];
  readonly #sandbox: Sandbox;
  readonly #heard: Heard;
  readonly #patience: number;
  readonly #clients: LearnerClient[] = [];
  /** What acts now, to wait for. */
  #acting: Promise<unknown> = Promise.resolve();
  /** Of the relay's clients: the confirmations that a subscribing command still lacks. */
  readonly #confirming = new Map<string, number>();
  /** Of the relay's clients: ends the look for a command that waits, as it is answered. */
  readonly #waiting = new Map<string, () => void>();
  #fault: unknown;
  #closed = false;

  private constructor(others: readonly Other[], sandbox: Sandbox, heard: Heard, patience: number) {
    this.#others = others;
    this.#patience = patience;
    this.#sandbox = sandbox;
    this.#heard = heard;
  }

  /**
   * Once all that are to be there are. `patience`: longest that a command may wait once nobody acts any more, in ms; for
   * ever, where somebody else may come. Throws CourseFault, ConnectionLost.
   */
  static async begin(
    others: readonly Other[],
    sandbox: Sandbox,
    heard: Heard,
    patience = Number.POSITIVE_INFINITY,
  ): Promise<Others> {
    const begun = new Others(others, sandbox, heard, patience);
    try {
      for (const other of others) {
        if (other.kind === 'subscriber') await begun.#subscribe(other.channels, other.patterns);
        else if (other.kind === 'waiting') await begun.#wait(other.line);
      }
    } catch (error) {
      await begun.close();
      throw error;
    }
    return begun;
  }

  /** Whether there is anybody. */
  get any(): boolean {
    return this.#others.length > 0;
  }

  /**
   * The reply to a command of the learner's that was sent on `client`, once others have done what they do about it;
   * where it subscribes to something they do that afterwards, and `acted` tells when it is done.
   * Rejects as `sent` does, and with Stuck where the command waits for what nobody will bring.
   */
  async watch<T extends { reply: Reply }>(
    args: readonly Buffer[],
    client: LearnerClient,
    sent: Promise<T>,
  ): Promise<T> {
    const waits = mayBlock(args) && !client.inTransaction;
    const hopes = !waits || timeoutOf(args) <= this.#patience || !Number.isFinite(this.#patience);
    if (!this.any && hopes) return sent;
    let answered = false;
    const done = sent.finally(() => {
      answered = true;
    });
    done.catch(() => {});
    if (waits) this.#onceBlocked(() => answered, client.id);
    const got = await (hopes ? done : this.#unlessStuck(args, client, done, () => answered));
    if (isSubscription(confirmationOf(args)) && got.reply.type !== 'error') {
      // The first confirmation is the reply.
      await client.idle();
      // The reply is told first, and what comes then.
      this.#follow(setImmediate().then(() => this.#run('subscribed')));
      return got;
    }
    await this.#acting;
    return got;
  }

  /** Once nobody acts any more. */
  async acted(): Promise<void> {
    await this.#acting;
  }

  /** To be called at a relay's gate, before a client's command passes; it waits for what others do. */
  async before({ args, client, inTransaction }: HeldCommand): Promise<void> {
    if (!this.any) return;
    await this.#acting;
    if (isSubscription(confirmationOf(args)) && args.length > 1)
      this.#confirming.set(client, args.length - 1);
    if (!mayBlock(args) || inTransaction) return;
    let answered = false;
    this.#waiting.set(client, () => {
      answered = true;
    });
    this.#onceBlocked(() => answered, undefined);
  }

  /** To be told of each command of a relay's clients as it is answered. */
  answered({ client }: Pick<SeenCommand, 'client'>): void {
    this.#waiting.get(client)?.();
    this.#waiting.delete(client);
  }

  /** To be told of each message that comes to a relay's client. */
  came({ client, kind }: Pick<SeenMessage, 'client' | 'kind'>): void {
    const left = this.#confirming.get(client);
    if (left === undefined || !isSubscription(kind)) return;
    if (left > 1) this.#confirming.set(client, left - 1);
    else {
      this.#confirming.delete(client);
      this.#act('subscribed');
    }
  }

  /**
   * Resolves when nobody acts any more, and all that was published until now has come to those that are subscribed:
   * a nonce that is asked for behind it came back on their connections. Rejects with CourseFault or ConnectionLost where
   * they could not do what they were to.
   */
  async quiet(): Promise<void> {
    await this.#acting;
    if (this.#fault) throw this.#fault;
    await Promise.all(this.#clients.map(delivered));
  }

  /**
   * Ends them all; they are gone once it resolves, for whatever comes behind on the engine's connection. A server that
   * answers nobody is not waited for.
   */
  async close(): Promise<void> {
    this.#closed = true;
    const { engine } = this.#sandbox;
    await Promise.allSettled(
      this.#clients.splice(0).map(async (client) => {
        try {
          if (client.subscribed) await inTime(PARTING, client.unsubscribeAll());
          else if (client.waiting)
            await inTime(PARTING, engine.send(['CLIENT', 'UNBLOCK', String(client.id), 'ERROR']));
        } finally {
          client.close();
        }
      }),
    );
  }

  async #connect(): Promise<LearnerClient> {
    const { LearnerClient } = await import('../redis/learner-client.ts');
    const client = await LearnerClient.connect(this.#sandbox.learnerTarget);
    this.#clients.push(client);
    return client;
  }

  async #subscribe(channels: string[], patterns: string[]): Promise<void> {
    const client = await this.#connect();
    client.onHeard = (reply) => {
      const message = messageOf(reply);
      if (message && !this.#closed)
        this.#heard.onMessage({ ...message, client: `other:${client.id}`, other: true });
    };
    const commands = [
      ...(channels.length > 0 ? [['SUBSCRIBE', ...channels]] : []),
      ...(patterns.length > 0 ? [['PSUBSCRIBE', ...patterns]] : []),
    ];
    for (const command of commands) {
      const reply = await client.send(command.map((word) => Buffer.from(word)));
      if (reply.type === 'error') throw new Error(`${command.join(' ')} fails: ${reply.bytes}`);
    }
    await client.idle();
  }

  async #wait({ text, at }: Line): Promise<void> {
    const fault = (what: string) =>
      new CourseFault(`the command of another client ${JSON.stringify(text)} ${what}`, at);
    const args = splitArgs(text);
    if (!args?.length || !mayBlock(args)) throw fault('does not wait');
    const client = await this.#connect();
    await this.#sandbox.adopt(filledKeys(args));
    const time = performance.now();
    let answered: Reply | undefined;
    void client.send(args).then(
      (reply) => {
        answered = reply;
        if (!this.#closed)
          this.#heard.onCommand({
            args,
            client: `other:${client.id}`,
            db: this.#sandbox.db,
            reply,
            time,
            other: true,
          });
      },
      () => {},
    );
    if (!(await seenBlocked(this.#sandbox, client, () => answered !== undefined)))
      throw fault(
        answered?.type === 'error' ? `fails: ${answered.bytes}` : 'is answered at once, and was to wait',
      );
  }

  #onceBlocked(isAnswered: () => boolean, id: number | undefined): void {
    if (!this.#others.some((other) => other.kind === 'reacting' && other.when === 'blocked')) return;
    // Not waited for by what waits: it is what ends it.
    const whose = id === undefined ? { except: this.#clients.map((client) => client.id) } : { id };
    const blocked = seenBlocked(this.#sandbox, whose, () => this.#closed || isAnswered());
    this.#follow(blocked.then((waits) => (waits ? this.#run('blocked') : undefined)));
  }

  /** What `done` comes to; rejects with Stuck where the command waits when all have acted. */
  async #unlessStuck<T>(
    args: readonly Buffer[],
    client: LearnerClient,
    done: Promise<T>,
    isAnswered: () => boolean,
  ): Promise<T> {
    const stuck = await Promise.race([this.#waitsForEver(client, isAnswered), done.then(() => false)]);
    if (!stuck) return done;
    // Who is let go gets an error, maybe before this is answered: it is no reply to the command.
    await this.#sandbox.engine.send(['CLIENT', 'UNBLOCK', String(client.id), 'ERROR']);
    await client.idle();
    throw new Stuck(`waits for ever: ${showCommand(args)} is served by nobody`);
  }

  /** Whether the command waits once all have acted; false where its client cannot be told from others. */
  async #waitsForEver(client: LearnerClient, isAnswered: () => boolean): Promise<boolean> {
    if (client.id === 0 || !(await seenBlocked(this.#sandbox, client, isAnswered))) return false;
    await this.#acting;
    return !isAnswered() && (await isBlocked(this.#sandbox, client));
  }

  #act(when: 'blocked' | 'subscribed'): void {
    this.#follow(this.#run(when));
  }

  /** What goes wrong there is no doing of the learner's, and told by `quiet`. */
  #follow(acting: Promise<unknown>): void {
    const safe = acting.catch((error) => {
      this.#fault ??= error;
    });
    this.#acting = Promise.all([this.#acting, safe]);
  }

  async #run(when: 'blocked' | 'subscribed'): Promise<void> {
    const { engine, db } = this.#sandbox;
    const lines = this.#others.flatMap((other) =>
      other.kind === 'reacting' && other.when === when ? other.run : [],
    );
    await Promise.all(
      lines.map(async (line) => {
        const args = commandOf(line, 'others');
        const time = performance.now();
        const reply = await engine.send(args);
        if (reply.type === 'error')
          throw new CourseFault(
            `the command of another client ${JSON.stringify(line.text)} fails: ${reply.bytes}`,
            line.at,
          );
        this.#heard.onCommand({ args, client: 'other', db, reply, time, other: true });
      }),
    );
    await Promise.all(this.#clients.map(delivered));
  }
}

/** Once all that the server sent to a subscriber until now is here: what it sends later comes behind the nonce. */
export async function delivered(client: LearnerClient): Promise<void> {
  if (!client.subscribed || client.inTransaction) return;
  const nonce = `rediscover:${Math.random().toString(36).slice(2)}`;
  await client.internal(['PING', nonce]).catch(() => {});
}
