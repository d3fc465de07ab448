import type { Entered, SeenCommand, SeenMessage } from '../checks/evidence/evidence.ts';
import { judge } from '../checks/judge.ts';
import { partsOf } from '../checks/parts.ts';
import type { Verdict } from '../checks/verdict.ts';
import type { Exercise, LinesAnswer } from '../course/course.ts';
import { runsScript } from '../redis/command-facts.ts';
import type { HeldCommand } from '../redis/gate.ts';
import type { Counted, LearnerClient } from '../redis/learner-client.ts';
import { messageOf } from '../redis/message.ts';
import type { Relay } from '../redis/relay.ts';
import type { Reply } from '../redis/reply.ts';
import { commandName } from '../redis/session.ts';
import type { Snapshot } from '../redis/snapshot.ts';
import { splitArgs } from '../redis/split.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { type ConnectLine, connectIn } from './connect-line.ts';
import { type Entry, enter, replyOf } from './enter.ts';
import { fresh, give } from './given.ts';
import { delivered, Others } from './others.ts';
import type { RecordedAnswer } from './recorded-answer.ts';
import { recordedLines } from './recorded-lines.ts';
import type { Rerun } from './rerun.ts';
import { ScriptCount } from './script-count.ts';
import { TypedRerun } from './typed-rerun.ts';
import type { Worlds } from './worlds.ts';

/** What a line led to. `invalid`: its quotes do not balance; nothing was sent. */
export type Outcome =
  | { kind: 'reply'; args: Buffer[]; reply: Reply }
  | { kind: 'answer'; text: string }
  /** `.connect`: where its URL led, or why nowhere. */
  | { kind: 'connect'; entry: Entry }
  | { kind: 'invalid' }
  /** Nothing was sent: the exercise's server is to be connected to first. */
  | { kind: 'outside' }
  | { kind: 'empty' };

export interface AttemptOptions {
  /** Adds the commands of the clients that come through here to the evidence. */
  relay?: Relay | undefined;
  /** Keeps what `moveTo` needs: the prompt wants it, a run of answers does not. */
  restorable?: boolean;
  /** Where an answer that passes here is tried in the exercise's other worlds. */
  worlds?: Worlds | undefined;
  /** Longest that a command may wait that nobody ends, in ms; for ever where absent: somebody may come. */
  patience?: number | undefined;
  /** Hears what the exercise's other clients do, and what comes to them. */
  onOthers?: ((seen: SeenCommand | SeenMessage) => void) | undefined;
  /** How the answer is done again there, after the commands that it ran here; these one by one, where absent. */
  rerunOf?: ((commands: readonly SeenCommand[]) => Rerun) | undefined;
}

/** Commands sent ahead of their replies: what they answer takes memory of the server. */
const AHEAD = 200;
/** What follows them is sent once they are answered: they change the connection that it is sent on. */
const CHANGES_CONNECTION = /^(\.CONNECT|SELECT|RESET|AUTH|HELLO|QUIT|MULTI)$/i;

/**
 * One go at an exercise, from the given state to a verdict. The prompt, the self-check and the course
 * test all go through here: what a script checks is exactly what a learner meets.
 */
export class Attempt {
  readonly exercise: Exercise;
  #sandbox: Sandbox;
  readonly #options: AttemptOptions;
  readonly #commands: SeenCommand[] = [];
  readonly #messages: SeenMessage[] = [];
  #others!: Others;
  /** What the learner's connection was subscribed to after the last command, as the commands that leave it. */
  #listening: string[] = [];
  /** Whether the learner's own connection was led to the exercise's server. */
  #inside = false;
  /** Where URLs have led. */
  readonly #entries: Entered[] = [];
  #answer: string | undefined;
  readonly #given: Snapshot;
  /** This process's clock when the given state was there: tells the server's time later on. */
  readonly #begun = performance.now();
  #latest: Snapshot;
  /** A script waits in the learner's transaction: what it does is counted around EXEC. */
  #scriptQueued = false;
  /** What scripts of other clients run. */
  readonly #scripts = new ScriptCount(() => this.#sandbox.engine);

  private constructor(exercise: Exercise, sandbox: Sandbox, given: Snapshot, options: AttemptOptions) {
    this.exercise = exercise;
    this.#sandbox = sandbox;
    this.#options = options;
    this.#given = given;
    this.#latest = given;
  }

  /**
   * Empties the sandbox and builds the exercise's given state. Throws CourseFault where a given command
   * fails or never ends, ConnectionLost where the server is gone.
   */
  static async begin(sandbox: Sandbox, exercise: Exercise, options: AttemptOptions = {}): Promise<Attempt> {
    const [given] = await Promise.all([
      give(sandbox, exercise.given, { dumps: options.restorable ?? false }),
      fresh(sandbox),
    ]);
    const attempt = new Attempt(exercise, sandbox, given, options);
    await attempt.#invite();
    if (options.relay) attempt.follow(options.relay);
    return attempt;
  }

  /** Ends the other clients of the exercise, before anything else is begun on the sandbox. */
  async close(): Promise<void> {
    await this.#others.close();
  }

  /**
   * Counts the commands of the relay's clients from now on, each answered already; no other attempt gets them any more.
   * `onOther` hears of each, and of the messages that come to them.
   */
  follow(relay: Relay, onOther: (seen: SeenCommand | SeenMessage) => void = () => {}): void {
    relay.holds = (args) =>
      this.#sandbox.kind === 'named' ||
      this.exercise.server !== undefined ||
      this.#others.any ||
      this.#scripts.holds(args);
    relay.gate = async (held) => {
      const refusal = this.#sandbox.refusalOf(held.args, held.db);
      if (refusal !== undefined) return { answer: Buffer.from(`-${refusal}\r\n`) };
      this.#enteredBy(held);
      await this.#others.before(held);
      await this.#scripts.before(held);
      return 'forward';
    };
    relay.onCommand = ({ sent, ...command }) => {
      const seen: SeenCommand = { ...command, time: this.#serverTime(sent) };
      this.#commands.push(seen);
      this.#scripts.answered(seen);
      this.#others.answered(seen);
      onOther(seen);
    };
    relay.onMessage = (message) => {
      this.#messages.push(message);
      this.#others.came(message);
      onOther(message);
    };
  }

  /** Whether commands reach a server: an own one of the exercise is to be connected to first. */
  get isInside(): boolean {
    return !this.exercise.server || this.#inside;
  }

  /** The state after the last command, as far as it was looked at. */
  get latest(): Snapshot {
    return this.#latest;
  }

  /** Whether a new key may have come by what was done: some command names it, or ran a script. */
  mayHaveMade(name: Buffer): boolean {
    return this.#commands.some(({ args }) => runsScript(args) || args.some((arg) => arg.equals(name)));
  }

  /** What another go starts from, and what `changes` of the first command compare with. */
  get given(): Snapshot {
    return this.#given;
  }

  /** Whether the learner's own commands end their connection: that it is lost then is no accident. */
  get quits(): boolean {
    return this.#commands.some(
      ({ args, reply }) => /^quit$/i.test(String(args[0])) && reply.type === 'status',
    );
  }

  /** Runs one line as the learner: a command line, or `.answer TEXT`. Rejects with ConnectionLost, or Stuck. */
  async run(line: string | Buffer): Promise<Outcome> {
    const answer = answerIn(line);
    if (answer !== undefined) {
      this.#answer = answer;
      return { kind: 'answer', text: answer };
    }
    const door = connectIn(line);
    if (door) return { kind: 'connect', entry: await this.#connect(door) };
    const args = splitArgs(line);
    if (args === null) return { kind: 'invalid' };
    if (args.length === 0) return { kind: 'empty' };
    if (!this.isInside) return { kind: 'outside' };
    return { kind: 'reply', args, reply: await this.#send(args) };
  }

  /** Runs every line of an answer, up to one whose quotes do not balance; ahead of the replies where that may be. */
  async runAll(answer: LinesAnswer): Promise<void> {
    const oneByOne =
      this.#others.any ||
      answer.lines.some(({ text }) => CHANGES_CONNECTION.test(text.trim().split(/\s/, 1)[0]!));
    let ahead: Promise<Outcome>[] = [];
    for (const { text } of answer.lines) {
      if (answerIn(text) === undefined && splitArgs(text) === null) break;
      ahead.push(this.run(text));
      if (!oneByOne && ahead.length < AHEAD) continue;
      await Promise.all(ahead);
      ahead = [];
    }
    await Promise.all(ahead);
  }

  /** Takes one snapshot, in one round trip, and judges nothing. Rejects with ConnectionLost. */
  async look(): Promise<void> {
    await this.#scripts.settle();
    await this.#others.quiet();
    await delivered(this.#sandbox.learner);
    this.#latest = await this.#sandbox.engine.snapshot({ dumps: this.#options.restorable ?? false });
  }

  /**
   * One snapshot in one round trip, judged; then, where all holds and the exercise has other worlds, the answer in each
   * of them, unless that is not asked for. Changes nothing; can be asked at any time, any number of times.
   */
  async judge(options: { worlds?: boolean } = {}): Promise<Verdict> {
    const worlds = options.worlds === false ? undefined : this.#options.worlds;
    const verdict = await this.#verdict(worlds);
    if (!this.exercise.parts || verdict.status !== 'failed') return verdict;
    const about = { given: this.#given, now: this.#given, db: this.#sandbox.db, evidence: { commands: [] } };
    const parts = partsOf(verdict, judge(this.exercise, about), this.exercise.worlds.length > 0);
    return { ...verdict, parts };
  }

  async #verdict(worlds: Worlds | undefined): Promise<Verdict> {
    try {
      await this.look();
      const verdict = judge(this.exercise, {
        given: this.#given,
        now: this.#latest,
        db: this.#sandbox.db,
        evidence: {
          commands: this.#commands,
          messages: this.#messages,
          entries: this.#entries,
          outside: !this.isInside && this.#entries.length === 0 && !this.#options.rerunOf,
          ...(this.#answer !== undefined && { answer: this.#answer }),
          ...(this.#options.rerunOf && { code: true }),
        },
      });
      if (verdict.status !== 'passed' || this.exercise.worlds.length === 0 || !worlds) return verdict;
      return await worlds.verdict(this.exercise, verdict, this.rerun, this.#answer);
    } catch (error) {
      return { status: 'error', checks: [], error: error as Error };
    }
  }

  /** How what was done is done again. */
  get rerun(): Rerun {
    const { rerunOf } = this.#options;
    if (rerunOf) return rerunOf(this.#commands);
    const { server, worlds } = this.exercise;
    return TypedRerun.of(this.#commands, {
      listens: worlds.some(({ others }) => others.length > 0),
      logsIn: server !== undefined,
    });
  }

  /** What was done and answered, to be kept. */
  get recorded(): RecordedAnswer | undefined {
    return recordedLines(this.#commands, this.#answer);
  }

  /** Goes on in another sandbox, put into the state last seen, after the first one was lost. */
  async moveTo(sandbox: Sandbox): Promise<void> {
    await sandbox.clear();
    await sandbox.engine.restore(this.#latest);
    this.#sandbox = sandbox;
    await this.#invite();
  }

  async #connect(line: ConnectLine): Promise<Entry> {
    const entry = await enter(this.#sandbox, line);
    const { learner, db } = this.#sandbox;
    const { cacert, url } = line;
    const words = ['.connect', ...(cacert === undefined ? [] : ['--cacert', cacert]), url];
    this.#commands.push({
      args: words.map((word) => Buffer.from(word)),
      client: `prompt:${learner.id}`,
      db,
      reply: replyOf(entry),
      time: this.#serverTime(performance.now()),
    });
    if (entry.kind === 'connected') {
      this.#inside = true;
      this.#entries.push({ user: entry.user, db: entry.db });
    }
    return entry;
  }

  async #send(args: Buffer[]): Promise<Reply> {
    // What others do about the line before comes first.
    if (this.#others.any) await this.#others.acted();
    const { learner } = this.#sandbox;
    const { db } = learner;
    const time = this.#serverTime(performance.now());
    learner.onHeard = (reply) => this.#hear(reply, learner.id);
    this.#noteHungUp(learner);
    const { reply, ran } = await this.#others.watch(args, learner, this.#counted(args));
    this.#commands.push({ args, client: `prompt:${learner.id}`, db, reply, time, ran });
    this.#listening = learner.unsubscribing;
    return reply;
  }

  /** Has the other clients of the exercise begin, in place of those before them. */
  async #invite(): Promise<void> {
    const tell = (seen: SeenCommand | SeenMessage) => this.#options.onOthers?.(seen);
    const heard = {
      onCommand: (command: SeenCommand) => {
        this.#commands.push({ ...command, time: this.#serverTime(command.time) });
        tell(command);
      },
      onMessage: (message: SeenMessage) => {
        this.#messages.push(message);
        tell(message);
      },
    };
    this.#others = await Others.begin(this.exercise.others, this.#sandbox, heard, this.#options.patience);
  }

  /** Code comes to a lesson's server by itself: where to, its first command shows. */
  #enteredBy({ number, user, db }: HeldCommand): void {
    if (this.exercise.server && number === 0) this.#entries.push({ user, db });
  }

  #hear(reply: Reply, id: number): void {
    const message = messageOf(reply);
    if (message) this.#messages.push({ ...message, client: `prompt:${id}` });
  }

  /** What was left by Ctrl-C, since the last command, was left: as if by the commands that do so. */
  #noteHungUp({ id, db, unsubscribing }: LearnerClient): void {
    for (const name of this.#listening.filter((one) => !unsubscribing.includes(one)))
      this.#commands.push({
        args: [Buffer.from(name.toUpperCase())],
        client: `prompt:${id}`,
        db,
        reply: { type: 'status', bytes: Buffer.from('OK') },
        time: this.#serverTime(performance.now()),
      });
    this.#listening = unsubscribing;
  }

  /** Scripts run commands that nobody typed: the server counts them. */
  async #counted(args: Buffer[]): Promise<Counted> {
    const { learner, engine } = this.#sandbox;
    const script = runsScript(args);
    if (script && learner.inTransaction) this.#scriptQueued = true;
    else if (script) return learner.sendCounted(args);
    if (commandName(args) !== 'EXEC' || !this.#scriptQueued) return { reply: await learner.send(args) };
    this.#scriptQueued = false;
    // Asked on another connection: the learner's would queue it.
    return learner.sendCounted(args, await engine.commandStats());
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
