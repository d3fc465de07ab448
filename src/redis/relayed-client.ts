import type { Duplex } from 'node:stream';
import { ProtocolError } from './decode.ts';
import { type Gate, isLogin, isSetUp, type Passage } from './gate.ts';
import { type Request, RequestDecoder } from './request.ts';
import { type Listener, Tap } from './tap.ts';

/** Bytes of one client that are held at most; the others wait in its socket. */
const MOST_HELD = 2 ** 24;

/** What passed on the side of a relay's clients, of all that are there together. */
export interface Traffic {
  /** Bytes that came from them, and in how many pieces. */
  received: number;
  bursts: number;
  /** Bytes that went to them. */
  delivered: number;
  /** How many they are. */
  clients: number;
}

/** What a relay's owner has set, and may set anew at any time. */
export interface RelayHooks extends Listener {
  gate: Gate | undefined;
  /** Whether the gate is asked about such a command; others pass. */
  holds?: ((args: readonly Buffer[]) => boolean) | undefined;
  /** Gets the error of a gate that failed. */
  onGateError(error: unknown): void;
  readonly traffic: Traffic;
  /** Hears of each piece as it comes, by its number. */
  onBurst?: ((burst: number) => void) | undefined;
}

/** One client of a relay, and its way to the server and back. */
export class RelayedClient {
  readonly #name: string;
  readonly #client: Duplex;
  readonly #server: Duplex;
  readonly #hooks: RelayHooks;
  readonly #tap: Tap;
  readonly #requests = new RequestDecoder();
  /** How many bytes of the request that is not whole yet were passed on already. */
  #ahead = 0;
  /** What came while the client was held up, and how many bytes that is. */
  readonly #held: { chunk: Buffer; burst: number }[] = [];
  #heldBytes = 0;
  #holding = false;
  #settingUp = true;
  #number = 0;
  /** Nothing more passes, in either direction: something was lost on the way. */
  #cut = false;
  #ended = false;
  #left = false;
  #received = 0;
  #delivered = 0;
  readonly #gone = new AbortController();
  #wake = () => {};

  constructor(name: string, client: Duplex, server: Duplex, hooks: RelayHooks) {
    this.#name = name;
    this.#client = client;
    this.#server = server;
    this.#hooks = hooks;
    this.#tap = new Tap(name, hooks);
    client.on('data', (chunk: Buffer) => {
      this.#received += chunk.length;
      if (!this.#left) hooks.traffic.received += chunk.length;
      hooks.traffic.bursts++;
      hooks.onBurst?.(hooks.traffic.bursts);
      this.#request(chunk);
    });
    hooks.traffic.clients++;
    client.on('drain', () => server.resume());
    client.on('end', () => this.#end());
    server.on('data', (chunk: Buffer) => this.#reply(chunk));
    server.on('drain', () => client.resume());
    server.on('end', () => client.end());
    for (const side of [client, server]) side.on('close', () => this.#close());
    // What the server still says nobody reads, and its own end must not wait for that.
    client.on('close', () => server.resume());
  }

  #request(chunk: Buffer): void {
    if (this.#cut) return;
    if (!this.#holding && this.#hooks.gate === undefined) {
      this.#passOn(chunk);
      return;
    }
    this.#held.push({ chunk, burst: this.#hooks.traffic.bursts });
    this.#heldBytes += chunk.length;
    if (this.#heldBytes > MOST_HELD) this.#client.pause();
    if (!this.#holding) void this.#letGo();
  }

  #reply(chunk: Buffer): void {
    this.#tap.replies(chunk);
    if (!this.#over && !this.#deliver(chunk)) this.#server.pause();
    if (this.#tap.settled || this.#tap.lost) this.#wake();
  }

  /** It counts no more: nobody knows what it reads from here on. */
  #leave(): void {
    if (this.#left) return;
    this.#left = true;
    const { traffic } = this.#hooks;
    traffic.received -= this.#received;
    traffic.delivered -= this.#delivered;
    traffic.clients--;
  }

  #deliver(bytes: Buffer): boolean {
    this.#delivered += bytes.length;
    if (!this.#left) this.#hooks.traffic.delivered += bytes.length;
    return this.#client.write(bytes);
  }

  #end(): void {
    this.#leave();
    this.#ended = true;
    this.#wake();
    if (!this.#holding || this.#cut) this.#server.end();
  }

  #close(): void {
    this.#leave();
    this.#gone.abort();
    this.#wake();
  }

  /** Does it wait for the server to answer what was passed on? */
  get waits(): boolean {
    return !this.#over && !this.#tap.settled && !this.#tap.lost;
  }

  /** Is there nothing more to do for this client? */
  get #over(): boolean {
    return this.#cut || this.#gone.signal.aborted;
  }

  #send(bytes: Buffer): void {
    if (this.#over) return;
    if (!this.#server.write(bytes)) this.#client.pause();
  }

  /** Passes on what comes at once and as it is, also the beginning of a request. */
  #passOn(chunk: Buffer): void {
    this.#passOnRest();
    this.#send(chunk);
    try {
      if (!this.#tap.lost)
        for (const { args } of this.#requests.read(chunk)) {
          this.#count(args);
          if (args.length > 0) this.#tap.sent(args);
        }
    } catch (error) {
      this.#lose(error);
    }
    this.#ahead = this.#requests.pending;
  }

  #passOnRest(): void {
    if (this.#requests.pending > this.#ahead) this.#send(this.#requests.rest.subarray(this.#ahead));
    this.#ahead = this.#requests.pending;
  }

  /** Passes on what is held, one request after the other. */
  async #letGo(): Promise<void> {
    this.#holding = true;
    for (let held = this.#held.shift(); held; held = this.#held.shift()) {
      await this.#letGoOf(held.chunk, held.burst);
      this.#heldBytes -= held.chunk.length;
      if (this.#heldBytes === 0) this.#client.resume();
    }
    this.#holding = false;
    if (this.#ended) this.#server.end();
  }

  async #letGoOf(chunk: Buffer, burst: number): Promise<void> {
    try {
      if (this.#tap.lost) this.#passOn(chunk);
      else for (const request of this.#requests.read(chunk)) await this.#pass(request, burst);
    } catch (error) {
      if (this.#hooks.gate !== undefined) await this.#settle();
      this.#lose(error);
      this.#passOnRest();
    }
  }

  async #pass({ args, raw }: Request, burst: number): Promise<void> {
    const passedAlready = this.#ahead;
    this.#ahead = 0;
    const number = this.#count(args);
    const held = this.#hooks.gate !== undefined && this.#hooks.holds?.(args) !== false;
    if (held) await this.#settle();
    const free = number === undefined || passedAlready > 0 || !held;
    const passage = free ? 'forward' : await this.#ask(args, number, burst);
    if (this.#over) return;
    if (typeof passage === 'object') {
      // A push may have come in the meantime, and be half there.
      await this.#settle();
      if (!this.#tap.silent && !this.#over) this.#deliver(passage.answer);
      return;
    }
    if (passage !== 'drop') {
      this.#send(passedAlready > 0 ? raw.subarray(passedAlready) : raw);
      if (args.length > 0) this.#tap.sent(args);
    }
    this.#cut = passage !== 'forward';
  }

  async #ask(args: readonly Buffer[], number: number, burst: number): Promise<Passage> {
    const { gate } = this.#hooks;
    if (gate === undefined || this.#tap.lost || this.#over) return 'forward';
    const { db, inTransaction, user } = this.#tap.session;
    const { signal } = this.#gone;
    try {
      return await gate({ client: this.#name, number, args, db, inTransaction, user, burst, signal });
    } catch (error) {
      this.#client.destroy();
      this.#hooks.onGateError(error);
      return 'drop';
    }
  }

  /** Resolves when all that was passed on is answered, or nothing will be any more. */
  async #settle(): Promise<void> {
    while (!this.#tap.settled && !this.#tap.lost && !this.#ended && !this.#over)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
  }

  /** The command's number; undefined where it is none that a gate is asked about. */
  #count(args: readonly Buffer[]): number | undefined {
    this.#settingUp &&= args.length === 0 || isSetUp(args);
    const free = args.length === 0 || this.#settingUp || isLogin(args);
    return free ? undefined : this.#number++;
  }

  #lose(error: unknown): void {
    if (!(error instanceof ProtocolError)) throw error;
    this.#tap.lost = true;
  }
}
