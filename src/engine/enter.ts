import type { Entry, Sandbox } from '../sandbox/sandbox.ts';
import { CA_FILE, type ConnectLine } from './connect-line.ts';

export type { Entry } from '../sandbox/sandbox.ts';

/** Connects the learner by a URL, to the server of the exercise and no other. Rejects with ConnectionLost. */
export async function enter(sandbox: Sandbox, { url, cacert }: ConnectLine): Promise<Entry> {
  if (!sandbox.connect) return refused('You are connected already: this exercise is on the server you have.');
  if (url === '') return refused('Write the URL behind it: .connect redis://host:port');
  if (cacert !== undefined && cacert !== CA_FILE)
    return refused(`There is no file ${cacert} here; there is ${CA_FILE}.`);
  return sandbox.connect(url, { ca: cacert !== undefined });
}

function refused(message: string): Entry {
  return { kind: 'refused', why: 'unreadable', message };
}
