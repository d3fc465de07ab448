import type { SeenCommand, SeenMessage } from '../checks/evidence/evidence.ts';
import { inWorld } from '../checks/in-world.ts';
import { judge } from '../checks/judge.ts';
import { brokenOff } from '../checks/result.ts';
import type { Verdict } from '../checks/verdict.ts';
import { replyText } from '../checks/words/reply.ts';
import { showCommand } from '../checks/words/show.ts';
import type { WorldStory } from '../checks/world-story.ts';
import { explore, type Run, type Step } from '../code/explore.ts';
import { type CourseServer, type Exercise, type Line, placeOf, type World } from '../course/course.ts';
import { NoRedis } from '../failure.ts';
import { runsScript } from '../redis/command-facts.ts';
import type { LearnerClient } from '../redis/learner-client.ts';
import { sameData } from '../redis/same.ts';
import { commandName } from '../redis/session.ts';
import type { Snapshot } from '../redis/snapshot.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { CourseFault } from './course-fault.ts';
import { commandOf, fresh, give } from './given.ts';
import { Others } from './others.ts';
import { CodeFailed, type Pause, type Rerun } from './rerun.ts';
import { type Open, Stage } from './stage.ts';
import { Turns } from './turns.ts';
import { inTime, LIMIT, Stuck, Unfinished } from './unfinished.ts';

/** An answer that does not hold in a world: what happened there, and what the world's checks say of it. */
export interface Trial {
  world: World;
  /** Counted from 1. */
  number: number;
  /** What ran there, in the order in which it was answered. */
  commands: SeenCommand[];
  verdict: Verdict;
  /** What the world's checks say of its given state. */
  untouched: () => Verdict;
}

/** How often the longest that an answer may take in one world it may take in all of them together. */
const PATIENCE = 2;
/** Of the moments in which all was as given, so many of the latest may be where the answer begins. */
const MOST_STARTS = 50;

const YOU = 'you';
const OTHER = 'another client';
/** Departures from doing one thing after the other, and orders, at most. */
const BOUND = 2;
const MOST_ORDERS = 400;

type Played = Pick<Trial, 'commands' | 'verdict' | 'untouched'>;
type Tell = (command: SeenCommand) => void;

/**
 * Tries answers in other worlds, in a sandbox of its own that is opened when it is first needed: what the learner has
 * before them does not move.
 */
export class Worlds {
  readonly #open: Open;
  readonly #limit: number;
  /** By the name and port of a lesson's server; of the usual one, by nothing. */
  readonly #stages = new Map<string, Promise<Stage>>();
  /** What runs as another client there. */
  readonly #others = new Map<Sandbox, LearnerClient>();
  /** When no more is begun, by `performance.now()`. */
  #deadline = Number.POSITIVE_INFINITY;
  readonly #turns = new Turns();

  /**
   * `open` gives a private sandbox; it rejects with NoRedis where none can be had. `limit` is the longest that an answer
   * may take in one world, in milliseconds.
   */
  constructor(open: Open, limit: number = LIMIT) {
    this.#open = open;
    this.#limit = limit;
  }

  /** Has the sandbox opened, so that nobody waits for it later. */
  warm(server?: CourseServer): void {
    this.#opened(server).catch(() => {});
  }

  /**
   * The first world in which an answer that passes here does not hold; undefined where it holds in all. What was tried
   * and undone before counts against nobody: an answer is whatever follows a moment in which all was as given.
   * `words` is what was typed after `.answer`. Rejects with NoRedis, CourseFault, and where the sandbox is lost.
   */
  judge(exercise: Exercise, rerun: Rerun, words?: string): Promise<Trial | undefined> {
    return this.#turns.take(() => this.#judge(exercise, rerun, words));
  }

  /** The verdict on an answer whose own checks all hold: `own`, unless a world says otherwise. */
  async verdict(exercise: Exercise, own: Verdict, rerun: Rerun, words?: string): Promise<Verdict> {
    let trial: Trial | undefined;
    try {
      trial = await this.judge(exercise, rerun, words);
    } catch (error) {
      if (error instanceof NoRedis) return { ...own, alone: error.message };
      throw error;
    }
    if (!trial) return own;
    if (trial.verdict.status === 'error') return trial.verdict;
    return inWorld(own, trial.verdict, trial.untouched(), storyOf(trial));
  }

  /** Every world, counted from 1, in which the answer as a whole does not hold. */
  async failing(exercise: Exercise, rerun: Rerun): Promise<number[]> {
    this.#deadline = Number.POSITIVE_INFINITY;
    const failing: number[] = [];
    for (const world of worldsFor(exercise, rerun)) {
      const trial = await this.#tryWorld(exercise, world, rerun);
      if (trial) failing.push(trial.number);
    }
    return failing;
  }

  /** Ends whatever code has left running there. */
  async endCode(): Promise<void> {
    for (const stage of this.#stages.values()) await (await stage.catch(() => undefined))?.endCode();
  }

  async close(): Promise<void> {
    const stages = [...this.#stages.values()];
    this.#stages.clear();
    for (const other of this.#others.values()) other.close();
    this.#others.clear();
    await Promise.all(stages.map(async (stage) => (await stage.catch(() => undefined))?.close()));
  }

  async #judge(exercise: Exercise, rerun: Rerun, words: string | undefined): Promise<Trial | undefined> {
    this.#deadline = performance.now() + PATIENCE * this.#limit;
    const first = await this.#tryAll(exercise, rerun);
    if (!first || !rerun.from) return first;
    const { returned, starts } = await this.#moments(exercise, rerun);
    let told = first;
    for (const start of starts.slice(0, MOST_STARTS)) {
      if (performance.now() > this.#deadline) break;
      const rest = rerun.from(start);
      const own = await this.#play(exercise, ownWorld(exercise), rest, undefined, words);
      if (own.verdict.status !== 'passed') continue;
      const trial = await this.#tryAll(exercise, rest);
      if (!trial) return undefined;
      if (start === returned) told = trial;
    }
    return told;
  }

  async #tryAll(exercise: Exercise, rerun: Rerun): Promise<Trial | undefined> {
    for (const world of worldsFor(exercise, rerun)) {
      const trial = await this.#tryWorld(exercise, world, rerun);
      if (trial) return trial;
    }
    return undefined;
  }

  async #tryWorld(exercise: Exercise, world: World, rerun: Rerun): Promise<Trial | undefined> {
    if (world.meanwhile.length > 0) return this.#tryOrders(exercise, world, rerun);
    // Behind its last command nothing dies any more. What happens in between tells most, so that comes first.
    const [first, ...others] = rerun.gaps.slice(0, -1);
    for (const at of world.dies ? [...others, first ?? 0] : [undefined]) {
      // What tells most is tried by then.
      if (performance.now() > this.#deadline) return undefined;
      const trial = await this.#try(
        exercise,
        world,
        rerun,
        at === undefined ? undefined : { at: [at], act: async () => 'end' },
      );
      if (trial.verdict.status !== 'passed') return trial;
    }
    return undefined;
  }

  /**
   * The answer and the other client as two that take turns: the other's are one that is all that it does, or as many as
   * it has commands.
   */
  async #tryOrders(exercise: Exercise, world: World, rerun: Rerun): Promise<Trial | undefined> {
    const { meanwhile, beside } = world;
    const turns = beside ? meanwhile.map((line) => [line]) : [meanwhile];
    let last: Trial | undefined;
    const { failing } = await explore(
      async (choices): Promise<Run & { trial?: Trial }> => {
        if (performance.now() > this.#deadline) return { steps: [], failed: false };
        const { steps, before } = orderOf(choices, rerun.gaps, turns.length);
        const trial = await this.#try(exercise, world, rerun, (sandbox, tell) => {
          const left = [...turns];
          return {
            at: [...before.keys()],
            act: async (at) => {
              for (const turn of left.splice(0, before.get(at))) await this.#other(turn, sandbox, tell);
              return 'go on';
            },
          };
        });
        const failed = trial.verdict.status !== 'passed';
        // What happens in between tells more than what happens behind it all.
        if (failed && choices.length === 0) last = trial;
        return { steps, failed: failed && choices.length > 0, trial };
      },
      { bound: BOUND, most: MOST_ORDERS, rank: ([first]) => (first === OTHER ? 1 : 0) },
    );
    const early = failing?.steps[0]?.chosen === OTHER;
    return last && (early || !failing) ? last : failing?.trial;
  }

  /** The moments in which all was as given, the latest first, and the last one to which the answer came back. */
  async #moments(exercise: Exercise, rerun: Rerun): Promise<{ returned: number; starts: number[] }> {
    const { gaps } = rerun;
    const last = gaps.at(-1)!;
    const same = new Map<number, boolean>();
    await this.#play(exercise, ownWorld(exercise), rerun, (sandbox, given) => ({
      at: gaps,
      async act(at) {
        same.set(at, sameData(given, await sandbox.engine.snapshot()));
        return at === last ? 'end' : 'go on';
      },
    }));
    const starts = gaps.filter((at) => at > 0 && at < last && same.get(at)).reverse();
    const before = (at: number) => gaps[gaps.indexOf(at) - 1]!;
    return { returned: starts.find((at) => !same.get(before(at))) ?? 0, starts };
  }

  async #try(
    exercise: Exercise,
    world: World,
    rerun: Rerun,
    pause: Pause | ((sandbox: Sandbox, tell: Tell) => Pause) | undefined,
  ): Promise<Trial> {
    const played = await this.#play(exercise, world, rerun, (sandbox, _, tell) =>
      typeof pause === 'function' ? pause(sandbox, tell) : pause,
    );
    return { world, number: exercise.worlds.indexOf(world) + 1, ...played };
  }

  async #play(
    exercise: Exercise,
    world: World,
    rerun: Rerun,
    pauseIn: (sandbox: Sandbox, given: Snapshot, tell: Tell) => Pause | undefined = () => undefined,
    words?: string,
  ): Promise<Played> {
    const stage = await this.#opened(exercise.server);
    const { sandbox } = stage;
    const commands: SeenCommand[] = [];
    const checks = { id: exercise.id, checks: world.checks };
    const messages: SeenMessage[] = [];
    let others: Others | undefined;
    let untouched = () => brokenOff({ code: 'unfinished', what: 'The given state was not built.' });
    try {
      const [given] = await Promise.all([give(sandbox, world.given), fresh(sandbox)]);
      const about = { given, db: sandbox.db, alsoNamed: exercise.checks };
      untouched = () => judge(checks, { ...about, now: given, evidence: { commands: [] } });
      const begun = performance.now();
      const tell: Tell = (command) => {
        commands.push({ ...command, time: given.time + (command.time - begun) });
      };
      const onMessage = (message: SeenMessage) => void messages.push(message);
      others = await Others.begin(world.others, sandbox, { onCommand: tell, onMessage }, this.#limit);
      const company = { others, onCommand: tell, onMessage };
      await inTime(this.#limit, rerun.run(stage, company, pauseIn(sandbox, given, tell)));
      await others.quiet();
      const now = await sandbox.engine.snapshot();
      const evidence = { commands, messages, ...(words !== undefined && { answer: words }) };
      return { commands, verdict: judge(checks, { ...about, now, evidence }), untouched };
    } catch (error) {
      if (!(error instanceof Stuck)) {
        // Whatever still runs there must not meet the next answer.
        await others?.close();
        others = undefined;
        await this.close();
      }
      if (error instanceof CodeFailed)
        return { commands, verdict: brokenOff({ code: 'code-failed', what: error.message }), untouched };
      if (error instanceof Unfinished && !error.cause)
        return { commands, verdict: brokenOff({ code: 'unfinished', what: error.message }), untouched };
      throw error;
    } finally {
      await others?.close();
    }
  }

  /** Runs lines as another client, all at once. */
  async #other(lines: Line[], sandbox: Sandbox, tell: Tell): Promise<void> {
    let other = this.#others.get(sandbox)!;
    if (!other) {
      const { LearnerClient } = await import('../redis/learner-client.ts');
      other = await LearnerClient.connect(sandbox.learnerTarget);
      this.#others.set(sandbox, other);
    }
    const commands = lines.map((line) => commandOf(line, 'meanwhile'));
    const running = Promise.all(
      commands.map(async (args) => {
        const time = performance.now();
        const reply = await other.send(args);
        tell({ args, client: 'other', db: sandbox.db, reply, time, other: true });
      }),
    );
    // Sooner than the answer's own time is up: that is not the learner's.
    await inTime(this.#limit / 2, running).catch((cause) => {
      if (!(cause instanceof Unfinished) || cause.cause) throw cause.cause ?? cause;
      const { text, at } =
        lines[
          Math.max(
            0,
            commands.findIndex((args) => runsScript(args)),
          )
        ]!;
      const what = `the command of another client ${JSON.stringify(text)} ${cause.message}`;
      throw new CourseFault(what, at, { cause });
    });
  }

  #opened(server: CourseServer | undefined): Promise<Stage> {
    const name = placeOf(server);
    const known = this.#stages.get(name);
    if (known) return known;
    const stage = this.#open(server).then((sandbox) => new Stage(sandbox, this.#limit));
    this.#stages.set(name, stage);
    return stage;
  }
}

/** An order of the answer's steps and the other's turns: what was chosen, and how many turns come at which gap. */
function orderOf(choices: readonly string[], gaps: readonly number[], turns: number) {
  const steps: Step[] = [];
  const before = new Map<number, number>();
  let [own, others] = [0, 0];
  let chosen = YOU;
  while (own < gaps.length - 1 || others < turns) {
    const able = [...(own < gaps.length - 1 ? [YOU] : []), ...(others < turns ? [OTHER] : [])];
    const standard = able.includes(chosen) ? chosen : able[0]!;
    const wanted = choices[steps.length];
    chosen = wanted !== undefined && able.includes(wanted) ? wanted : standard;
    steps.push({ chosen, standard, others: able.filter((one) => one !== chosen) });
    if (chosen === YOU) own++;
    else {
      const at = gaps[own]!;
      before.set(at, (before.get(at) ?? 0) + 1);
      others++;
    }
  }
  return { steps, before };
}

/** Of replies that are the time of day, or one of several in no order, what there is to say. */
function byTheWay(args: readonly Buffer[]): string | undefined {
  const name = commandName(args);
  if (name === 'XADD' && args.some((arg) => arg.toString() === '*')) return 'a new id';
  return /^[PS]?UNSUBSCRIBE$/.test(name) && args.length === 1 ? 'unsubscribed' : undefined;
}

function worldsFor({ worlds }: Exercise, { isCode }: Rerun): World[] {
  return worlds.filter(({ onlyCode }) => isCode || !onlyCode);
}

function ownWorld({ given, others, checks, at }: Exercise): World {
  return { given, own: 0, others, checks, at, meanwhile: [], beside: false, dies: false, onlyCode: false };
}

function storyOf({ world, number, commands }: Trial): WorldStory {
  const { where, given, own, meanwhile, dies } = world;
  return {
    number,
    kind: meanwhile.length > 0 ? 'meanwhile' : dies ? 'dies' : 'given',
    ...(where !== undefined && { where }),
    given: given.slice(own).map(({ text }) => text),
    events: commands.map(({ args, reply, other }) => ({
      by: other ? 'other' : 'you',
      command: showCommand(args),
      reply: byTheWay(args) ?? replyText(reply, args),
    })),
  };
}
