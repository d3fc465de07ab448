import { isDeepStrictEqual } from 'node:util';
import type { Command, EngineClient } from '../redis/engine-client.ts';
import { commandName } from '../redis/session.ts';
import { splitArgs } from '../redis/split.ts';
import { type ActorProcess, CodeThrew } from './actor-process.ts';
import type { Step } from './explore.ts';
import { CaseFailed, type CaseFailure } from './failure.ts';
import { Keys, type Trespass } from './keys.ts';
import { type Moment, stepsOf } from './moments.ts';
import { Died, nextTurn, PlayActor } from './play-actor.ts';
import { PlayValues, type Target } from './play-values.ts';
import type { Actor, Case, Ran, Remote, Stage } from './scenario.ts';
import type { Row, Schedule } from './schedule.ts';
import { EVERYTHING, NOTHING } from './touched.ts';
import { inShort, plain, shown } from './values.ts';
import type { Said, Wire } from './wire.ts';
import { brokeText } from './words.ts';

/** Most steps of one run, and of one that is a schedule among many; and how often time may pass in it. */
const MOST_STEPS = 20_000;
const MOST_TIMES = 600;
const MOST_STEPS_EXPLORED = 600;
/** Most steps while the clock stands still: who asks without a pause asks for ever. */
const MOST_STEPS_AT_ONCE = 3000;
/** How often it is looked whether a message has come that the server said it sent. */
const MOST_LOOKS = 500;

/** The scenario itself is wrong: it threw, or awaits what is not the stage's. */
export class ScenarioFault extends Error {
  override readonly name = 'ScenarioFault';
}

/** What a call threw, where the scenario did not expect it. */
class CallThrew extends CodeThrew {
  readonly call: string;
  constructor(call: string, { thrown }: CodeThrew) {
    super(thrown);
    this.call = call;
  }
}

export interface PlayParts {
  /** Of a server that is the play's alone. */
  engine: EngineClient;
  /** The process of an actor, in the order in which they are met; it has the module. Rejects with CaseFailed. */
  process(index: number): Promise<ActorProcess>;
  /** What to choose, choice by choice, before all is done in the standard way. */
  choices: readonly string[];
  /** Whether the keys are read after each step, for the rows of the schedule. */
  states?: boolean;
  /** Longest that an actor may compute without pause, in ms. */
  limit: number;
}

/** What one run of a case led to. */
export interface Played {
  schedule: Schedule;
  steps: Step[];
  failed: boolean;
  failure?: CaseFailure;
  /** What the actors printed, line by line. */
  output: string[];
}

/** One run of a case: the learner's code in its actors, with every command, and time itself, let go step by step. */
export class Play {
  readonly #case: Case;
  readonly #parts: PlayParts;
  readonly #keys: Keys;
  readonly #actors: PlayActor[] = [];
  readonly #faces = new Map<string, { face: Actor; ready: Promise<PlayActor> }>();
  readonly #rows: Row[] = [];
  readonly #moments: Moment[] = [];
  readonly #commands: Ran[] = [];
  readonly #values = new PlayValues((actor, target, args) => unheard(this.#call(actor, target, args)));
  /** What the scenario waits for that is our own doing. */
  readonly #pending = new Set<Promise<unknown>>();
  readonly #used = new Set<string>();
  readonly #output: string[] = [];
  /** What the step at hand did to a key of another's: told unless the author has words of their own for it. */
  #trespass: Trespass | undefined;
  /** What a call returned last that was nothing to call. */
  #returned: { call: string; value: string } | undefined;
  #failure: CaseFailure | undefined;
  #fault: unknown;
  #over = false;
  #now = 0;
  /** Steps since the clock last moved. */
  #stepsAtOnce = 0;
  #times = 0;
  /** How many messages the server said it sent. */
  #messages = 0;
  /** Until when time is to pass, where somebody waits for that. */
  #until: { now: number; done(): void }[] = [];
  #last: PlayActor | undefined;

  private constructor(played: Case, parts: PlayParts) {
    this.#case = played;
    this.#parts = parts;
    this.#keys = new Keys(parts.engine, played.explore);
  }

  /** Rejects with ScenarioFault, and with ConnectionLost. */
  static async run(played: Case, parts: PlayParts): Promise<Played> {
    hearTheUnheard();
    const play = new Play(played, parts);
    try {
      return await play.#run();
    } finally {
      await Promise.all(play.#actors.map((actor) => actor.leave()));
    }
  }

  async #run(): Promise<Played> {
    await this.#begin();
    const stage = this.#stage();
    Promise.resolve()
      .then(() => this.#case.play(stage))
      .then(
        () => {
          this.#over = true;
        },
        (error) => this.#ended(error),
      );
    const most = this.#case.explore ? MOST_STEPS_EXPLORED : MOST_STEPS;
    try {
      for (let steps = 0; ; steps++) {
        await this.#settle();
        if (this.#trespass) this.#fail({ kind: 'owned', ...this.#trespass });
        if (this.#over || this.#failure) break;
        const atOnce = ++this.#stepsAtOnce > MOST_STEPS_AT_ONCE;
        if (atOnce || steps === most || this.#times > MOST_TIMES)
          this.#fail({ kind: 'long', call: this.#callsLeft, steps, now: this.#now, atOnce });
        if (!(await this.#step())) break;
      }
    } catch (error) {
      if (!(error instanceof CaseFailed)) throw error;
      this.#fail(error.failure);
    }
    if (this.#fault) throw this.#fault;
    const actors = this.#actors.map(({ name }) => name);
    const steps = stepsOf(this.#moments, this.#case.explore ?? {});
    const choices = steps.map(({ chosen }) => chosen);
    return {
      schedule: { actors, rows: this.#rows, choices },
      steps,
      failed: this.#failure !== undefined,
      ...(this.#failure && { failure: this.#failure }),
      output: this.#output,
    };
  }

  async #begin(): Promise<void> {
    const given = (this.#case.given ?? []).map((line): Command => splitArgs(line) ?? []);
    const [, ...replies] = await this.#parts.engine.pipeline([['FLUSHALL'], ['SCRIPT', 'FLUSH'], ...given]);
    const wrong = replies.find(({ type }) => type === 'error');
    if (wrong) throw new ScenarioFault(`a command of "given" fails: ${inShort(wrong)}`);
    await this.#keys.look();
  }

  #ended(error: unknown): void {
    this.#over = true;
    // What its death left undone is no failure.
    if (error instanceof Died || this.#failure) return;
    if (error instanceof CaseFailed) this.#fail(error.failure);
    else if (error instanceof CallThrew)
      this.#fail({ kind: 'thrown', call: error.call, error: error.thrown });
    else if (error instanceof Error && error.name === 'ConnectionLost') this.#fault = error;
    else if (isMisuse(error) && this.#returned)
      this.#fail({ kind: 'returned', ...this.#returned, wanted: error.message });
    else this.#fault = new ScenarioFault(`"${this.#case.title}" threw ${error}`, { cause: error });
  }

  #fail(failure: CaseFailure): void {
    if (this.#failure) return;
    this.#failure = failure;
    const row = this.#rows.at(-1);
    if (row) row.broke = brokeText(failure);
  }

  /** What the actors are at that have not come to their end. */
  get #callsLeft(): string {
    return this.#actors.flatMap(({ calls, dead }) => (dead ? [] : calls))[0] ?? '';
  }

  /** Until nothing moves by itself any more. */
  async #settle(): Promise<void> {
    for (;;) {
      const stirred = this.#actors.filter(({ stirred, dead }) => stirred && !dead);
      await Promise.all([...this.#pending, ...stirred.map((actor) => actor.quiet())]);
      await nextTurn();
      if (this.#failure || this.#over) return;
      if (this.#pending.size === 0 && !this.#actors.some(({ stirred, dead }) => stirred && !dead)) return;
    }
  }

  /** Does what is chosen next; false where nothing can happen any more. */
  async #step(): Promise<boolean> {
    const able = this.#actors.filter(({ turns, dead }) => turns.length > 0 && !dead);
    const standardActor = this.#last && able.includes(this.#last) ? this.#last : able[0];
    const timers = this.#actors.flatMap(({ next, dead }) => (next === null || dead ? [] : next));
    const waits = [...timers, ...this.#until.map(({ now }) => now)];
    const standard = standardActor?.name ?? (waits.length > 0 ? TIME : undefined);
    if (standard === undefined) {
      // Who waits in the server waits there for ever, and so do the calls of who is dead.
      if (this.#actors.some((actor) => actor.isBusy)) this.#fail({ kind: 'stuck', call: this.#callsLeft });
      else if (!this.#actors.some(({ dead }) => dead))
        this.#fault = new ScenarioFault(
          `"${this.#case.title}" waits for something that the stage knows nothing of`,
        );
      return false;
    }
    const specials = this.#specials(able, waits.length > 0);
    const wanted = this.#parts.choices[this.#moments.length];
    const possible = [...able.map(({ name }) => name), ...specials, standard];
    const chosen = wanted !== undefined && possible.includes(wanted) ? wanted : standard;
    const moment: Moment = {
      chosen,
      standard,
      able: able.map(({ name }) => name),
      specials,
      touches: NOTHING,
    };
    this.#moments.push(moment);
    await this.#perform(chosen, moment, waits);
    return true;
  }

  /** What may happen besides: each but once in a schedule. */
  #specials(able: PlayActor[], waits: boolean): string[] {
    const { explore } = this.#case;
    if (!explore) return [];
    const commanding = able.filter(({ turns }) => turns[0]?.kind === 'command').map(({ name }) => name);
    const may = (kind: string, names: string[]) =>
      this.#used.has(kind) ? [] : names.map((name) => `${name} ${kind}`);
    return [
      ...may('expires', explore.expires ? this.#keys.expiring : []),
      ...(explore.time && waits && able.length > 0 ? [TIME] : []),
      ...(explore.loses ?? []).flatMap((what) => may(`loses ${what}`, commanding)),
      ...may(
        'dies',
        able.map(({ name }) => name).filter((name) => explore.dies?.includes(name)),
      ),
    ];
  }

  async #perform(chosen: string, moment: Moment, waits: number[]): Promise<void> {
    if (chosen === TIME) {
      moment.touches = EVERYTHING;
      return this.#advance(Math.min(...waits));
    }
    const actorOf = (name: string) => this.#actors.find((actor) => actor.name === name);
    const goesOn = actorOf(chosen);
    if (goesOn) return this.#turnOf(goesOn, moment, 'forward');
    const [name, kind, what] = splitChoice(chosen);
    this.#used.add(what ? `${kind} ${what}` : kind);
    if (kind === 'expires') {
      moment.touches = EVERYTHING;
      return this.#expire(name);
    }
    const actor = actorOf(name)!;
    if (kind === 'dies') {
      moment.actor = name;
      moment.touches = EVERYTHING;
      this.#rows.push({ kind: 'dies', actor: name });
      await actor.die();
      return this.#afterStep();
    }
    return this.#turnOf(actor, moment, what === 'reply' ? 'drop-reply' : 'drop');
  }

  async #turnOf(actor: PlayActor, moment: Moment, passage: 'forward' | 'drop' | 'drop-reply'): Promise<void> {
    const [turn] = actor.turns;
    moment.actor = actor.name;
    moment.touches = actor.touches ?? NOTHING;
    this.#last = actor;
    if (turn!.kind === 'works') {
      actor.turns.shift();
      this.#rows.push({ kind: 'mark', actor: actor.name, words: turn!.words });
      turn!.go();
      return this.#afterStep(actor);
    }
    const args = turn!.held.args.map(String);
    const name = commandName(turn!.held.args);
    const loses = actor.loses !== undefined && (actor.loses === '' || actor.loses === name);
    if (loses) actor.loses = undefined;
    const way = loses ? 'drop-reply' : passage;
    const answered = await actor.release(way, () => this.#isBlocked());
    if (way !== 'forward')
      this.#rows.push({ kind: 'lost', actor: actor.name, what: way === 'drop' ? 'command' : 'reply', args });
    else if (!answered) this.#rows.push({ kind: 'command', actor: actor.name, args, reply: '(waits)' });
    if (answered && name === 'PUBLISH') await this.#deliver(Number(plain(answered.reply)));
    return this.#afterStep(actor);
  }

  /** So many messages are on their way: they come to us as soon as the server has sent them. */
  async #deliver(receivers: number): Promise<void> {
    this.#messages += receivers;
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      if (this.#actors.reduce((sum, { messages }) => sum + messages, 0) >= this.#messages) return;
      await this.#parts.engine.send(['PING']);
    }
  }

  /** What is looked at after each step is looked at while the actors go on. */
  async #afterStep(actor?: PlayActor): Promise<void> {
    const { explore } = this.#case;
    const row = this.#rows.at(-1);
    const looks: Promise<unknown>[] = [];
    if (explore?.owned || explore?.expires) {
      looks.push(
        this.#keys.look(actor?.name).then((wrong) => {
          this.#trespass ??= wrong;
        }),
      );
    }
    if (this.#parts.states && row) {
      looks.push(
        this.#keys.state().then((state) => {
          row.state = state;
        }),
      );
    }
    if (looks.length > 0) void this.#ours(Promise.all(looks)).catch(() => {});
  }

  /** Whether some client waits in the server by now. */
  async #isBlocked(): Promise<boolean> {
    const reply = await this.#parts.engine.send(['INFO', 'clients']);
    const [, count = '0'] = /blocked_clients:(\d+)/.exec(String(plain(reply))) ?? [];
    return Number(count) >= this.#actors.reduce((sum, { blocked }) => sum + blocked.size, 0);
  }

  async #expire(key: string): Promise<void> {
    const left = await this.#keys.left(key);
    if (left === undefined)
      throw new CaseFailed({ kind: 'said', said: `${key} has no expiry: it would stay for ever.` });
    await this.#pass(this.#now + left, [key]);
    this.#rows.push({ kind: 'expires', key, now: this.#now });
    await this.#afterStep();
  }

  async #advance(now: number): Promise<void> {
    this.#times++;
    const to = Math.max(now, this.#now);
    const before = this.#rows.at(-1);
    await this.#pass(to);
    if (before?.kind === 'time') before.now = to;
    else if (this.#actors.length > 0) this.#rows.push({ kind: 'time', now: to });
    await this.#afterStep();
    const due = this.#until.filter((one) => one.now <= to);
    this.#until = this.#until.filter((one) => one.now > to);
    for (const { done } of due) done();
  }

  /** For the actors' clocks, and for the keys: `gone` are over by then, whatever the server's own clock says. */
  async #pass(now: number, gone: string[] = []): Promise<void> {
    await this.#keys.age(now - this.#now, gone);
    if (now > this.#now) this.#stepsAtOnce = 0;
    this.#now = now;
    await Promise.all(
      this.#actors
        .filter(({ dead }) => !dead)
        .map(async (actor) => {
          actor.stirred = true;
          await actor.inTime(actor.process.ask({ do: 'time', now }));
        }),
    );
  }

  /** Has the play wait until it is done. */
  #ours<T>(work: Promise<T>): Promise<T> {
    const settled = work.then(
      () => {},
      () => {},
    );
    this.#pending.add(settled);
    void settled.then(() => this.#pending.delete(settled));
    return unheard(work);
  }

  #stage(): Stage {
    const play = this;
    return {
      actor: (name) => this.#actor(name).face,
      redis: (command, ...args) => this.#ours(this.#asEngine([command, ...args.map(String)])),
      pass: (ms) =>
        new Promise<void>((done) => {
          this.#until.push({ now: this.#now + ms, done });
        }),
      expire: (key) => this.#ours(this.#expire(key)),
      get now() {
        return play.#now;
      },
      down: () => this.#ours(this.#reach(false)),
      up: () => this.#ours(this.#reach(true)),
      get commands() {
        return play.#commands;
      },
      roundTrips: (actor) => this.#actors.find(({ name }) => name === actor.name)?.roundTrips ?? 0,
      equal: (actual, expected, said) => {
        if (isDeepStrictEqual(actual, expected)) return;
        throw this.#said({ kind: 'said', said, expected: shown(expected), actual: shown(actual) });
      },
      that: (holds, said) => {
        if (!holds) throw this.#said({ kind: 'said', said });
      },
      fail: (said) => {
        throw this.#said({ kind: 'said', said });
      },
      throws: async (call, said) => {
        try {
          await call;
        } catch (error) {
          if (error instanceof CallThrew) return { name: error.thrown.name, message: error.thrown.message };
          throw error;
        }
        throw this.#said({ kind: 'said', said });
      },
      options: (fields) => this.#values.mark({ $options: this.#values.write(fields) }),
      together: async (...parts) => {
        const done = await Promise.allSettled(parts.map(async (part) => part()));
        for (const one of done)
          if (one.status === 'rejected' && !(one.reason instanceof Died)) throw one.reason;
      },
    };
  }

  /** Sticks, whoever catches what is thrown. */
  #said(failure: CaseFailure): CaseFailed {
    this.#fail(failure);
    return new CaseFailed(failure);
  }

  async #asEngine(command: string[]): Promise<unknown> {
    const reply = await this.#parts.engine.send(command);
    if (reply.type === 'error') {
      const words = `${command.join(' ')}: ${inShort(reply)}`;
      // What lies under a key is the learner's doing.
      if (inShort(reply).startsWith('WRONGTYPE')) throw this.#said({ kind: 'said', said: words });
      throw new ScenarioFault(words);
    }
    for (const actor of this.#actors) if (actor.blocked.size > 0) actor.stirred = true;
    if (command[0]!.toUpperCase() === 'PUBLISH') {
      await this.#deliver(Number(plain(reply)));
      // They have heard before the scenario asks them what.
      for (const actor of this.#actors) if (actor.stirred && !actor.dead) await actor.quiet();
    }
    await this.#keys.look();
    return plain(reply);
  }

  async #reach(reachable: boolean): Promise<void> {
    for (const { ready } of this.#faces.values()) {
      const actor = await ready;
      await actor.process.relay.reach(reachable);
      if (reachable) continue;
      await actor.cut();
      // It knows before anybody asks it for more.
      await actor.quiet();
    }
  }

  #actor(name: string): { face: Actor; ready: Promise<PlayActor> } {
    const known = this.#faces.get(name);
    if (known) return known;
    const ready = this.#ours(this.#enter(name, this.#faces.size));
    const play = this;
    const face: Actor = {
      name,
      exports: new Proxy((() => {}) as unknown as Remote, {
        get: (_, one) =>
          typeof one === 'string' && one !== 'then' ? this.#values.remote(ready, { export: one }) : undefined,
      }),
      client: this.#values.mark({ $client: true }),
      fn: <A extends unknown[]>(body: (...args: A) => unknown, called?: string) =>
        this.#values.fn(body, called),
      works: async (words) => {
        const actor = await ready;
        if (actor.dead) throw new Died();
        const turn = new Promise<void>((go) => {
          actor.turns.push({ kind: 'works', words, go });
        });
        return unheard(Promise.race([turn, actor.died]));
      },
      marks: (words) => void this.#rows.push({ kind: 'mark', actor: name, words }),
      losesReply: (command = '') =>
        void ready.then((actor) => {
          actor.loses = command.toUpperCase();
        }),
      clockJumps: (ms) =>
        this.#ours(
          ready.then(async (actor) => {
            const seconds = `${Math.abs(ms) / 1000} s`;
            this.#rows.push({
              kind: 'mark',
              actor: name,
              words: `its clock is set ${ms < 0 ? 'back' : 'on'} by ${seconds}`,
            });
            await actor.inTime(actor.process.ask({ do: 'jump', ms }));
          }),
        ),
      cut: () =>
        this.#ours(
          ready.then(async (actor) => {
            await actor.cut();
            await actor.quiet();
          }),
        ),
      get output() {
        return play.#actors.find((actor) => actor.name === name)?.output ?? [];
      },
      openConnections: () =>
        this.#ours(
          ready.then(async (actor) => {
            await actor.quiet();
            return (await actor.inTime(actor.process.ask<unknown[]>({ do: 'open' }))).length;
          }),
        ),
    };
    const entry = { face, ready };
    this.#faces.set(name, entry);
    return entry;
  }

  async #enter(name: string, index: number): Promise<PlayActor> {
    try {
      const process = await this.#parts.process(index);
      const actor = new PlayActor(name, process, this.#parts.limit, (said) => this.#hear(actor, said));
      actor.onAnswered = ({ args, reply }) => {
        const words = args.map(String);
        this.#commands.push({
          actor: name,
          name: commandName(args),
          args: words,
          reply: plain(reply),
          at: this.#now,
        });
        this.#rows.push({ kind: 'command', actor: name, args: words, reply: inShort(reply) });
      };
      // Their columns stand in the order in which they were named.
      this.#actors.splice(index, 0, actor);
      return actor;
    } catch (error) {
      this.#over = true;
      if (error instanceof CaseFailed) this.#fail(error.failure);
      else this.#fault = error;
      throw error;
    }
  }

  #hear(actor: PlayActor, said: Said): void {
    if ('output' in said) {
      actor.output.push(...said.output.split('\n'));
      this.#output.push(...said.output.split('\n'));
      return;
    }
    if ('fault' in said) {
      this.#fail({ kind: said.fault, error: said.error });
      return;
    }
    const { fn, call, args } = said;
    void Promise.resolve()
      // What an earlier play left behind may still call a function of that play's: nobody is there to hear it.
      .then(() => this.#values.fnOf(fn)?.(...args.map((arg) => this.#values.read(arg, actor))))
      .then(
        (value) => ({ answer: call, value: this.#values.write(value) }),
        (error) => {
          if (error instanceof CaseFailed || error instanceof ScenarioFault) this.#ended(error);
          const { name = 'Error', message = String(error) } = error ?? {};
          return { answer: call, error: { name: String(name), message: String(message) } };
        },
      )
      .then((answer) => {
        if (actor.dead) return;
        actor.stirred = true;
        actor.process.answer(answer);
      });
  }

  async #call(ready: Promise<PlayActor>, target: Target, args: unknown[]): Promise<unknown> {
    const actor = await ready;
    if (actor.dead) throw new Died();
    const name = 'export' in target ? target.export : (target.method ?? 'the function');
    actor.calls.push(name);
    actor.stirred = true;
    try {
      const asked = actor.process.ask<Wire>({
        do: 'call',
        target,
        args: args.map((arg) => this.#values.write(arg)),
      });
      // Whatever its code makes of the end of its connections is not waited for.
      const value = await Promise.race([asked, actor.died]);
      const returned = this.#values.read(value, actor);
      if (typeof returned !== 'function') this.#returned = { call: name, value: shown(returned) };
      return returned;
    } catch (error) {
      // Once the play is over nobody is there to hear of it.
      if (this.#over || this.#failure) return new Promise(() => {});
      if (actor.dead) throw new Died();
      if (error instanceof CodeThrew) throw new CallThrew(name, error);
      if (error instanceof Died) throw error;
      // Its process ended, which its next silence tells.
      actor.stirred = true;
      return new Promise(() => {});
    } finally {
      if (!actor.dead) actor.calls.splice(actor.calls.indexOf(name), 1);
    }
  }
}

let heard = false;

/** What a scenario made of a call, and left alone, may end as the play does: that must end nothing else. */
function hearTheUnheard(): void {
  if (heard) return;
  heard = true;
  process.on('unhandledRejection', (error) => {
    if (error instanceof Died || error instanceof CaseFailed || error instanceof CallThrew) return;
    throw error;
  });
}

/** A scenario may be over before this comes to its end: then nobody waits for it. */
function unheard<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {});
  return work;
}

/** The scenario called what the learner's code did not give. */
function isMisuse(error: unknown): error is TypeError {
  return (
    error instanceof TypeError && /is not a function|is not iterable|^Cannot read prop/.test(error.message)
  );
}

const TIME = 'time passes';

/** `A loses reply`, `lock:report expires`, `A dies`: a key may hold spaces. */
function splitChoice(choice: string): [name: string, kind: string, what?: string] {
  const [, name = '', kind = '', what] =
    /^(.*) (expires|dies|loses)(?: (reply|command))?$/s.exec(choice) ?? [];
  return what === undefined ? [name, kind] : [name, kind, what];
}
