import { isWrite, runsScript } from '../redis/command-facts.ts';
import type { Command, EngineClient } from '../redis/engine-client.ts';
import type { Counted, LearnerClient } from '../redis/learner-client.ts';
import type { Reply } from '../redis/reply.ts';
import { commandName } from '../redis/session.ts';
import type { Snapshot } from '../redis/snapshot.ts';
import { type Bounds, refusalOf } from './command-filter.ts';
import { MARK, type Ownership } from './ownership.ts';

type Words = (string | Buffer)[];
type Send = EngineClient['send'];
type Sending = (args: Buffer[]) => Promise<Counted>;

/** COPY within the database, for a user that may not run COPY as it can reach another one. */
const COPY = `
if KEYS[1] == KEYS[2] then return redis.error_reply('ERR source and destination objects are the same') end
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if not ARGV[1] and redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
local left, value = redis.call('PTTL', KEYS[1]), redis.call('DUMP', KEYS[1])
redis.call('RESTORE', KEYS[2], left < 0 and 0 or left, value, 'REPLACE')
return 1
`;

/**
 * Keeps both connections to a named server within what is ours. What must not be run is refused in words that
 * say why, before the server does; what is run is looked at from both sides, so that what it made is known.
 */
export class BoundedClients {
  readonly #ownership: Ownership;
  readonly #bounds: Bounds;
  /** Sends as the user that the server was named with. */
  readonly #keeper: Send;
  #send: Send = () => Promise.reject(new Error('there is no engine yet'));
  /** Commands that have to be looked at first keep their order. */
  #turn: Promise<unknown> = Promise.resolve();
  #looking = 0;

  constructor(ownership: Ownership, bounds: Bounds, keeper: Send) {
    this.#ownership = ownership;
    this.#bounds = bounds;
    this.#keeper = keeper;
  }

  /** `learner` tells which connection is the learner's at that time: what blocks it may be ended. */
  engine(client: EngineClient, learner: () => LearnerClient): EngineClient {
    const send = client.send.bind(client);
    const snapshot = client.snapshot.bind(client);
    this.#send = send;
    client.send = (command) =>
      unblocks(command) === learner().id ? this.#keeper(command) : this.#inTurn(() => this.#run(command));
    client.snapshot = async (options) => {
      const whole = await snapshot(options);
      whole.keys.delete(MARK);
      return whole;
    };
    return client;
  }

  learner(client: LearnerClient): LearnerClient {
    const send = client.send.bind(client);
    const sendCounted = client.sendCounted.bind(client);
    /** Whether what is sent now will be queued: a look would be, too. */
    let queueing = false;
    const look = (whose: 'theirs' | 'ours', names?: readonly Buffer[]) => {
      if (queueing || client.subscribed) return;
      const seen = client.internal(this.#ownership.look(whose, names));
      seen.then((reply) => this.#ownership.saw(reply)).catch(() => {});
    };
    const pass = async (args: Buffer[], sending: Sending): Promise<Counted> => {
      const [name, alone] = [commandName(args), args.length === 1];
      look('theirs');
      const begins = name === 'MULTI' && alone && !queueing;
      queueing ||= begins;
      const sent = sending(this.#translated(args));
      if ((name === 'EXEC' || name === 'DISCARD') && alone) queueing = false;
      // While a line blocks, others may write: what it does not name it has not made, unless by a script.
      look('ours', name === 'EXEC' || runsScript(args) || isLong(args) ? undefined : args.slice(1));
      const answered = await sent;
      if (begins && answered.reply.type === 'error') queueing = false;
      return answered;
    };
    const bounded = async (args: Buffer[], sending: Sending): Promise<Counted> => {
      const refusal = refusalOf(args, this.#bounds);
      if (refusal) return { reply: error(refusal) };
      if (this.#looking === 0 && this.#ownership.theirs.size === 0) return pass(args, sending);
      const { answered } = await this.#inTurn(async () => {
        const foreign = await this.#foreignIn(args);
        return { answered: foreign ? { reply: error(foreign) } : pass(args, sending) };
      });
      return answered;
    };
    client.send = async (args) => (await bounded(args, async (sent) => ({ reply: await send(sent) }))).reply;
    client.sendCounted = (args, earlier) => bounded(args, (sent) => sendCounted(sent, earlier));
    return client;
  }

  /** Removes what is ours, runs the commands and takes a snapshot: all in one round trip. */
  async give(
    client: EngineClient,
    commands: Buffer[][],
    options: { dumps?: boolean },
  ): Promise<{ replies: Reply[]; snapshot: Snapshot }> {
    await this.#turn;
    const refused = commands.map((command) => refusalOf(command, this.#bounds));
    const run = commands.filter((_, index) => !refused[index]).map((command) => this.#translated(command));
    const names = [...new Map(run.flat().map((word) => [word.toString('latin1'), word])).values()];
    const [looked, ran, snapshot] = await Promise.all([
      Promise.all(
        [...this.#ownership.clearing(names), this.#ownership.look('theirs')].map((command) =>
          this.#send(command),
        ),
      ),
      this.#transaction(run),
      client.snapshot(options),
    ]);
    this.#ownership.saw(looked.at(-1));
    // A word of theirs need not be a key: one by one it is told.
    if (ran === undefined) {
      const replies = await client.pipeline(commands);
      return { replies, snapshot: await client.snapshot(options) };
    }
    const replies = refused.map((refusal) => (refusal ? error(refusal) : ran.shift()!));
    return { replies, snapshot };
  }

  async clear(): Promise<void> {
    await this.#turn;
    await Promise.all([...this.#ownership.clearing(), ['UNWATCH']].map((command) => this.#send(command)));
  }

  async #run(command: Words): Promise<Reply> {
    const refusal = refusalOf(command, this.#bounds) ?? (await this.#refusalNow(command));
    if (refusal) return error(refusal);
    const [reply] = (await this.#transaction([this.#translated(command)])) ?? [];
    return reply ?? { type: 'nil' };
  }

  /** The replies to all commands, run as one with a look from both sides; undefined where a watched key was touched. */
  async #transaction(commands: Words[]): Promise<Reply[] | undefined> {
    const all: Command[] = [
      ['MULTI'],
      this.#ownership.look('theirs'),
      ...commands,
      this.#ownership.look('ours'),
      ['EXEC'],
    ];
    const queued = await Promise.all(all.map((command) => this.#send(command)));
    const executed = queued.at(-1)!;
    if (executed.type === 'nil') return undefined;
    if (executed.type !== 'array') {
      // One that the server would not even queue undoes all the others; it alone is what is wrong.
      const replies = queued.slice(2, -2);
      return replies.some(({ type }) => type === 'error') ? replies : replies.map(() => executed);
    }
    this.#ownership.saw(executed.items.at(-1));
    return executed.items.slice(1, -1);
  }

  /** As seen by a look of its own. */
  async #refusalNow(command: Words): Promise<string | undefined> {
    this.#ownership.saw(await this.#send(this.#ownership.look('theirs')));
    return this.#foreignIn(command);
  }

  async #foreignIn(command: Words): Promise<string | undefined> {
    const { theirs } = this.#ownership;
    const isTheirs = (word: string | Buffer) => theirs.has(Buffer.from(word).toString('latin1'));
    if (!command.some(isTheirs) || !isWrite(command.map((word) => Buffer.from(word)))) return undefined;
    const keys = await this.#send(['COMMAND', 'GETKEYS', ...command]);
    const foreign = keys.type === 'array' && keys.items.find((key) => 'bytes' in key && isTheirs(key.bytes));
    if (!foreign || !('bytes' in foreign)) return undefined;
    return `NOPERM ${JSON.stringify(foreign.bytes.toString())} was made by another program, which is left alone: choose another database with --db`;
  }

  #translated<W extends Words>(command: W): W | Buffer[] {
    const words = command.map((word) => Buffer.from(word));
    const replaces = words.length === 4 && /^replace$/i.test(String(words[3]));
    if (commandName(words) !== 'COPY' || !this.#bounds.scripts.allowed) return command;
    if (words.length !== 3 && !replaces) return command;
    return [...['EVAL', COPY, '2'].map((word) => Buffer.from(word)), ...words.slice(1)];
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#looking++;
    const done = this.#turn.then(work).finally(() => this.#looking--);
    this.#turn = done.catch(() => {});
    return done;
  }
}

/** Whether naming its words again would cost more than it tells. */
function isLong(args: readonly Buffer[]): boolean {
  return args.reduce((sum, { length }) => sum + length, 0) > 65_536;
}

/** Which connection a command would stop blocking. */
function unblocks(command: Words): number | undefined {
  const [name = '', part = '', id] = command.map(String);
  return /^client unblock$/i.test(`${name} ${part}`) ? Number(id) : undefined;
}

function error(text: string): Reply {
  return { type: 'error', bytes: Buffer.from(text) };
}
