import type { NamedOptions } from './named-target.ts';
import type { PrivateOptions } from './private-sandbox.ts';
import type { Sandbox } from './sandbox.ts';

export interface SandboxOptions extends PrivateOptions, NamedOptions {
  /** The URL of a server to use instead of a private one; `REDISCOVER_REDIS` where absent; null for a private one. */
  redis?: string | null | undefined;
}

/**
 * The server that the user names, else a private one of our own, started on the first server program to
 * be had. Never another: least of all whatever listens on localhost. Throws NoRedis, or BadUsage for a
 * URL or a file that can't be read.
 */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const redis = options.redis === undefined ? (options.env ?? process.env).REDISCOVER_REDIS : options.redis;
  // Apart, so that a private server is on its way before the rest is even loaded.
  if (!redis) return (await import('./private-sandbox.ts')).PrivateSandbox.open(options);
  return (await import('./named-sandbox.ts')).NamedSandbox.open({ ...options, redis });
}
