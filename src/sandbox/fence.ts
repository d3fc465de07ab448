import type { EngineClient } from '../redis/engine-client.ts';
import type { LearnerClient } from '../redis/learner-client.ts';
import type { Reply } from '../redis/reply.ts';
import { MARK, type Ours } from './ours.ts';

type Words = (string | Buffer)[];

/** Never run on a server that the user named: they reach beyond our database, or act on the server itself. */
const BEYOND = new Set(
  `FLUSHALL FLUSHDB SWAPDB MOVE RESET SHUTDOWN REPLICAOF SLAVEOF MIGRATE MODULE FAILOVER SYNC PSYNC REPLCONF
  SAVE BGSAVE BGREWRITEAOF DEBUG CLUSTER MONITOR`.split(/\s+/),
);

/** Of these, only what looks. */
const LOOKING: Record<string, RegExp> = {
  CONFIG: /^(GET|HELP)$/,
  ACL: /^(WHOAMI|CAT|GENPASS|HELP)$/,
  CLIENT: /^(?!KILL$|PAUSE$|UNPAUSE$|UNBLOCK$)/,
  SCRIPT: /^(LOAD|EXISTS|HELP)$/,
  FUNCTION: /^(LIST|DUMP|STATS|HELP)$/,
  LATENCY: /^(?!RESET$)/,
  SLOWLOG: /^(?!RESET$)/,
  MEMORY: /^(?!PURGE$)/,
};

/** They write without being flagged so: what a script does is known only to itself. */
const SCRIPTS = new Set(['EVAL', 'EVALSHA', 'FCALL']);

/**
 * Keeps both connections to a named server within what is ours: before a command is sent, the keys that
 * it would write are claimed, and it is refused where one is another program's or where it would reach
 * beyond our database. A refusal is an error reply, as the server's own would be.
 */
export class Fence {
  readonly #ours: Ours;
  readonly #ask: EngineClient['send'];
  readonly #db: number;
  readonly #writes = new Map<string, Promise<boolean>>();
  /** The learner's connection: what blocks it may be ended. */
  #learner = 0;
  /** Commands are looked at one after the other, so that they reach the server in order. */
  #turn: Promise<unknown> = Promise.resolve();

  /** `ask` sends on a connection that is not fenced. */
  constructor(ours: Ours, ask: EngineClient['send'], db: number) {
    this.#ours = ours;
    this.#ask = ask;
    this.#db = db;
  }

  engine(client: EngineClient): EngineClient {
    const send = client.send.bind(client);
    const snapshot = client.snapshot.bind(client);
    client.send = (command) => this.#pass(command, () => send(command));
    client.snapshot = async (options) => {
      const whole = await snapshot(options);
      whole.keys.delete(MARK);
      return whole;
    };
    return client;
  }

  learner(client: LearnerClient): LearnerClient {
    this.#learner = client.id;
    const send = client.send.bind(client);
    client.send = (args) => this.#pass(args, () => send(args));
    return client;
  }

  async #pass(command: Words, send: () => Promise<Reply>): Promise<Reply> {
    const turn = this.#turn.then(() => this.#refusal(command));
    // The reply is not waited for: it may take long, as that of BLPOP does.
    const sent = turn.then((refusal) => (refusal ? { reply: errorReply(refusal) } : { reply: send() }));
    this.#turn = sent.catch(() => {});
    return (await sent).reply;
  }

  async #refusal(command: Words): Promise<string | undefined> {
    const [name = '', part = ''] = command.slice(0, 2).map((word) => word.toString().toUpperCase());
    if (name === 'CLIENT' && part === 'UNBLOCK' && Number(command[2]) === this.#learner) return undefined;
    if (BEYOND.has(name) || LOOKING[name]?.test(part) === false)
      return `NOPERM ${name} is not run on a server that you named: it reaches beyond what is ours`;
    if (name === 'SELECT' && part !== String(this.#db)) return this.#elsewhere();
    if (name === 'COPY' && command.slice(3).some((word) => word.toString().toUpperCase() === 'DB'))
      return this.#elsewhere();
    if (!(await this.#mayWrite(name))) return undefined;
    const foreign = await this.#ours.claim(await this.#keysOf(command));
    if (foreign.length === 0) return undefined;
    return `NOPERM ${JSON.stringify(foreign[0]!.toString())} was made by another program, which is left alone: choose another database with --db`;
  }

  #elsewhere(): string {
    return `NOPERM on a server that you named, lessons stay in database ${this.#db}`;
  }

  #mayWrite(name: string): Promise<boolean> {
    let answer = this.#writes.get(name);
    if (!answer) {
      answer = SCRIPTS.has(name) ? Promise.resolve(true) : this.#isWrite(name);
      this.#writes.set(name, answer);
    }
    return answer;
  }

  async #isWrite(name: string): Promise<boolean> {
    const reply = await this.#ask(['COMMAND', 'INFO', name]);
    const info = reply.type === 'array' ? reply.items[0] : undefined;
    const flags = info?.type === 'array' ? info.items[2] : undefined;
    if (flags?.type !== 'array' && flags?.type !== 'set') return false;
    return flags.items.some((flag) => 'bytes' in flag && flag.bytes.toString() === 'write');
  }

  async #keysOf(command: Words): Promise<Buffer[]> {
    const reply = await this.#ask(['COMMAND', 'GETKEYS', ...command]);
    if (reply.type !== 'array') return [];
    return reply.items.flatMap((item) => (item.type === 'bulk' ? [item.bytes] : []));
  }
}

function errorReply(text: string): Promise<Reply> {
  return Promise.resolve({ type: 'error', bytes: Buffer.from(text) });
}
