import type { CommandArgument, CommandDoc, CommandDocs } from '../redis/command-docs.ts';
import type { Reply } from '../redis/reply.ts';
import { visible } from '../ui/visible.ts';
import { dotCommands } from './dot-commands.ts';

/** Knows what may follow on a line: commands, their options and the keys that exist. */
export class Assistant {
  #docs: CommandDocs | undefined;
  #hint: ((line: string, docs: CommandDocs) => string) | undefined;
  /** Names of the keys there are; asked when Tab is pressed. */
  readonly #keys: () => string[];
  readonly #dots: boolean;

  constructor(options: { keys: () => string[]; dots: boolean }) {
    this.#keys = options.keys;
    this.#dots = options.dots;
  }

  /** Learns the server's own commands; until then nothing is offered. Loaded late: nobody waits for it. */
  async learnFrom(client: { send(args: Buffer[]): Promise<Reply> }): Promise<void> {
    const [{ fromServer }, { hint }] = await Promise.all([
      import('../redis/command-docs.ts'),
      import('../redis/hint.ts'),
    ]);
    this.#docs = await fromServer(client);
    this.#hint = hint;
  }

  /** Grey text to show behind the line. */
  hint(line: string): string {
    if (!this.#docs || !this.#hint || line.startsWith('.')) return '';
    const hint = visible(this.#hint(line, this.#docs));
    return hint === '' || line.endsWith(' ') ? hint : ` ${hint}`;
  }

  /** The words that fit behind the cursor, and the part of the line that they replace: readline's completer. */
  complete(line: string): [words: string[], replaced: string] {
    if (this.#dots && line.startsWith('.')) {
      return [dotCommands.map(({ name }) => name).filter((name) => name.startsWith(line)), line];
    }
    const start = line.trimStart();
    const names = this.#docs?.names.filter((name) => name.startsWith(start.toUpperCase())) ?? [];
    if (start !== '' && names.length > 0 && !names.includes(start.toUpperCase())) {
      return [names.map((name) => spelt(name, start)), start];
    }
    const words = start.split(/\s+/);
    if (words.length < 2) return [[], start];
    const last = words.at(-1)!;
    const keys = this.#keys().filter((key) => key.startsWith(last) && !needsQuotes(key));
    const doc = this.#docs?.find(words);
    const tokens =
      doc && last !== '' ? tokensOf(doc).filter((token) => token.startsWith(last.toUpperCase())) : [];
    return [[...keys, ...tokens.map((token) => spelt(token, last))], last];
  }
}

function tokensOf(doc: CommandDoc): string[] {
  const walk = (args: CommandArgument[] = []): string[] =>
    args.flatMap((arg) => [...(arg.token ? [arg.token] : []), ...walk(arg.arguments)]);
  return [...new Set(walk(doc.arguments))];
}

/** Such a name would not be read back as it is. */
function needsQuotes(key: string): boolean {
  return key === '' || /[\s"'\\]/.test(key) || visible(key) !== key;
}

/** In small letters where the user types small letters. */
function spelt(name: string, typed: string): string {
  return /[a-z]/.test(typed) && !/[A-Z]/.test(typed) ? name.toLowerCase() : name;
}
