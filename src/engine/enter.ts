import type { Reply } from '../redis/reply.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { CA_FILE, type ConnectLine } from './connect-line.ts';

/** Where a URL led, or why nowhere: one sentence, or two. */
export type Entry =
  | { kind: 'connected'; user: string | null; db: number; tls: boolean }
  | { kind: 'refused'; message: string };

/** Connects the learner by a URL, to the server of the exercise and no other. Rejects with ConnectionLost. */
export async function enter(sandbox: Sandbox, { url, cacert }: ConnectLine): Promise<Entry> {
  if (!sandbox.connect)
    return refused('You are connected already: this exercise is on the server that you have.');
  if (url === '') return refused('Write the URL behind it: .connect redis://host:port');
  if (cacert !== undefined && cacert !== CA_FILE)
    return refused(`There is no file ${cacert} here; there is ${CA_FILE}.`);
  return sandbox.connect(url, { ca: cacert !== undefined });
}

/** What a server would reply, had it been a command. */
export function replyOf(entry: Entry): Reply {
  return entry.kind === 'connected'
    ? { type: 'status', bytes: Buffer.from('OK') }
    : { type: 'error', bytes: Buffer.from(entry.message) };
}

function refused(message: string): Entry {
  return { kind: 'refused', message };
}
