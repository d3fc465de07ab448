import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ran } from '../code/host.ts';
import { CodeRunner } from '../code/runner.ts';
import type { Exercise, Snippet } from '../course/course.ts';
import { Relay } from '../redis/relay.ts';
import { nameOf } from '../redis/snapshot.ts';
import { makePrivateFolder, SOCKET } from '../sandbox/private-folder.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { Attempt } from './attempt.ts';

/** Attempts whose answer is code: run in a process of its own, and what it does to the sandbox is judged. */
export class CodeAttempts {
  readonly #sandbox: Sandbox;
  readonly #runner: CodeRunner;
  /** What the code connects to: all that it runs, and nothing of anybody else, is evidence. */
  readonly #relay: Relay;
  readonly #folder: string;

  private constructor(sandbox: Sandbox, runner: CodeRunner, relay: Relay, folder: string) {
    this.#sandbox = sandbox;
    this.#runner = runner;
    this.#relay = relay;
    this.#folder = folder;
  }

  /** `limit` is the longest that a snippet may take, in milliseconds. */
  static async open(sandbox: Sandbox, limit?: number): Promise<CodeAttempts> {
    // A socket in a folder of our own: where a certificate is the login, a port would let others in by it.
    const folder = await makePrivateFolder();
    const socketPath = join(folder, SOCKET);
    const { learnerTarget } = sandbox;
    const relay = await Relay.listen(learnerTarget, { path: socketPath });
    const { username, password, db } = learnerTarget;
    const target = {
      socketPath,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(db !== undefined && { db }),
    };
    return new CodeAttempts(sandbox, new CodeRunner(target, limit), relay, folder);
  }

  /** Begins an attempt and runs the snippet. Where it did not end in time, the server may be busy still. */
  async run(exercise: Exercise, snippet: Snippet): Promise<{ attempt: Attempt; ran: Ran }> {
    const attempt = await Attempt.begin(this.#sandbox, exercise, { relay: this.#relay });
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

  async close(): Promise<void> {
    this.#runner.close();
    this.#relay.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
