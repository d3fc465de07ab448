import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { historyFile } from '../folders.ts';
import type { Form } from '../redis/print.ts';
import { splitArgs } from '../redis/split.ts';
import { Assistant } from '../repl/assistant.ts';
import { History } from '../repl/history.ts';
import { Prompt } from '../repl/prompt.ts';
import { Screen } from '../repl/screen.ts';
import { ShellSession } from '../repl/shell-session.ts';
import type { Served } from '../sandbox/unmanaged-server.ts';

/**
 * The prompt at this terminal until the user leaves; `reopen` starts another private server, `onPrompt` gets the prompt
 * once it is there. Rejects with NoRedis.
 */
export async function promptShell(
  served: Served,
  form: Form,
  reopen: () => Promise<Served>,
  onPrompt: (prompt: Prompt) => void,
): Promise<void> {
  const { stdin: input, stdout: output } = process;
  const screen = new Screen(output);
  const assistant = new Assistant({ keys: (prefix) => session?.keys(prefix) ?? [] });
  let session: ShellSession | undefined;
  const prompt = new Prompt({
    input,
    output,
    history: await History.load(historyFile()),
    complete: (line) => assistant.complete(line),
    hint: (line) => (session?.hints ? assistant.hint(line) : ''),
    dim: screen.theme.colour ? screen.theme.dim : undefined,
    onInterrupt: (typed) => session?.interrupt(typed),
  });
  onPrompt(prompt);
  try {
    session = new ShellSession({ served, form, prompt, screen, output, assistant, reopen });
    for (const line of await redisclirc()) session.prefer(line);
    await session.run();
  } finally {
    prompt.close();
  }
}

/** What redis-cli reads at its start, where it is there. */
async function redisclirc(): Promise<Buffer[][]> {
  const file = process.env.REDISCLI_RCFILE ?? join(homedir(), '.redisclirc');
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const args = splitArgs(line);
    return args?.[0]?.toString().startsWith(':') ? [args] : [];
  });
}
