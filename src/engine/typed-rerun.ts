import type { SeenCommand } from '../checks/evidence/evidence.ts';
import { runsScript } from '../redis/command-facts.ts';
import type { Counted, LearnerClient } from '../redis/learner-client.ts';
import { messageOf } from '../redis/message.ts';
import type { Reply } from '../redis/reply.ts';
import { commandName } from '../redis/session.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { connectIn } from './connect-line.ts';
import { enter } from './enter.ts';
import { delivered } from './others.ts';
import { type Company, mostTelling, type Pause, type Rerun } from './rerun.ts';
import type { Stage } from './stage.ts';

/** They act on a connection or tell of the server, and change no data. */
const OF_CONNECTIONS = new Set('QUIT CLIENT MONITOR PING ECHO COMMAND INFO CONFIG ACL'.split(' '));
/** They matter where somebody has to log in. */
const LOGINS = new Set(['AUTH', 'HELLO']);
/** They matter where there is somebody who publishes. */
const OF_SUBSCRIBERS = new Set(
  'SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE'.split(' '),
);

const CONNECT = '.CONNECT';
/** What follows may be done in another place, or as another user; or again. */
const CHANGES = /^(EXEC|SELECT|AUTH|HELLO|RESET)$/;

type Step = Pick<SeenCommand, 'args' | 'client' | 'reply'> & { name: string };

/**
 * The commands that were typed, or that other clients sent, one by one on as many connections as there were,
 * transactions as transactions.
 */
export class TypedRerun implements Rerun {
  readonly isCode = false;
  /** Scripts that were loaded before: what runs them by name needs them. */
  readonly #loads: Step[];
  readonly #steps: Step[];

  private constructor(loads: Step[], steps: Step[]) {
    this.#loads = loads;
    this.#steps = steps;
  }

  /** `listens`: somebody publishes there, or acts once the answer is subscribed. `logsIn`: whoever comes has to log in. */
  static of(commands: readonly SeenCommand[], { listens = false, logsIn = false } = {}): TypedRerun {
    const steps = commands
      .filter(({ other }) => !other)
      .map(({ args, client, reply }): Step => ({ args, client, reply, name: commandName(args) }))
      // What did not run for want of its script was sent again with it.
      .filter(
        ({ name, reply }) =>
          !OF_CONNECTIONS.has(name) &&
          (listens || !OF_SUBSCRIBERS.has(name)) &&
          (logsIn || !LOGINS.has(name)) &&
          !isError(reply, 'NOSCRIPT') &&
          // It waited, and was stopped.
          !isError(reply, 'UNBLOCKED'),
      );
    return new TypedRerun([], steps);
  }

  /** Within a transaction nothing has run yet: getting in there is getting in before EXEC. */
  get gaps(): number[] {
    const gaps = Array.from({ length: this.#steps.length + 1 }, (_, at) => at).filter((at) => {
      const [before, after] = [this.#steps[at - 1], this.#steps[at]];
      return !(after && isQueued(after.reply) && (before?.name === 'MULTI' || isQueued(before?.reply)));
    });
    return mostTelling(gaps, this.#steps);
  }

  from(start: number): TypedRerun {
    const loads = this.#steps
      .slice(0, start)
      .filter(({ name }) => /^(SCRIPT|FUNCTION|EVAL|EVAL_RO)$/.test(name));
    return new TypedRerun(
      loads.filter(({ name, args }) => name.startsWith('EVAL') || commandName(args.slice(1)) === 'LOAD'),
      this.#steps.slice(start),
    );
  }

  async run({ sandbox }: Stage, company: Company, pause?: Pause): Promise<void> {
    const connections = new Connections(sandbox, company);
    try {
      for (const { args } of this.#loads) await connections.load(args);
      let done = 0;
      for (const at of pause?.at ?? []) {
        await this.#play(done, at, connections);
        done = at;
        if ((await pause!.act(at)) === 'end') return;
      }
      await this.#play(done, this.#steps.length, connections);
    } finally {
      await connections.close();
    }
  }

  async #play(from: number, to: number, connections: Connections): Promise<void> {
    let at = from;
    while (at < to) {
      // As many as may be sent ahead: up to where another connection goes on, or EXEC may want the transaction again.
      const { client, name, args } = this.#steps[at]!;
      if (name === CONNECT) {
        await connections.connect(args);
        at++;
        continue;
      }
      let end = at;
      while (end < to && this.#steps[end]!.client === client && this.#steps[end]!.name !== CONNECT)
        if (CHANGES.test(this.#steps[end++]!.name) || connections.oneByOne) break;
      const batch = this.#steps.slice(at, end);
      const replies = await connections.send(
        client,
        batch.map(({ args }) => args),
      );
      const last = batch.at(-1)!;
      if (last.name === 'EXEC' && replies.at(-1)?.type === 'nil' && last.reply.type !== 'nil') {
        // Somebody changed what was watched: whoever watches begins again.
        await connections.send(
          client,
          this.#watched(end - 1).map(({ args }) => args),
        );
      }
      at = end;
    }
  }

  /** A transaction, from its first WATCH to its EXEC at an index. */
  #watched(exec: number): Step[] {
    const { client } = this.#steps[exec]!;
    const before = this.#steps
      .slice(0, exec)
      .findLastIndex((one) => one.client === client && one.name === 'EXEC');
    const own = this.#steps.slice(before + 1, exec + 1).filter((one) => one.client === client);
    return own.slice(
      Math.max(
        0,
        own.findIndex(({ name }) => name === 'WATCH'),
      ),
    );
  }
}

/** The connections of one run: the learner's first, and more where more were at work. */
class Connections {
  readonly #sandbox: Sandbox;
  readonly #company: Company;
  readonly #clients = new Map<string, LearnerClient>();

  constructor(sandbox: Sandbox, company: Company) {
    this.#sandbox = sandbox;
    this.#company = company;
  }

  /** Others act in between, and are waited for. */
  get oneByOne(): boolean {
    return this.#company.others.any;
  }

  async load(args: readonly Buffer[]): Promise<void> {
    if (commandName(args).startsWith('EVAL')) await this.#sandbox.engine.send(['SCRIPT', 'LOAD', args[1]!]);
    else await this.#sandbox.engine.send([...args]);
  }

  /** `.connect`, after which the learner's commands go elsewhere. */
  async connect(args: readonly Buffer[]): Promise<void> {
    const line = connectIn(args.join(' '));
    if (line) await enter(this.#sandbox, line);
  }

  async send(name: string, commands: (readonly Buffer[])[]): Promise<Reply[]> {
    const client = await this.#client(name);
    const { others, onCommand } = this.#company;
    return Promise.all(
      commands.map(async (args) => {
        const { db } = client;
        const time = performance.now();
        const sent: Promise<Counted> = runsScript(args)
          ? client.sendCounted([...args])
          : client.send([...args]).then((reply) => ({ reply }));
        const { reply, ran } = await others.watch(args, client, sent);
        await others.acted();
        onCommand({ args, client: name, db, reply, time, ran });
        return reply;
      }),
    );
  }

  /** Once what was published has come. */
  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map(delivered));
    for (const client of this.#clients.values()) if (client !== this.#sandbox.learner) client.close();
  }

  async #client(name: string): Promise<LearnerClient> {
    let client = this.#clients.get(name);
    if (!client) {
      const { LearnerClient } = await import('../redis/learner-client.ts');
      const { learner, learnerTarget } = this.#sandbox;
      const { connect } = this.#sandbox;
      // What is typed at a server that is connected to by a URL is typed on the connection that the last one made.
      if (connect && name.startsWith('prompt:')) return this.#heard(learner, name);
      // Others said who they were when they logged in, which nobody is told of.
      const free = this.#clients.size === 0 && !connect;
      client = free ? learner : await LearnerClient.connect(learnerTarget);
      this.#clients.set(name, this.#heard(client, name));
    }
    return client;
  }

  #heard(client: LearnerClient, name: string): LearnerClient {
    client.onHeard = (reply) => {
      const message = messageOf(reply);
      if (message) this.#company.onMessage({ ...message, client: name });
    };
    return client;
  }
}

function isQueued(reply: Reply | undefined): boolean {
  return reply?.type === 'status' && reply.bytes.toString() === 'QUEUED';
}

function isError(reply: Reply, code: string): boolean {
  return reply.type === 'error' && reply.bytes.toString().startsWith(code);
}
