import type { Demo, DemoLine, Step } from '../course/course.ts';
import { mayBlock } from '../redis/command-facts.ts';
import type { LearnerClient } from '../redis/learner-client.ts';
import type { Reply } from '../redis/reply.ts';
import { splitArgs } from '../redis/split.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { isBlocked, seenBlocked } from './blocked.ts';
import { connectIn } from './connect-line.ts';
import { CourseFault } from './course-fault.ts';
import { enter, replyOf } from './enter.ts';
import { fresh, give } from './given.ts';
import { delivered } from './others.ts';
import { inTime, Unfinished } from './unfinished.ts';

/** Puts the sandbox into the state that a step's demos start from: that of its exercise, or empty. */
export async function stageDemos(sandbox: Sandbox, step: Step): Promise<void> {
  await Promise.all([give(sandbox, step.exercise?.given ?? []), fresh(sandbox)]);
}

/** What a demo shows next. */
export type Shown =
  /** A line that was run, and what answers it; nothing yet where it waits. */
  | { kind: 'line'; line: DemoLine; args: Buffer[]; reply: Reply | undefined }
  /** What came to the other client: a message, or what it waited for. */
  | { kind: 'other'; args: Buffer[]; reply: Reply };

/** Runs a demo's commands, the learner's and the other client's, yielding what there is to see as it comes. */
export async function* runDemo(sandbox: Sandbox, demo: Demo): AsyncGenerator<Shown> {
  const other = new OtherClient(sandbox);
  try {
    for (const line of demo.lines) {
      const door = connectIn(line.text);
      if (door) {
        const entry = await enter(sandbox, door);
        yield { kind: 'line', line, args: [], reply: replyOf(entry) };
        continue;
      }
      const args = splitArgs(line.text);
      if (args === null)
        throw new CourseFault(`the quotes in ${JSON.stringify(line.text)} do not balance`, line.at);
      if (args.length === 0) continue;
      const reply = line.other ? await other.send(args) : await sandbox.learner.send(args);
      yield { kind: 'line', line, args, reply };
      for (const one of await other.news()) yield { kind: 'other', ...one };
    }
  } finally {
    await other.close();
  }
}

/** The second client of a demo, there once it has something to do. */
class OtherClient {
  readonly #sandbox: Sandbox;
  #client: LearnerClient | undefined;
  /** Messages that were not shown yet. */
  #came: Reply[] = [];
  #waits: { args: Buffer[]; reply: Promise<Reply> } | undefined;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /** The reply; undefined once the command is seen to wait. */
  async send(args: Buffer[]): Promise<Reply | undefined> {
    const client = await this.#connected();
    let isAnswered = false;
    const reply = client.send(args).finally(() => {
      isAnswered = true;
    });
    reply.catch(() => {});
    if (mayBlock(args) && (await seenBlocked(this.#sandbox, client, () => isAnswered))) {
      this.#waits = { args, reply };
      return undefined;
    }
    const answered = await reply;
    // The first confirmation is the reply to its command.
    this.#came = this.#came.filter((one) => one !== answered);
    return answered;
  }

  /** What has come to it since that was asked last. */
  async news(): Promise<{ args: Buffer[]; reply: Reply }[]> {
    const client = this.#client;
    if (!client) return [];
    await delivered(client);
    const news = this.#came.splice(0).map((reply) => ({ args: [] as Buffer[], reply }));
    if (this.#waits && !(await isBlocked(this.#sandbox, client))) {
      const { args, reply } = this.#waits;
      this.#waits = undefined;
      news.push({ args, reply: await reply });
    }
    return news;
  }

  /** Gone for whatever comes behind on the engine's connection. */
  async close(): Promise<void> {
    const client = this.#client;
    if (!client) return;
    try {
      if (client.subscribed) await client.unsubscribeAll();
      if (this.#waits) await this.#sandbox.engine.send(['CLIENT', 'UNBLOCK', String(client.id), 'ERROR']);
    } finally {
      client.close();
    }
  }

  async #connected(): Promise<LearnerClient> {
    if (!this.#client) {
      const { LearnerClient } = await import('../redis/learner-client.ts');
      const client = await LearnerClient.connect(this.#sandbox.learnerTarget);
      client.onMessage = () => {};
      client.onHeard = (reply) => {
        this.#came.push(reply);
      };
      this.#client = client;
    }
    return this.#client;
  }
}

export interface DemoFault {
  line: DemoLine;
  /** "answers an error: WRONGTYPE ...", "answers no error, and was to show one", "did not end within 5 s". */
  message: string;
}

/**
 * Runs the demos of a step and tells the lines that answer an error, up to one that does not come to its end: after that
 * the sandbox is not `fit` until it is renewed. `limit` is what each line may take, in milliseconds. Throws CourseFault
 * where the given state cannot be built, Unfinished where that does not end.
 */
export async function tryDemos(
  sandbox: Sandbox,
  step: Step,
  limit: number,
): Promise<{ faults: DemoFault[]; fit: boolean }> {
  const faults: DemoFault[] = [];
  await inTime(limit, stageDemos(sandbox, step));
  const demos = step.blocks.flatMap((block) => (block.kind === 'demo' ? [block] : []));
  for (const demo of demos) {
    const shown = runDemo(sandbox, demo);
    let [line] = demo.lines;
    try {
      for (;;) {
        const { value, done } = await inTime(limit, shown.next());
        if (done) break;
        if (value.kind === 'line') {
          const { reply } = value;
          const failed = reply?.type === 'error';
          if (failed && !value.line.fails)
            faults.push({ line: value.line, message: `answers an error: ${reply.bytes}` });
          else if (!failed && value.line.fails)
            faults.push({ line: value.line, message: 'answers no error, and was to show one' });
          line = demo.lines[demo.lines.indexOf(value.line) + 1] ?? value.line;
        }
      }
      // QUIT answers before it ends the connection.
      if (demo === demos.at(-1)) await inTime(limit, sandbox.learner.send([Buffer.from('PING')]));
    } catch (error) {
      if (!(error instanceof Unfinished)) throw error;
      faults.push({ line: line!, message: error.message });
      return { faults, fit: false };
    }
  }
  return { faults, fit: true };
}
