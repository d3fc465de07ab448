import { type Clock, install } from '@sinonjs/fake-timers';

/** What passes as the scenario says. `setImmediate` and `process.nextTick` are no matter of time. */
const FAKED = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'Date',
  'performance',
  'hrtime',
] as const;

/** The timers and clocks of this process: they stand still until somebody says so. */
export class VirtualClock {
  #clock!: Clock;
  /** What the wall clock says at the beginning, as it is set now. */
  #beginning = 0;

  install(): void {
    this.#clock = install({ now: 0, toFake: [...FAKED], loopLimit: 100_000 });
    // Node's own goes by a clock that nothing reaches; node-redis gives up on commands by it.
    AbortSignal.timeout = abortsAfter;
  }

  /** Back to the beginning, at which the wall clock says `wall`, in ms; timers of before never fire. */
  reset(wall: number): void {
    this.#clock.reset();
    this.#clock.setSystemTime(wall);
    this.#beginning = wall;
  }

  /** When the next timer is due, in ms from the beginning; null where there is none. */
  get next(): number | null {
    const { timers } = this.#clock as unknown as { timers?: Map<number, { callAt: number }> };
    const due = [...(timers?.values() ?? [])].map(({ callAt }) => callAt);
    return due.length === 0 ? null : Math.max(0, Math.min(...due) - this.#beginning);
  }

  /** To `now`, in ms from the beginning. Timers fire one moment after the other; in between, what they set off runs. `onThrown` hears what a timer throws. */
  async pass(now: number, turn: () => Promise<void>, onThrown: (error: unknown) => void): Promise<void> {
    for (let next = this.next; next !== null && next <= now; next = this.next) {
      try {
        this.#clock.tick(Math.max(0, this.#beginning + next - this.#clock.now));
      } catch (error) {
        onThrown(error);
      }
      await turn();
    }
    this.#clock.tick(Math.max(0, this.#beginning + now - this.#clock.now));
  }

  /** Sets the wall clock on, or back: timers are due when they were. */
  jump(ms: number): void {
    this.#clock.setSystemTime(this.#clock.now + ms);
    this.#beginning += ms;
  }
}

function abortsAfter(ms: number): AbortSignal {
  const controller = new AbortController();
  const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
  setTimeout(() => controller.abort(reason), ms);
  return controller.signal;
}
