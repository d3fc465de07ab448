import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ActorPool, type Module } from '../../src/code/actor-pool.ts';
import { type Explored, explore } from '../../src/code/explore.ts';
import { Play, type Played } from '../../src/code/play.ts';
import type { Case } from '../../src/code/scenario.ts';
import { EngineClient } from '../../src/redis/engine-client.ts';
import { type PlainServer, startPlainServer } from './plain-server.ts';

/** A server, and actors on it, for modules that are judged by cases of a test's own. */
export class ModuleStage {
  readonly engine: EngineClient;
  readonly pool: ActorPool;
  readonly #server: PlainServer;
  readonly #limit: number;

  private constructor(server: PlainServer, engine: EngineClient, limit: number) {
    this.#server = server;
    this.engine = engine;
    this.#limit = limit;
    const folder = mkdtempSync(join(tmpdir(), 'm-'));
    this.pool = new ActorPool({ target: { socketPath: server.socketPath }, folder, limit });
  }

  /** `limit`: ms that an actor may compute without pause. */
  static async open(limit = 3000): Promise<ModuleStage> {
    const server = await startPlainServer();
    return new ModuleStage(server, await EngineClient.connect({ socketPath: server.socketPath }), limit);
  }

  module(source: string, exports: string[], file = '/home/ada/rediscover/answer.js'): Module {
    return { language: 'node', file, source, exports };
  }

  play(one: Case, module: Module, choices: readonly string[] = [], states = false): Promise<Played> {
    const process = (index: number) => this.pool.take(index, module);
    return Play.run(one, { engine: this.engine, process, choices, states, limit: this.#limit });
  }

  explore(one: Case, module: Module, first?: readonly string[]): Promise<Explored<Played>> {
    const { bound = 2 } = one.explore ?? {};
    return explore((choices) => this.play(one, module, choices), { bound, most: 5000, first });
  }

  async close(): Promise<void> {
    this.pool.close();
    await this.engine.close();
    await this.#server.stop();
  }
}
