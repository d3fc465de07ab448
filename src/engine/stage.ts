import type { CourseServer } from '../course/course.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { CodeRig } from './code-rig.ts';

/** Opens a sandbox: the usual one, or that of a lesson's server. Rejects with NoRedis. */
export type Open = (server?: CourseServer) => Promise<Sandbox>;

/** A sandbox, with what runs code on it once some is to be run. */
export class Stage {
  readonly sandbox: Sandbox;
  readonly #limit: number;
  #rig: Promise<CodeRig> | undefined;

  /** `limit` is the longest that one piece of code may take, in milliseconds. */
  constructor(sandbox: Sandbox, limit: number) {
    this.sandbox = sandbox;
    this.#limit = limit;
  }

  rig(): Promise<CodeRig> {
    this.#rig ??= CodeRig.open(this.sandbox, this.#limit);
    return this.#rig;
  }

  /** Ends whatever code has left running; the next gets a process of its own. */
  async endCode(): Promise<void> {
    (await this.#rig)?.endCode();
  }

  async close(): Promise<void> {
    const rig = await this.#rig?.catch(() => undefined);
    await rig?.close();
    await this.sandbox.close();
  }
}
