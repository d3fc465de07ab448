import type { LearnerClient } from '../redis/learner-client.ts';
import type { Target } from '../redis/target.ts';
import { type NamedOptions, readNamedTarget } from './named-target.ts';
import type { Sandbox } from './sandbox.ts';
import { addressOf, attempt, greet } from './survey.ts';

/** What a prompt without a lesson needs of a server. A sandbox has it too. */
export type Served = Pick<Sandbox, 'kind' | 'description' | 'target' | 'learner' | 'reconnect' | 'close'>;

/**
 * A server that the user named, to type at as with redis-cli: whatever server it is and whatever it holds,
 * nothing is looked at, marked or cleaned.
 */
export class UnmanagedServer implements Served {
  readonly kind = 'named';
  readonly description: string;
  readonly target: Target;
  learner: LearnerClient;

  private constructor(target: Target, learner: LearnerClient) {
    this.target = target;
    this.learner = learner;
    this.description = `${addressOf(target)}, database ${target.db ?? 0}`;
  }

  /** Throws NoRedis within 5 s where there is no way in, or BadUsage. */
  static async open(options: NamedOptions & { redis: string }): Promise<UnmanagedServer> {
    const target = await readNamedTarget(options.redis, options);
    await greet(target);
    return new UnmanagedServer(target, await connect(target));
  }

  async reconnect(): Promise<void> {
    this.learner.close();
    await greet(this.target);
    this.learner = await connect(this.target);
  }

  async close(): Promise<void> {
    this.learner.close();
  }
}

async function connect(target: Target): Promise<LearnerClient> {
  const { LearnerClient } = await import('../redis/learner-client.ts');
  // Without a name: not every user may set one.
  return attempt(target, () => LearnerClient.connect(target));
}
