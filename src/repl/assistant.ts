import type { Course } from '../course/course.ts';
import type { CommandArgument, CommandDoc, CommandDocs } from '../redis/command-docs.ts';
import type { Reply } from '../redis/reply.ts';
import { splitArgs } from '../redis/split.ts';
import { named } from '../ui/value.ts';
import { visible } from '../ui/visible.ts';
import { dotCommandOf, dotCommands, isDotCommand } from './dot/commands.ts';

/** Knows what may follow on a line: commands, their options and the keys that exist. */
export class Assistant {
  #docs: CommandDocs | undefined;
  #hint: ((line: string, docs: CommandDocs) => string) | undefined;
  readonly #keys: (prefix: string) => Buffer[] | Promise<Buffer[]>;
  readonly #course: Course | undefined;

  /**
   * `keys` gives names of the keys there are, at least those that begin with `prefix`; it is asked when Tab is pressed.
   * `course` is the one whose lessons dot-commands may name; without it there are none.
   */
  constructor(options: {
    keys: (prefix: string) => Buffer[] | Promise<Buffer[]>;
    course?: Course;
  }) {
    this.#keys = options.keys;
    this.#course = options.course;
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
    if (!this.#docs || !this.#hint || isDotCommand(line)) return '';
    const hint = visible(this.#hint(line, this.#docs));
    return hint === '' || line.endsWith(' ') ? hint : ` ${hint}`;
  }

  /** The words that fit behind the cursor, and the part of the line that they replace: readline's completer. */
  async complete(line: string): Promise<[words: string[], replaced: string]> {
    if (this.#course && isDotCommand(line)) return completeDot(line, this.#course);
    const start = line.trimStart();
    const names = this.#docs?.names.filter((name) => name.startsWith(start.toUpperCase())) ?? [];
    if (start !== '' && names.length > 0) return [names.map((name) => spelt(name, start)), start];
    // Where quotes are open, the word begins with the one that is.
    const open = splitArgs(start) === null ? /\s("(?:[^"\\]|\\.)*)$/s.exec(start)?.[1] : undefined;
    const last = open ?? start.split(/\s+/).at(-1)!;
    if (last === start) return [[], start];
    const keys = await this.#keys(/^"?([^"'\\]*)/.exec(last)![1]!);
    const spelled = keys.map(named).filter((key) => key.startsWith(last) || key.startsWith(`"${last}`));
    const doc = this.#docs?.find(start.split(/\s+/));
    const tokens =
      doc && last !== '' ? tokensOf(doc).filter((token) => token.startsWith(last.toUpperCase())) : [];
    return [[...spelled, ...tokens.map((token) => spelt(token, last))], last];
  }
}

function completeDot(line: string, course: Course): [words: string[], replaced: string] {
  const { command, name, argument } = dotCommandOf(line);
  const words = /\S\s/.test(line)
    ? (command?.words?.(course, argument) ?? [])
    : dotCommands.map((one) => one.name);
  const typed = /\S\s/.test(line) ? argument : name;
  return [words.filter((word) => word.startsWith(typed.toLowerCase())), typed];
}

function tokensOf(doc: CommandDoc): string[] {
  const walk = (args: CommandArgument[] = []): string[] =>
    args.flatMap((arg) => [...(arg.token ? [arg.token] : []), ...walk(arg.arguments)]);
  return [...new Set(walk(doc.arguments))];
}

/** In small letters where the user types small letters. */
function spelt(name: string, typed: string): string {
  return /[a-z]/.test(typed) && !/[A-Z]/.test(typed) ? name.toLowerCase() : name;
}
