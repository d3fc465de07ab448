import { type Calls, COMMAND_STATS, callsBetween } from './command-stats.ts';
import { ConnectionLost, connect, type NodeRedisClient } from './connection.ts';
import { type Asked, Conversation } from './conversation.ts';
import { ProtocolError } from './decode.ts';
import { readReplies } from './from-node-redis.ts';
import { isLogin } from './gate.ts';
import type { Reply } from './reply.ts';
import { commandName, type Session } from './session.ts';
import type { Target } from './target.ts';

interface Waiting extends Asked {
  /** Ours, not the learner's: nothing of it is shown. */
  internal: boolean;
  /** It was not sent; this gives the answer once its turn has come. */
  refuse?: () => void;
}

/** A reply, and what a command that runs others ran, where the server told. */
export interface Counted {
  reply: Reply;
  ran?: Calls | undefined;
}

/** The connection on which what the learner types is run: any command, with exact replies. */
export class LearnerClient {
  /** The server's number for this connection, for CLIENT UNBLOCK; 0 where it may not be asked, or not before a login. */
  id = 0;
  /** Gets what comes without being asked for: messages, pushes, lines of MONITOR, further confirmations. */
  onMessage: (reply: Reply) => void = () => {};
  /** Where set, gets at once what `onMessage` gets later, and first confirmations too. Must not throw. */
  onHeard: ((reply: Reply) => void) | undefined;
  /**
   * Where set, gets at once all that comes, in the order in which it comes: replies with the arguments of
   * their command, and without any what `onMessage` would get. Must not throw.
   */
  onEach: ((reply: Reply, args: readonly Buffer[]) => void) | undefined;
  /** Settles when the connection has ended, with the reason; never rejects. */
  readonly closed: Promise<string>;
  /** Where the connection ended because the server sent what is no reply: what is wrong with it. */
  misread: ProtocolError | undefined;
  readonly #client: NodeRedisClient;
  readonly #target: Target;
  readonly #name: string | undefined;
  readonly #conversation: Conversation<Waiting>;
  readonly #answer: (reply: Reply) => void;
  #latest: Promise<unknown> = Promise.resolve();
  #onIdle: (() => void)[] = [];
  #ended: string | undefined;

  private constructor(client: NodeRedisClient, closed: Promise<string>, target: Target, name?: string) {
    this.#client = client;
    this.#target = target;
    this.#name = name;
    this.#conversation = new Conversation(target.db ?? 0);
    this.#answer = readReplies(client, (reply) => this.#receive(reply));
    client.on('error', (error) => {
      if (error instanceof ProtocolError) this.misread = error;
    });
    this.closed = closed.then((reason) => {
      for (const { refuse } of this.#waiting.splice(0)) refuse?.();
      this.#ended ??= reason;
      this.#settle();
      return this.#ended;
    });
  }

  /** Rejects as `connect` does. */
  static async connect(target: Target, name?: string): Promise<LearnerClient> {
    const { client, closed } = await connect(target, name);
    const learner = new LearnerClient(client, closed, target);
    await learner.#askId();
    return learner;
  }

  /**
   * The same without a login, in database 0: whether the server answers so to anything but AUTH is its own business.
   * The connection gets its name and number as soon as it may, at the latest when somebody logs in on it.
   */
  static async enter(target: Target, name: string): Promise<LearnerClient> {
    const { username: _, password: __, db: ___, ...place } = target;
    const { client, closed } = await connect(place, undefined);
    const learner = new LearnerClient(client, closed, place, name);
    await learner.#introduce();
    return learner;
  }

  async #introduce(): Promise<void> {
    if (this.#name === undefined) return;
    await Promise.all([this.internal(['CLIENT', 'SETNAME', this.#name]), this.#askId()]);
    // That name is ours.
    this.#session.altered = false;
  }

  async #askId(): Promise<void> {
    const id = await this.internal(['CLIENT', 'ID']);
    if (id.type === 'integer') this.id = Number(id.text);
  }

  get #session(): Session {
    return this.#conversation.session;
  }

  get #waiting(): Waiting[] {
    return this.#conversation.waiting;
  }

  /** The database that commands run in. */
  get db(): number {
    return this.#session.db;
  }

  get inTransaction(): boolean {
    return this.#session.inTransaction;
  }

  /** Whether the learner has given it a name, or another way to be served. */
  get altered(): boolean {
    return this.#session.altered;
  }

  /** Whether keys may be watched. */
  get watching(): boolean {
    return this.#session.watching;
  }

  get protocol(): 2 | 3 {
    return this.#session.protocol;
  }

  /** Is there a channel, pattern or shard channel subscribed to? */
  get subscribed(): boolean {
    return this.#session.subscribed;
  }

  /** The commands that leave what is subscribed to; none where nothing is. */
  get unsubscribing(): string[] {
    return this.#session.unsubscribing;
  }

  /** Does the server send what every client runs? */
  get monitoring(): boolean {
    return this.#session.monitoring;
  }

  /**
   * The server's reply; an error reply is one too. Commands sent without waiting are answered in order.
   * To SUBSCRIBE and its kin it is the first confirmation; those of further channels go to `onMessage`.
   * Rejects with ConnectionLost.
   */
  send(args: Buffer[]): Promise<Reply> {
    return this.#deliver(args);
  }

  #deliver(args: Buffer[]): Promise<Reply> {
    const refusal = refuse(args);
    const sent = refusal ? this.#refuse(args, errorReply(refusal)) : this.#send(args, false);
    sent.catch(() => {});
    // One after the other, a refusal too, which has no server to wait for.
    const reply = this.#latest.then(() => sent);
    // RESET logs out too. A learner knows no password to log in with again, where we have logged in, so we do.
    if (commandName(args) === 'RESET') this.#logIn(undefined);
    this.#latest = reply.catch(() => {});
    return reply;
  }

  /**
   * The same for a command that runs others, as EVAL does: along with the reply, in the same round trip, what it ran by
   * the server's own count. Nothing is counted where a question of ours would be seen, or queued. `earlier`: the count
   * before EXEC, in front of which ours would be.
   */
  async sendCounted(args: Buffer[], earlier?: Reply): Promise<Counted> {
    const { inTransaction, monitoring, subscribed } = this.#session;
    if ((inTransaction && !earlier) || monitoring || subscribed) return { reply: await this.#deliver(args) };
    const count = () => this.internal(COMMAND_STATS);
    const [before, reply, after] = await Promise.all([earlier ?? count(), this.#deliver(args), count()]);
    return { reply, ran: callsBetween(before, after) };
  }

  /** Sends a command of ours among the learner's, in order: nothing of it is shown. Rejects with ConnectionLost. */
  internal(command: (string | Buffer)[]): Promise<Reply> {
    return this.#send(
      command.map((word) => Buffer.from(word)),
      true,
    );
  }

  /** Whether something that was sent has no answer yet. */
  get waiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Resolves when all that was sent is answered, every confirmation included, or the connection has ended. */
  idle(): Promise<void> {
    if (this.#waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /** Leaves every subscription, and MONITOR; the connection takes all commands again. */
  async unsubscribeAll(): Promise<void> {
    const { db, protocol, monitoring, login } = this.#session;
    const commands = this.#session.unsubscribing.map((command) => [command]);
    if (monitoring) commands.push(['RESET']);
    const replies = commands.map((command) => this.internal(command));
    if (monitoring) {
      this.#logIn(login);
      const again = [
        ...(protocol === 3 ? [['HELLO', '3']] : []),
        ...(db === 0 ? [] : [['SELECT', String(db)]]),
      ];
      for (const command of again) replies.push(this.internal(command));
    }
    await Promise.all(replies);
  }

  /** Ends the connection at once, also while a command blocks. What waits is rejected with ConnectionLost. */
  close(): void {
    this.#ended ??= 'the connection was closed here';
    this.#client.destroy();
  }

  async #send(args: readonly Buffer[], internal: boolean): Promise<Reply> {
    if (!this.#client.isReady) throw new ConnectionLost(this.#ended ?? 'the connection is closed');
    const waiting: Waiting = { args, internal };
    this.#waiting.push(waiting);
    try {
      return await this.#client.sendCommand<Reply>([...args]);
    } catch (cause) {
      throw new ConnectionLost(await this.closed, { cause });
    }
  }

  /** Answers a command that is not sent, after all that came before it. */
  #refuse(args: readonly Buffer[], reply: Reply): Promise<Reply> {
    return new Promise((resolve) => {
      const refuse = () => {
        this.onEach?.(reply, args);
        resolve(reply);
      };
      if (this.#waiting.length === 0) refuse();
      else this.#waiting.push({ args, internal: false, refuse });
    });
  }

  #settle(): void {
    while (this.#waiting[0]?.refuse) this.#waiting.shift()!.refuse!();
    if (this.#waiting.length > 0) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  #logIn(login: readonly Buffer[] | undefined): void {
    const { username, password } = this.#target;
    const own =
      password === undefined ? [] : ['AUTH', ...(username === undefined ? [] : [username]), password];
    const args = login ?? own;
    if (args.length === 0) return;
    // Where it fails the next command says so.
    this.internal([...args]).catch(() => {});
  }

  #receive(reply: Reply): void {
    const { part, to } = this.#conversation.take(reply);
    if (part !== 'answer' && !to?.internal) this.onHeard?.(reply);
    if (part === 'unasked') {
      this.#tell(reply);
      return;
    }
    if (!to.internal && this.onEach) this.onEach(reply, to.args);
    else if (!to.internal && part === 'further') this.#tell(reply);
    if (part !== 'further') this.#answer(reply);
    const { login, inTransaction } = this.#session;
    if (part === 'answer' && this.id === 0 && login && !inTransaction && isLogin(to.args))
      this.#introduce().catch(() => {});
    this.#settle();
  }

  /** Later than the reply that came before it, which its sender gets in a microtask. */
  #tell(reply: Reply): void {
    if (this.onEach) this.onEach(reply, []);
    else setImmediate(() => this.onMessage(reply));
  }
}

/** Why a command is not sent at all: it would leave this connection without replies, or without RESP. */
function refuse(args: readonly Buffer[]): string | undefined {
  const [command = '', second = '', third = ''] = args.map((arg) => arg.toString('latin1').toUpperCase());
  if (args.length === 0) return 'ERR there is no command to run';
  if (['SYNC', 'PSYNC', 'REPLCONF'].includes(command))
    return `ERR ${command} makes a replica of its connection: it cannot be run here`;
  if (command === 'CLIENT' && second === 'REPLY' && (third === 'OFF' || third === 'SKIP'))
    return `ERR CLIENT REPLY ${third} leaves commands without a reply: it cannot be run here`;
  if (command === 'SCRIPT' && second === 'DEBUG' && (third === 'YES' || third === 'SYNC'))
    return `ERR SCRIPT DEBUG ${third} needs the debugger of redis-cli: it cannot be run here`;
  return undefined;
}

function errorReply(message: string): Reply {
  return { type: 'error', bytes: Buffer.from(message) };
}
