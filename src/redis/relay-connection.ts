import { once } from 'node:events';
import type { Socket } from 'node:net';
import { callsBetween } from './command-stats.ts';
import { type Asked, Conversation } from './conversation.ts';
import { ReplyDecoder } from './decode.ts';
import type { Passage, RelayedCommand, RelayRules } from './relay.ts';
import type { Reply } from './reply.ts';
import { RequestDecoder } from './request.ts';
import { nameOf, pubSubKind } from './session.ts';

interface Sent extends Asked {
  sent: number;
}

/** A command that waits for those before it. */
interface Waiting {
  args: Buffer[];
  /** Its bytes, without those that were passed on before it was whole. */
  raw: Buffer;
}

/** One client of a relay, and its connection to the server. It reads along until something is said that is no RESP. */
export class RelayConnection {
  readonly #name: string;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #rules: RelayRules;
  readonly #conversation = new Conversation<Sent>(0);
  readonly #requests = new RequestDecoder((args, raw) => this.#take(args, raw));
  readonly #replies = new ReplyDecoder((reply) => this.#answered(reply));
  readonly #queue: Waiting[] = [];
  /** Bytes of the command that is not whole yet, passed on already. */
  #ahead = 0;
  #working = false;
  /** CLIENT REPLY: whether commands are answered, and how many more are not. */
  #muted = false;
  #skipped = 0;
  #lost = false;
  #onAnswer: (() => void) | undefined;
  /** What the server sends is kept back, or thrown away. */
  #replyIs: 'passed on' | 'kept' | 'lost' = 'passed on';
  #kept: Buffer[] = [];
  /** A script waits in a transaction. */
  #scriptQueued = false;
  /** Commands that are told later than they are answered. */
  #untold: RelayedCommand[] | undefined;

  constructor(name: string, client: Socket, server: Socket, rules: RelayRules) {
    this.#name = name;
    this.#client = client;
    this.#server = server;
    this.#rules = rules;
    client.on('data', (chunk) => this.#fromClient(chunk));
    server.on('data', (chunk) => this.#fromServer(chunk));
    client.on('end', () => void this.#end());
    server.on('end', () => client.end());
    client.on('close', () => {
      server.end();
      this.#onAnswer?.();
    });
    server.on('close', () => {
      client.destroy();
      this.#onAnswer?.();
    });
  }

  #fromClient(chunk: Buffer): void {
    const held = this.#working || this.#rules.gate !== undefined || this.#rules.count !== undefined;
    if (this.#lost || !held) this.#forward(chunk);
    if (this.#lost) return;
    try {
      this.#requests.write(chunk);
      if (!held) this.#ahead = this.#requests.pending;
    } catch {
      // A replica's stream, or bytes that the server refuses too: passed on, and not understood.
      this.#lost = true;
      if (held) this.#forward(chunk);
    }
  }

  /** A command is whole. Where nothing is held its bytes have gone already. */
  #take(args: Buffer[], raw: Buffer): void {
    const { gate, count } = this.#rules;
    if (!this.#working && gate === undefined && count === undefined) {
      this.#asked(args);
      return;
    }
    this.#queue.push({ args, raw: Buffer.from(raw.subarray(this.#ahead)) });
    this.#ahead = 0;
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      if (this.#server.destroyed || this.#client.destroyed) break;
      const { args, raw } = next;
      const name = nameOf(args);
      const script = /^(eval|fcall)/.test(name);
      const { inTransaction, db } = this.#conversation.session;
      const { gate, count } = this.#rules;
      const gated = gate !== undefined && args.length > 0 && !isSetUp(args);
      const counted = count !== undefined && (inTransaction ? name === 'exec' && this.#scriptQueued : script);
      if (gated || counted) await this.#allAnswered();
      const passage: Passage = gated
        ? await gate({
            args,
            client: this.#name,
            db,
            inTransaction: this.#conversation.session.inTransaction,
          })
        : 'forward';
      if (inTransaction && script) this.#scriptQueued = true;
      else if (name === 'exec') this.#scriptQueued = false;
      if (passage === 'drop') continue;
      if (typeof passage === 'object') this.#client.write(passage.answer);
      else await this.#send(args, raw, passage === 'lose reply', counted ? count : undefined);
    }
    this.#working = false;
  }

  async #send(
    args: Buffer[],
    raw: Buffer,
    loses: boolean,
    count: RelayRules['count'] | undefined,
  ): Promise<void> {
    const before = await count?.();
    if (count) this.#untold = [];
    if (loses) this.#replyIs = 'lost';
    else if (count) this.#replyIs = 'kept';
    this.#asked(args);
    this.#server.write(raw);
    if (!loses && !count) return;
    await this.#allAnswered();
    if (count) {
      const ran = callsBetween(before!, await count());
      const [last, ...others] = (this.#untold ?? []).reverse();
      this.#untold = undefined;
      for (const command of others.reverse()) this.#rules.onCommand(command);
      if (last) this.#rules.onCommand({ ...last, ran });
    }
    this.#replyIs = 'passed on';
    for (const chunk of this.#kept.splice(0)) this.#client.write(chunk);
  }

  #asked(args: Buffer[]): void {
    if (args.length === 0) return;
    const words = args.slice(0, 3).map((arg) => arg.toString('latin1').toUpperCase());
    const reply = words[0] === 'CLIENT' && words[1] === 'REPLY' ? words[2] : undefined;
    if (reply === 'ON') this.#muted = false;
    else if (reply === 'OFF') this.#muted = true;
    else if (reply === 'SKIP') this.#skipped = 2;
    const silent = this.#muted || this.#skipped > 0;
    this.#skipped = Math.max(0, this.#skipped - 1);
    if (!silent) this.#conversation.waiting.push({ args, sent: performance.now() });
  }

  #fromServer(chunk: Buffer): void {
    const kept = this.#replyIs;
    if (!this.#lost) {
      try {
        this.#replies.write(chunk);
      } catch {
        this.#lost = true;
      }
    }
    if (kept === 'kept') this.#kept.push(chunk);
    else if (kept === 'passed on' && !this.#client.write(chunk)) {
      this.#server.pause();
      this.#client.once('drain', () => this.#server.resume());
    }
    if (this.#conversation.waiting.length === 0 || this.#lost) this.#onAnswer?.();
  }

  #answered(reply: Reply): void {
    const { db } = this.#conversation.session;
    const { part, to } = this.#conversation.take(reply);
    if (part === 'unasked') this.#pushed(reply);
    if (part !== 'answer' && part !== 'first') return;
    // Logging in is no part of an answer, and its words are secret.
    if (isSetUp(to.args)) return;
    const command = { args: to.args, reply, client: this.#name, db, sent: to.sent };
    if (this.#untold) this.#untold.push(command);
    else this.#rules.onCommand(command);
  }

  #pushed(reply: Reply): void {
    const kind = pubSubKind(reply);
    if (!kind?.endsWith('message') || (reply.type !== 'array' && reply.type !== 'push')) return;
    const words = reply.items.map((item) => (item.type === 'bulk' ? item.bytes : Buffer.alloc(0)));
    const [payload, channel, pattern] = words.reverse();
    this.#rules.onMessage({
      client: this.#name,
      channel: channel!,
      payload: payload!,
      ...(kind === 'pmessage' && { pattern: pattern! }),
    });
  }

  async #allAnswered(): Promise<void> {
    while (this.#conversation.waiting.length > 0 && !this.#lost && !this.#server.destroyed)
      await new Promise<void>((resolve) => {
        this.#onAnswer = resolve;
      });
    this.#onAnswer = undefined;
  }

  #forward(chunk: Buffer): void {
    if (this.#server.write(chunk)) return;
    this.#client.pause();
    this.#server.once('drain', () => this.#client.resume());
  }

  /** The client has said all; what is held of it is still to go. */
  async #end(): Promise<void> {
    while (this.#working && !this.#client.destroyed) await once(this.#client, 'close').catch(() => {});
    this.#server.end();
  }
}

/** What client libraries send before anything is asked of them. */
function isSetUp(args: readonly Buffer[]): boolean {
  const name = nameOf(args);
  return name === 'auth' || name === 'hello' || (name === 'client' && /^setinfo$/i.test(String(args[1])));
}
