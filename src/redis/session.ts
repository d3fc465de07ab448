import type { Reply } from './reply.ts';

const SUBSCRIPTIONS = ['subscribe', 'psubscribe', 'ssubscribe'];
const CONFIRMATIONS = [...SUBSCRIPTIONS, 'unsubscribe', 'punsubscribe', 'sunsubscribe'];
/** Of CLIENT, what stays with the connection. */
const ALTERS = /^(SETNAME|SETINFO|TRACKING|NO-EVICT|NO-TOUCH|CACHING|CAPA)$/;
const MESSAGES = ['message', 'pmessage', 'smessage'];

/** What the commands run on one connection have made of it, as their replies tell. */
export class Session {
  db: number;
  inTransaction = false;
  protocol: 2 | 3 = 2;
  monitoring = false;
  /** Whether CLIENT has given it a name, or another way to be served. */
  altered = false;
  /** Whether keys may be watched: by WATCH, until what ends that. */
  watching = false;
  /** The AUTH that says as whom the connection logged in last, by commands of its own. Holds a password. */
  login: readonly Buffer[] | undefined;
  #queued: Buffer[][] = [];
  readonly #channels: Record<string, Set<string>> = {
    subscribe: new Set(),
    psubscribe: new Set(),
    ssubscribe: new Set(),
  };

  constructor(db: number) {
    this.db = db;
  }

  /** As whom it is logged in, as far as it said so; `default` where it named nobody. */
  get user(): string {
    return this.login?.length === 3 ? this.login[1]!.toString() : 'default';
  }

  /** The commands that leave what is subscribed to; none where nothing is. */
  get unsubscribing(): string[] {
    const kinds = Object.entries(this.#channels).filter(([, names]) => names.size > 0);
    return kinds.map(([kind]) => kind.replace('sub', 'unsub'));
  }

  get subscribed(): boolean {
    return this.unsubscribing.length > 0;
  }

  /** How many confirmations answer a command of publish and subscribe that was accepted; at least 1. */
  confirmations(args: readonly Buffer[]): number {
    if (args.length > 1) return args.length - 1;
    return Math.max(1, this.#names(confirmationOf(args))?.size ?? 0);
  }

  /** Takes in one confirmation: what is subscribed to has changed. */
  confirmed(reply: Reply): void {
    const kind = pubSubKind(reply);
    const channel = itemsOf(reply)?.[1];
    if (kind === undefined || channel?.type !== 'bulk') return;
    const name = channel.bytes.toString('latin1');
    if (kind.includes('unsub')) this.#names(kind)?.delete(name);
    else this.#names(kind)?.add(name);
  }

  /** Takes in the reply to one command. */
  note(args: readonly Buffer[], reply: Reply): void {
    const command = commandName(args);
    const status = reply.type === 'status' ? reply.bytes.toString('latin1') : undefined;
    if (command === 'CLIENT' && ALTERS.test(commandName(args.slice(1))) && reply.type !== 'error')
      this.altered = true;
    if (command === 'WATCH') this.watching = true;
    else if (command === 'EXEC' && reply.type !== 'error') this.watching = false;
    else if ((command === 'UNWATCH' || command === 'DISCARD') && status === 'OK') this.watching = false;
    if (command === 'EXEC') this.#executed(reply);
    else if (this.inTransaction && status === 'QUEUED') this.#queued.push([...args]);
    else if (command === 'MULTI' && status === 'OK') this.inTransaction = true;
    else if (command === 'DISCARD' && status === 'OK') this.#endTransaction();
    else if (command === 'SELECT' && status === 'OK') this.db = Number(args[1]);
    else if (command === 'MONITOR' && status === 'OK') this.monitoring = true;
    else if (command === 'RESET' && status === 'RESET') this.#reset();
    else if (command === 'AUTH' && status === 'OK') this.login = args;
    else if (command === 'HELLO' && reply.type !== 'error' && args.length > 1) this.#greeted(args);
    else if (CONFIRMATIONS.includes(confirmationOf(args))) this.confirmed(reply);
  }

  #greeted(args: readonly Buffer[]): void {
    this.protocol = Number(args[1]) === 3 ? 3 : 2;
    // Options are AUTH with two words and SETNAME with one, which may be any.
    for (let at = 2; at < args.length; at += 2)
      if (commandName(args.slice(at)) === 'AUTH') {
        this.login = args.slice(at, at + 3);
        at++;
      }
  }

  #executed(reply: Reply): void {
    const queued = this.#queued;
    // Whatever EXEC answers, an error or nil too: the transaction is over.
    this.#endTransaction();
    itemsOf(reply)?.forEach((item, i) => {
      if (queued[i]) this.note(queued[i], item);
    });
  }

  #endTransaction(): void {
    this.inTransaction = false;
    this.#queued = [];
  }

  #reset(): void {
    this.#endTransaction();
    this.db = 0;
    this.protocol = 2;
    this.monitoring = false;
    this.watching = false;
    this.login = undefined;
    for (const names of Object.values(this.#channels)) names.clear();
  }

  #names(kind: string): Set<string> | undefined {
    return this.#channels[kind.replace('unsub', 'sub')];
  }
}

/** The name of the command, in capitals; empty where there is none. */
export function commandName(args: readonly (Buffer | string)[]): string {
  return args[0]?.toString().toUpperCase() ?? '';
}

/** The kind of confirmation that answers the command, if it is one of those that are answered so. */
export function confirmationOf(args: readonly Buffer[]): string {
  return commandName(args).toLowerCase();
}

/** `subscribe` and the like for a confirmation, `message` and the like for a message, else undefined. */
export function pubSubKind(reply: Reply): string | undefined {
  const [first] = itemsOf(reply) ?? [];
  if (first?.type !== 'bulk') return undefined;
  const kind = first.bytes.toString('latin1');
  return CONFIRMATIONS.includes(kind) || isMessage(kind) ? kind : undefined;
}

/** Whether a kind is that of what was published. */
export function isMessage(kind: string): boolean {
  return MESSAGES.includes(kind);
}

/** Whether a kind is that of the confirmation of SUBSCRIBE or its kin. */
export function isSubscription(kind: string): boolean {
  return SUBSCRIPTIONS.includes(kind);
}

/** Is this a line that MONITOR sends, and no reply? */
export function isMonitorLine(reply: Reply): boolean {
  return reply.type === 'status' && /^\d+\.\d+ \[/.test(reply.bytes.toString('latin1', 0, 40));
}

function itemsOf(reply: Reply): Reply[] | undefined {
  return reply.type === 'array' || reply.type === 'push' ? reply.items : undefined;
}
