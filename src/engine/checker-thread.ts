import { parentPort, workerData } from 'node:worker_threads';
import { usePython } from '../code/python.ts';
import { NoRedis } from '../failure.ts';
import { openSandbox } from '../sandbox/open.ts';
import { folders } from '../sandbox/private-folder.ts';
import { PrivateSandbox } from '../sandbox/private-sandbox.ts';
import { type CheckerOptions, type FromChecker, saidOf, type Task, type ToChecker } from './checker.ts';
import { errored, notHereText, type Result, unjudged, withHelp } from './result.ts';
import { resultFor } from './result-for.ts';
import { Runner } from './runner.ts';
import type { Open } from './stage.ts';

/** Ms between two signs of life: whoever computes without pause gives none. */
const BEAT = 50;

/** The thread of a `Checker`: judges one exercise after the other, each as a learner meets it. */
async function main(): Promise<void> {
  const { beats, ...options } = workerData as CheckerOptions & { beats: SharedArrayBuffer };
  const signs = new Int32Array(beats);
  setInterval(() => Atomics.add(signs, 0, 1), BEAT).unref();
  folders.onMade = (folder) => say({ kind: 'folder', folder });
  usePython({ given: options.python });
  const { sandbox: where } = options;
  const aside: Open = (access) => PrivateSandbox.open({ ...where, access });
  const sandbox = await openSandbox(where);
  const runner = new Runner(sandbox, {
    limit: options.limit,
    trusted: options.trusted,
    reopen: (server) => (server ? aside(server) : openSandbox(where)),
    aside,
  });
  if (options.worlds) runner.worlds.warm();
  let gone: NoRedis | undefined;
  parentPort!.on('message', (message: ToChecker) => {
    if (message.kind === 'close') return void runner.close().finally(() => process.exit());
    void judged(message.task)
      .then((result) => say({ kind: 'judged', result }))
      // A checker that goes wrong is no use to the next either.
      .catch((error) => say({ kind: 'broken', error: saidOf(error) }));
  });
  say({ kind: 'ready', redis: sandbox.description });

  async function judged({ exercise, answer }: Task): Promise<Result> {
    const points = exercise.points ?? 1;
    if (gone) return errored(exercise, gone, points);
    try {
      if (!answer) {
        const why = await runner.whyNot(exercise).catch(() => undefined);
        const result = unjudged(exercise, points, why === undefined ? why : notHereText(why));
        return withHelp(result, exercise, options.telling);
      }
      const { verdict, unsolvable } = await runner.run(exercise, answer);
      if (unsolvable !== undefined) return unjudged(exercise, points, notHereText(unsolvable));
      return withHelp(resultFor(exercise, verdict, points), exercise, options.telling);
    } catch (error) {
      if (!(error instanceof NoRedis)) throw error;
      gone = error;
      return errored(exercise, error, points);
    }
  }
}

function say(message: FromChecker): void {
  parentPort!.postMessage(message);
}

main().catch((error) => say({ kind: 'broken', error: saidOf(error) }));
