import type { SeenCommand } from '../checks/evidence.ts';
import { judge } from '../checks/judge.ts';
import type { Verdict } from '../checks/verdict.ts';
import type { Answer, Exercise, Line } from '../course/course.ts';
import { unfitForGiven } from '../course/given-command.ts';
import { groupOf, mayBlock } from '../redis/command-facts.ts';
import type { Relay } from '../redis/relay.ts';
import type { Reply } from '../redis/reply.ts';
import type { Snapshot } from '../redis/snapshot.ts';
import { splitArgs } from '../redis/split.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { CourseFault } from './course-fault.ts';

/** What a line led to. `invalid`: its quotes do not balance; nothing was sent. */
export type Outcome =
  | { kind: 'reply'; args: Buffer[]; reply: Reply }
  | { kind: 'answer'; text: string }
  | { kind: 'invalid' }
  | { kind: 'empty' };

export interface AttemptOptions {
  /** Adds the commands of the clients that come through here to the evidence. */
  relay?: Relay | undefined;
  /** Called when such a command has been answered. */
  onOther?: () => void;
  /** Keeps what `moveTo` needs: the prompt wants it, a run of answers does not. */
  restorable?: boolean;
}

/**
 * One go at an exercise, from the given state to a verdict. The prompt, the self-check and the course
 * test all go through here: what a script checks is exactly what a learner meets.
 */
export class Attempt {
  readonly exercise: Exercise;
  #sandbox: Sandbox;
  readonly #dumps: boolean;
  readonly #commands: SeenCommand[] = [];
  #answer: string | undefined;
  readonly #given: Snapshot;
  /** This process's clock when the given state was there: tells the server's time later on. */
  readonly #begun = performance.now();
  #latest: Snapshot;

  private constructor(exercise: Exercise, sandbox: Sandbox, given: Snapshot, options: AttemptOptions) {
    this.exercise = exercise;
    this.#sandbox = sandbox;
    this.#dumps = options.restorable ?? false;
    this.#given = given;
    this.#latest = given;
  }

  /**
   * Empties the sandbox and builds the exercise's given state. Throws CourseFault where a given command
   * fails, ConnectionLost where the server is gone.
   */
  static async begin(sandbox: Sandbox, exercise: Exercise, options: AttemptOptions = {}): Promise<Attempt> {
    const [given] = await Promise.all([
      give(sandbox, exercise.given, { dumps: options.restorable ?? false }),
      fresh(sandbox),
    ]);
    const attempt = new Attempt(exercise, sandbox, given, options);
    if (options.relay) attempt.follow(options.relay, options.onOther);
    return attempt;
  }

  /** Counts the commands of the relay's clients from now on; no other attempt gets them any more. */
  follow(relay: Relay, onOther: () => void = () => {}): void {
    relay.onCommand = ({ sent, ...command }) => {
      this.#commands.push({ ...command, time: this.#serverTime(sent) });
      onOther();
    };
  }

  /** The state after the last command, as far as it was looked at. */
  get latest(): Snapshot {
    return this.#latest;
  }

  /** What another go starts from, and what `changes` of the first command compare with. */
  get given(): Snapshot {
    return this.#given;
  }

  /** Runs one line as the learner: a command line, or `.answer TEXT`. Rejects with ConnectionLost alone. */
  async run(line: string | Buffer): Promise<Outcome> {
    const answer = answerIn(line);
    if (answer !== undefined) {
      this.#answer = answer;
      return { kind: 'answer', text: answer };
    }
    const args = splitArgs(line);
    if (args === null) return { kind: 'invalid' };
    if (args.length === 0) return { kind: 'empty' };
    const { learner } = this.#sandbox;
    const { db } = learner;
    const time = this.#serverTime(performance.now());
    const reply = await learner.send(args);
    this.#commands.push({ args, client: `prompt:${learner.id}`, db, reply, time });
    return { kind: 'reply', args, reply };
  }

  /** Runs every line of an answer, up to one whose quotes do not balance. */
  async runAll(answer: Answer): Promise<void> {
    for (const line of answer.lines) {
      const outcome = await this.run(line.text);
      if (outcome.kind === 'invalid') return;
    }
  }

  /** One snapshot in one round trip, judged. Changes nothing; can be asked at any time, any number of times. */
  async judge(): Promise<Verdict> {
    try {
      this.#latest = await this.#sandbox.engine.snapshot({ dumps: this.#dumps });
    } catch (error) {
      return { status: 'error', checks: [], error: error as Error };
    }
    return judge(this.exercise, {
      given: this.#given,
      now: this.#latest,
      db: this.#sandbox.db,
      evidence: { commands: this.#commands, ...(this.#answer !== undefined && { answer: this.#answer }) },
    });
  }

  /** Goes on in another sandbox, put into the state last seen, after the first one was lost. */
  async moveTo(sandbox: Sandbox): Promise<void> {
    await sandbox.clear();
    await sandbox.engine.restore(this.#latest);
    this.#sandbox = sandbox;
  }

  /** The server's clock, in ms, at a moment of `performance.now()`. */
  #serverTime(moment: number): number {
    return this.#given.time + (moment - this.#begun);
  }
}

/** The text of `.answer TEXT`, or undefined for any other line. */
export function answerIn(line: string | Buffer): string | undefined {
  return /^\s*\.answer(?:\s+(.*?))?\s*$/s
    .exec(line.toString())
    ?.slice(1)
    .map((text) => text ?? '')[0];
}

/** Takes back what earlier goes left on the learner's connection: WATCH, MULTI, SELECT, SUBSCRIBE, HELLO 3. */
export async function fresh(sandbox: Sandbox): Promise<void> {
  const { learner } = sandbox;
  const used = learner.inTransaction || learner.subscribed || learner.monitoring;
  if (used || learner.db !== sandbox.db || learner.protocol !== 2) await sandbox.reconnect();
  else await learner.send([Buffer.from('UNWATCH')]);
}

/**
 * Empties the sandbox, runs the given commands on it as the engine, and looks at what there is then.
 * All in one burst where nobody else can write in between. Throws CourseFault.
 */
export async function give(
  sandbox: Sandbox,
  given: Line[],
  options: { dumps?: boolean } = {},
): Promise<Snapshot> {
  const { engine } = sandbox;
  const commands = given.map(commandOf);
  const cleared = sandbox.clear();
  if (sandbox.kind === 'named') await cleared;
  const filled = engine.pipeline(commands);
  if (sandbox.kind === 'named') await filled;
  const [snapshot, replies] = await Promise.all([engine.snapshot(options), filled, cleared]);
  replies.forEach((reply, index) => {
    if (reply.type !== 'error') return;
    const { text, at } = given[index]!;
    throw new CourseFault(`the given command ${JSON.stringify(text)} fails: ${reply.bytes.toString()}`, at);
  });
  return snapshot;
}

/** Throws CourseFault where the line is none that builds a given state. */
function commandOf({ text, at }: Line): Buffer[] {
  const args = splitArgs(text);
  const because = args ? unfitForGiven(args, { groupOf, mayBlock }) : 'its quotes do not balance';
  if (!args?.length || because)
    throw new CourseFault(
      `the given command ${JSON.stringify(text)} cannot run: ${because ?? 'it is empty'}`,
      at,
    );
  return args;
}
