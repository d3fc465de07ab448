import { setTimeout as sleep } from 'node:timers/promises';
import { mayBlock } from '../redis/command-facts.ts';
import type { HeldCommand, Passage } from '../redis/gate.ts';
import { commandName, isMessage } from '../redis/session.ts';
import type { RelayedCommand } from '../redis/tap.ts';
import type { ActorProcess } from './actor-process.ts';
import { EVERYTHING, NOTHING, type Touched, together, touchedBy } from './touched.ts';
import type { Quiet, Said } from './wire.ts';

/** What an actor is about to do, once it is its turn. */
export type Turn =
  | { kind: 'command'; held: HeldCommand; go(passage: Passage): void }
  | { kind: 'works'; words: string; go(): void };

/** What an actor that dies was asked never comes to its end. */
export class Died extends Error {
  override readonly name = 'Died';
}

/** How often it is looked whether what is on its way has come, and how often as fast as that goes. */
const MOST_LOOKS = 320;
const FAST_LOOKS = 300;

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** An actor in one play. */
export class PlayActor {
  readonly name: string;
  readonly process: ActorProcess;
  /** What it would do next, the oldest first. */
  readonly turns: Turn[] = [];
  /** Something came to it since it was last quiet. */
  stirred = true;
  /** When its next timer is due, as it was quiet. */
  next: number | null = null;
  dead = false;
  /** Rejects with Died once it is dead. */
  readonly died: Promise<never>;
  #die = () => {};
  /** Its connections are not as they were as the play began. */
  disturbed = false;
  /** The names of the calls that have not returned. */
  readonly calls: string[] = [];
  readonly output: string[] = [];
  /** Its next command of this name, or the next at all where that is empty, loses its reply. */
  loses: string | undefined;
  /** Connections that wait in the server. */
  readonly blocked = new Set<string>();
  /** Commands that were let go and not answered, by their connection. */
  readonly #released = new Map<string, { burst: number; resolve(command: RelayedCommand): void }>();
  onAnswered: (command: RelayedCommand) => void = () => {};
  /** Messages of publish and subscribe that came to it. */
  messages = 0;
  /** How often it has waited for the server. */
  roundTrips = 0;
  readonly #limit: number;
  /** What it has queued in a transaction, by client. */
  readonly #queued = new Map<string, Touched[]>();
  /** By burst, how many round trips came before it. */
  readonly #before = new Map<number, number>();

  /** `limit` is the longest that it may compute without pause, in ms. */
  constructor(name: string, process: ActorProcess, limit: number, onSaid: (said: Said) => void) {
    this.name = name;
    this.process = process;
    this.#limit = limit;
    this.died = new Promise((_, reject) => {
      this.#die = () => reject(new Died());
    });
    this.died.catch(() => {});
    process.onSaid = (said) => {
      if (!this.dead) onSaid(said);
    };
    // An actor is complete before it says anything.
    const early = process.early.splice(0);
    queueMicrotask(() => {
      for (const said of early) process.onSaid(said);
    });
    const { relay } = process;
    relay.onBurst = (burst) => void this.#before.set(burst, this.roundTrips);
    relay.gate = (held) => this.#hold(held);
    relay.onCommand = (command) => {
      this.stirred = true;
      this.#answered(command);
    };
    relay.onMessage = ({ kind }) => {
      this.stirred = true;
      if (isMessage(kind)) this.messages++;
    };
  }

  get isBusy(): boolean {
    return !this.dead && this.calls.length > 0;
  }

  /** Resolves once it waits for something that is not its own doing. Rejects with CaseFailed. */
  async quiet(): Promise<void> {
    const { relay } = this.process;
    const end = performance.now() + this.#limit;
    for (;;) {
      this.stirred = false;
      const { delivered } = relay.traffic;
      const { written, connections, next } = await this.inTime(
        this.process.ask<Quiet>({ do: 'quiet', delivered }),
      );
      // The end of a connection is heard a turn after it: one that is gone stands for none that is on its way.
      await nextTurn();
      const isAllHere = () =>
        relay.traffic.clients === connections &&
        relay.traffic.received >= written &&
        // What sets up a connection passes by itself.
        relay.waiting <= this.blocked.size;
      // Meanwhile it may have heard that it was cut, or have connected anew: so it is asked again.
      if (!(await this.#soon(isAllHere)) && performance.now() < end) continue;
      this.next = next;
      if (relay.traffic.delivered <= delivered) return;
    }
  }

  /** What is on its way comes soon, unless the machine is busy with something else. */
  async #soon(holds: () => boolean): Promise<boolean> {
    for (let looks = 0; !holds() && looks < MOST_LOOKS; looks++)
      await (looks < FAST_LOOKS ? nextTurn() : sleep(1));
    return holds();
  }

  /** Rejects with CaseFailed where it takes too long, or the process ends. */
  inTime<T>(work: Promise<T>): Promise<T> {
    return this.process.inTime(this.#limit, work, () => this.calls.at(-1) ?? '');
  }

  /** What its next turn has to do with; undefined where it has none. */
  get touches(): Touched | undefined {
    const [turn] = this.turns;
    if (turn?.kind !== 'command') return turn && EVERYTHING;
    const { args, client, inTransaction } = turn.held;
    const touched = touchedBy(args);
    if (!inTransaction) return touched;
    if (commandName(args) === 'EXEC') return together(this.#queued.get(client) ?? []);
    return NOTHING;
  }

  /** Lets its next command go; resolves once it is answered, or waits in the server. */
  async release(
    passage: 'forward' | 'drop' | 'drop-reply',
    isBlocked: () => Promise<boolean>,
  ): Promise<RelayedCommand | undefined> {
    const turn = this.turns.shift();
    if (turn?.kind !== 'command') return undefined;
    const { held } = turn;
    this.#noteTransaction(held);
    if (passage === 'drop') {
      turn.go('drop');
      await this.cut();
      return undefined;
    }
    const answer = new Promise<RelayedCommand | undefined>((resolve) => {
      const gone = () => resolve(undefined);
      held.signal.addEventListener('abort', gone, { once: true });
      const answered = (command: RelayedCommand) => {
        held.signal.removeEventListener('abort', gone);
        resolve(command);
      };
      this.#released.set(held.client, { burst: held.burst, resolve: answered });
    });
    turn.go(passage);
    if (mayBlock(held.args) && !held.inTransaction) {
      let answered: RelayedCommand | undefined;
      let over = held.signal.aborted;
      void answer.then((command) => {
        answered = command;
        over = true;
      });
      this.blocked.add(held.client);
      while (!over && !(await isBlocked())) await nextTurn();
      return answered;
    }
    const answered = await this.inTime(answer);
    if (passage === 'drop-reply') await this.cut();
    return answered;
  }

  /** Its connections end now. */
  async cut(): Promise<void> {
    this.disturbed = true;
    this.stirred = true;
    for (const turn of this.turns) if (turn.kind === 'command') turn.go('drop');
    // At once: it may be connected anew, and have sent something, before the server knows that it was cut.
    this.#forgetCommands();
    await this.process.relay.cut();
  }

  /** Nothing more of it runs. */
  async die(): Promise<void> {
    this.dead = true;
    this.#die();
    await this.process.relay.reach(false);
    await this.cut();
    this.turns.length = 0;
  }

  /** What is under way is over with the play; the process is left as a new play may find it, or told to begin afresh. */
  async leave(): Promise<void> {
    const clean =
      !this.disturbed &&
      !this.dead &&
      this.calls.length === 0 &&
      this.turns.length === 0 &&
      this.blocked.size === 0 &&
      this.#queued.size === 0;
    this.process.onSaid = () => {};
    const { relay } = this.process;
    relay.onBurst = undefined;
    relay.onCommand = () => {};
    relay.onMessage = () => {};
    if (clean) return;
    this.dead = true;
    this.process.stale = true;
    await this.cut();
  }

  /** What sets up a connection was not let go by us, and is no part of the play. */
  #answered(command: RelayedCommand): void {
    const released = this.#released.get(command.client);
    if (!released) return;
    this.#released.delete(command.client);
    this.blocked.delete(command.client);
    const trip = (this.#before.get(released.burst) ?? this.roundTrips) + 1;
    this.roundTrips = Math.max(this.roundTrips, trip);
    this.onAnswered(command);
    released.resolve(command);
  }

  #hold(held: HeldCommand): Promise<Passage> {
    if (this.dead) return Promise.resolve('drop');
    return new Promise((resolve) => {
      const go = (passage: Passage) => {
        held.signal.removeEventListener('abort', gone);
        resolve(passage);
      };
      const turn: Turn = { kind: 'command', held, go };
      const gone = () => {
        const at = this.turns.indexOf(turn);
        if (at >= 0) this.turns.splice(at, 1);
        resolve('drop');
      };
      this.turns.push(turn);
      held.signal.addEventListener('abort', gone, { once: true });
    });
  }

  #forgetCommands(): void {
    const others = this.turns.filter(({ kind }) => kind !== 'command');
    this.turns.splice(0, this.turns.length, ...others);
    this.#queued.clear();
    this.blocked.clear();
    this.#released.clear();
  }

  #noteTransaction({ args, client, inTransaction }: HeldCommand): void {
    const name = commandName(args);
    const queued = this.#queued.get(client);
    // Watching and subscribing leave their traces too; the next play begins with another connection.
    if (name === 'MULTI' || name === 'WATCH' || name.endsWith('SUBSCRIBE'))
      this.#queued.set(client, queued ?? []);
    if (!inTransaction && name === 'WATCH') queued?.push(touchedBy(args));
    if (name === 'EXEC' || name === 'DISCARD' || name === 'UNWATCH') this.#queued.delete(client);
    else if (inTransaction) queued?.push(touchedBy(args));
  }
}
