import type { Sandbox } from '../sandbox/sandbox.ts';
import { Runner, type RunnerOptions } from './runner.ts';

/** Runners side by side, each on a sandbox of its own. */
export class RunnerPool {
  readonly #runners: Runner[];

  constructor(sandboxes: Sandbox[], options: RunnerOptions) {
    this.#runners = sandboxes.map((sandbox) => new Runner(sandbox, options));
  }

  /**
   * Does something for every item, each on the next runner that is free; the results in the order of the items. Once one
   * rejects no more are begun, and the first rejection is the whole's, when all that were begun are over.
   */
  async map<T, R>(items: readonly T[], work: (item: T, runner: Runner) => Promise<R>): Promise<R[]> {
    const results: R[] = [];
    const failures: unknown[] = [];
    const queue = items.entries();
    await Promise.all(
      this.#runners.map(async (runner) => {
        for (const [index, item] of queue) {
          if (failures.length > 0) return;
          try {
            results[index] = await work(item, runner);
          } catch (error) {
            failures.push(error);
          }
        }
      }),
    );
    if (failures.length > 0) throw failures[0];
    return results;
  }

  async close(): Promise<void> {
    await Promise.all(this.#runners.map((runner) => runner.close()));
  }
}
