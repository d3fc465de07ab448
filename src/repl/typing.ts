import type { Attempt, Outcome } from '../engine/attempt.ts';
import { type Change, changesBetween } from '../engine/changes.ts';
import type { Snapshot } from '../redis/snapshot.ts';
import { drawChanges } from '../ui/changes.ts';
import type { Screen } from './screen.ts';

/** Runs what is typed at an exercise, and shows what it answered and changed. */
export class Typing {
  /** Whether a command is on its way. */
  running = false;
  readonly #attempt: Attempt;
  readonly #screen: Screen;
  /** The state whose changes have been shown. */
  #shown: Snapshot;

  constructor(attempt: Attempt, screen: Screen) {
    this.#attempt = attempt;
    this.#screen = screen;
    this.#shown = attempt.latest;
  }

  /** Shows what the line answered, or why it did not run. Rejects with ConnectionLost. */
  async run(line: string): Promise<Outcome> {
    let outcome: Outcome;
    this.running = true;
    try {
      outcome = await this.#attempt.run(line);
    } finally {
      this.running = false;
    }
    if (outcome.kind === 'invalid') {
      this.#screen.line('Invalid argument(s)');
      this.#screen.note('The quotes do not balance: one is missing, or something stands right behind one.');
    }
    if (outcome.kind === 'outside') {
      this.#screen.line('Not connected.');
      this.#screen.note('This exercise has a server of its own: .connect URL leads there.');
    }
    if (outcome.kind === 'reply') this.#screen.reply(outcome.args, outcome.reply);
    return outcome;
  }

  /** Shows what has changed since that was shown last, as the attempt has seen it. */
  changes(): Change[] {
    const now = this.#attempt.latest;
    const changes = changesBetween(this.#shown, now);
    this.#shown = now;
    const drawn = drawChanges(changes, { theme: this.#screen.theme, width: this.#screen.width });
    if (drawn) this.#screen.line(drawn);
    return changes;
  }
}
