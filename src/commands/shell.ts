import { ExitCode } from '../failure.ts';
import type { Prompt } from '../repl/prompt.ts';
import type { Served } from '../sandbox/plain.ts';
import type { RedisFlags } from './flags.ts';
import { openRedis } from './redis-option.ts';
import { closeOnSignals, hangUp } from './signals.ts';

export interface ShellFlags extends RedisFlags {
  /** --raw is true, --no-raw is false; where neither is given, standard output decides. */
  raw?: boolean;
}

/** `rediscover shell`: the prompt on a terminal, and with piped input what redis-cli does with it. */
export async function runShell(flags: ShellFlags): Promise<ExitCode> {
  const { stdin: input, stdout: output } = process;
  const form = (flags.raw ?? !output.isTTY) ? 'raw' : 'formatted';
  const interactive = input.isTTY && output.isTTY;
  // Loaded while the server starts.
  const loading = interactive ? import('./shell-prompt.ts') : import('../repl/pipe-session.ts');
  loading.catch(() => {});
  let served = await serve(flags);
  let prompt: Prompt | undefined;
  const close = () => served.close();
  const release = closeOnSignals(close, () => prompt?.signalled() ?? false);
  try {
    const loaded = await loading;
    if ('PipeSession' in loaded) return await new loaded.PipeSession({ served, form, input, output }).run();
    const reopen = async () => {
      served = await serve(flags, { quiet: true });
      return served;
    };
    await loaded.promptShell(served, form, reopen, (opened) => {
      prompt = opened;
    });
    return ExitCode.passed;
  } finally {
    await served.close();
    release();
    hangUp(prompt);
  }
}

/** A server of the user's as they would reach it with redis-cli, or a private one. */
async function serve(flags: ShellFlags, { quiet = false } = {}): Promise<Served> {
  const redis = flags.redis ?? process.env.REDISCOVER_REDIS;
  if (!redis) return openRedis(flags, { quiet });
  const { PlainServer } = await import('../sandbox/plain.ts');
  return PlainServer.open({ ...flags, redis });
}
