import { bundled, type CommandDoc, type CommandDocs, fromServer } from './command-docs.ts';
import { EngineClient } from './engine-client.ts';
import { hint } from './hint.ts';
import type { Target } from './target.ts';

export interface HelpEntry {
  name: string;
  /** The syntax, as the hint behind the name would be; empty where there is nothing to add. */
  syntax: string;
  summary: string;
  since: string;
  group: string;
}

/**
 * What redis-cli finds for `help WORDS...`: the commands that begin with these words, subcommands too; for
 * `help @GROUP` all of a group. In the order of their names.
 */
export function findHelp(words: readonly (string | Buffer)[], docs: CommandDocs): HelpEntry[] {
  const wanted = words.map((word) => word.toString('latin1').toLowerCase());
  const group = wanted[0]?.startsWith('@') ? wanted[0].slice(1) : undefined;
  const fits = ({ name, group: own }: CommandDoc) => {
    if (group !== undefined) return own.toLowerCase() === group;
    const parts = name.toLowerCase().split(' ');
    return wanted.every((word, index) => word === parts[index]);
  };
  return docs.names
    .map((name) => docs.get(name)!)
    .filter(fits)
    .map(({ name, summary, since, group: own }) => ({
      name,
      syntax: hint(`${name} `, docs),
      summary,
      since,
      group: own,
    }));
}

/** As redis-cli writes it, terminal or not: with its colours and line ends. `words` are those behind `help`. */
export function printHelp(words: readonly (string | Buffer)[], docs: CommandDocs): string {
  const named = words[0]?.toString('latin1').startsWith('@');
  const entries = findHelp(words, docs).map(({ name, syntax, summary, since, group }) => {
    const lines = [
      '',
      `  \x1b[1m${name}\x1b[0m \x1b[90m${syntax}\x1b[0m`,
      `  \x1b[33msummary:\x1b[0m ${summary}`,
      ...(since === '' ? [] : [`  \x1b[33msince:\x1b[0m ${since}`]),
      ...(named ? [] : [`  \x1b[33mgroup:\x1b[0m ${group}`]),
    ];
    return `${lines.join('\r\n')}\r\n`;
  });
  return `${entries.join('')}\r\n`;
}

/** What redis-cli of the server's version writes for `help WORDS...`; asked over a connection of its own. */
export async function serverHelp(words: Buffer[], target: Target): Promise<string> {
  const engine = await EngineClient.connect(target).catch(() => undefined);
  try {
    if (words.length > 0) return printHelp(words, await (engine ? fromServer(engine) : bundled()));
    const info = await engine?.send(['INFO', 'server']);
    const facts = info?.type === 'bulk' ? info.bytes.toString('latin1') : '';
    return printGeneralHelp(/redis_version:(\S+)/.exec(facts)?.[1] ?? '');
  } finally {
    await engine?.close();
  }
}

/** What redis-cli of a version says to `help` alone. */
export function printGeneralHelp(version: string): string {
  return `redis-cli ${version}
To get help about Redis commands type:
      "help @<group>" to get a list of commands in <group>
      "help <command>" for help on <command>
      "help <tab>" to get a list of possible help topics
      "quit" to exit

To set redis-cli preferences:
      ":set hints" enable online hints
      ":set nohints" disable online hints
Set your preferences in ~/.redisclirc
`;
}
