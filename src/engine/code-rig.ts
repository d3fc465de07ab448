import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ran } from '../code/host.ts';
import { CodeRunner } from '../code/runner.ts';
import type { CodeAnswer } from '../course/course.ts';
import type { Place } from '../redis/place.ts';
import { Relay } from '../redis/relay.ts';
import type { Target } from '../redis/target.ts';
import { makePrivateFolder } from '../sandbox/private-folder.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

const CODE_SOCKET = 'code.sock';

/** Runs code on one sandbox, in processes of its own, by way of a relay: all that it does there is seen. */
export class CodeRig {
  readonly relay: Relay;
  readonly #runner: CodeRunner;
  readonly #folder: string | undefined;

  private constructor(relay: Relay, runner: CodeRunner, folder?: string) {
    this.relay = relay;
    this.#runner = runner;
    this.#folder = folder;
  }

  /** `limit` is the longest that one piece of code may take, in milliseconds. */
  static async open(sandbox: Sandbox, limit: number): Promise<CodeRig> {
    const { learnerTarget } = sandbox;
    if (sandbox.place) return CodeRig.#outside(learnerTarget, await sandbox.place(), limit);
    // A socket in a folder of our own: where a certificate is the login, a port would let others in by it.
    const own = sandbox.folder === undefined ? await makePrivateFolder() : undefined;
    const socketPath = join(own ?? sandbox.folder!, CODE_SOCKET);
    const relay = await Relay.listen(learnerTarget, { path: socketPath });
    const { username, password, db } = learnerTarget;
    const target = {
      socketPath,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(db !== undefined && { db }),
    };
    return new CodeRig(relay, new CodeRunner({ target }, limit), own);
  }

  /** For code that connects by itself: to a port of the relay, or of a server that speaks TLS, where nobody reads along. */
  static async #outside(learnerTarget: Target, place: Place, limit: number): Promise<CodeRig> {
    const relay = await Relay.listen(learnerTarget, { host: '127.0.0.1', port: 0 });
    const at = place.ca ? place.at : { host: '127.0.0.1', port: relay.port };
    return new CodeRig(relay, new CodeRunner({ place: { ...place, at } }, limit));
  }

  run(code: CodeAnswer): Promise<Ran> {
    return this.#runner.run(code);
  }

  /** Ends the connections that code has left open: the server knows of none any more. */
  leave(): Promise<void> {
    return this.relay.cut();
  }

  /** Ends whatever earlier code has left running; the next gets a process of its own. */
  endCode(): void {
    this.#runner.close();
  }

  async close(): Promise<void> {
    this.#runner.close();
    this.relay.close();
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
  }
}
