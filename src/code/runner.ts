import type { CodeAnswer } from '../course/course.ts';
import type { Host, Ran, Request } from './host.ts';
import { startNode } from './node.ts';
import { findPython, startPython } from './python.ts';

/** Longest that a snippet may take, in milliseconds, where nothing else is said. */
const LIMIT = 10_000;

/**
 * Runs code snippets against a server, each language in a process of its own that is kept for the next
 * one: a snippet that crashes or never ends takes only its host along.
 */
export class CodeRunner {
  readonly #to: Pick<Request, 'target' | 'place'>;
  readonly #limit: number;
  readonly #hosts = new Map<CodeAnswer['language'], Host>();

  /**
   * A `target` is a unix socket. It goes to the hosts through a pipe, never by argv: it holds a password.
   * `limit` is in milliseconds.
   */
  constructor(to: Pick<Request, 'target' | 'place'>, limit: number = LIMIT) {
    this.#to = to;
    this.#limit = limit;
  }

  async run({ language, source }: CodeAnswer): Promise<Ran> {
    const host = this.#hosts.get(language) ?? (await start(language));
    if ('missing' in host) return { kind: 'unavailable', message: host.missing };
    this.#hosts.set(language, host);
    const ran = await host.run({ ...this.#to, source }, this.#limit);
    if (host.ended) this.#hosts.delete(language);
    return ran;
  }

  close(): void {
    for (const host of this.#hosts.values()) host.kill();
    this.#hosts.clear();
  }
}

async function start(language: CodeAnswer['language']): Promise<Host | { missing: string }> {
  if (language === 'node') return startNode();
  const python = await findPython();
  return 'missing' in python ? python : startPython(python.command);
}
