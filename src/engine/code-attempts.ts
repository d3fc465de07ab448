import type { Exercise, Snippet } from '../course/course.ts';
import { nameOf } from '../redis/snapshot.ts';
import { parseTarget } from '../redis/target.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { Attempt } from './attempt.ts';
import { CodeRunner, type Ran } from './code-runner.ts';
import { Witness } from './witness.ts';

/** What checks of these kinds judge is seen by following what the code runs. */
const UNSEEN = ['reply', 'used', 'avoided', 'atomic'];

/** Attempts whose answer is code: run in a process of its own, and what it does to the sandbox is judged. */
export class CodeAttempts {
  readonly #sandbox: Sandbox;
  readonly #runner: CodeRunner;
  /** Absent on a server that the user named: it would show other people's commands. */
  readonly #witness: Witness | undefined;

  private constructor(sandbox: Sandbox, runner: CodeRunner, witness: Witness | undefined) {
    this.#sandbox = sandbox;
    this.#runner = runner;
    this.#witness = witness;
  }

  /** `limit` is the longest that a snippet may take, in milliseconds. */
  static async open(sandbox: Sandbox, limit?: number): Promise<CodeAttempts> {
    // A named server may be behind a unix socket, or a certificate that no URL tells of.
    const target = sandbox.kind === 'named' ? sandbox.target : parseTarget(await sandbox.url());
    const witness = sandbox.monitorable ? await Witness.start(sandbox) : undefined;
    return new CodeAttempts(sandbox, new CodeRunner(target, limit), witness);
  }

  /** Begins an attempt and runs the snippet. Where it did not end in time, the server may be busy still. */
  async run(exercise: Exercise, snippet: Snippet): Promise<{ attempt: Attempt; ran: Ran }> {
    const attempt = await Attempt.begin(this.#sandbox, exercise, { witness: this.#witness });
    if (!this.#witness && exercise.checks.some(({ kind }) => UNSEEN.includes(kind))) {
      const message = 'what code runs cannot be followed on this server, and the task asks how it is done';
      return { attempt, ran: { kind: 'unavailable', message } };
    }
    const ran = await this.#runner.run(snippet);
    if (ran.kind !== 'late') await this.adoptKeys(attempt);
    return { attempt, ran };
  }

  /** On a server that the user named, what came into being during the attempt is the code's, and ours to remove. */
  async adoptKeys(attempt: Attempt): Promise<void> {
    if (this.#sandbox.kind !== 'named') return;
    const { keys } = await this.#sandbox.engine.snapshot();
    const made = [...keys.values()].filter(({ name }) => !attempt.given.keys.has(nameOf(name)));
    await this.#sandbox.adopt(made.map(({ name }) => name));
  }

  /** Ends whatever earlier snippets have left running; the next one gets a process of its own. */
  endCode(): void {
    this.#runner.close();
  }

  close(): void {
    this.#runner.close();
    this.#witness?.stop();
  }
}
