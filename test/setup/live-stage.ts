import type { SeenCommand } from '../../src/checks/evidence/evidence.ts';
import { judge } from '../../src/checks/judge.ts';
import type { Verdict } from '../../src/checks/verdict.ts';
import { EngineClient } from '../../src/redis/engine-client.ts';
import { LearnerClient } from '../../src/redis/learner-client.ts';
import { splitArgs } from '../../src/redis/split.ts';
import { type Bare, exercise } from './exercise-stage.ts';
import { type PlainServer, startPlainServer } from './plain-server.ts';

/** For tests of checks: a real server on which lines are run and judged. */
export class LiveStage {
  readonly engine: EngineClient;
  readonly #server: PlainServer;

  private constructor(server: PlainServer, engine: EngineClient) {
    this.#server = server;
    this.engine = engine;
  }

  static async start(): Promise<LiveStage> {
    const server = await startPlainServer();
    return new LiveStage(
      server,
      await EngineClient.connect({ socketPath: server.socketPath }, 'rediscover:engine'),
    );
  }

  async stop(): Promise<void> {
    await this.engine.close();
    await this.#server.stop();
  }

  /** What the checks say after these lines, from this given state on, of a learner who has just come. */
  async judge(checks: Bare | Bare[], given: string[], lines: string[]): Promise<Verdict> {
    await this.engine.send(['FLUSHALL']);
    for (const reply of await this.engine.pipeline(given.map((line) => splitArgs(line)!))) {
      if (reply.type === 'error') throw new Error(`not a given state: ${reply.bytes}`);
    }
    const start = await this.engine.snapshot();
    const learner = await LearnerClient.connect(
      { socketPath: this.#server.socketPath },
      'rediscover:learner',
    );
    try {
      const commands: SeenCommand[] = [];
      for (const line of lines) {
        const args = splitArgs(line)!;
        const { db } = learner;
        const time = Date.now();
        commands.push({ args, client: 'prompt', db, time, reply: await learner.send(args) });
      }
      const now = await this.engine.snapshot();
      return judge(exercise(...[checks].flat()), { given: start, now, db: 0, evidence: { commands } });
    } finally {
      learner.close();
    }
  }
}
