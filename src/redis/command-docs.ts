import type { Reply } from './reply.ts';

/** One argument of a command, as COMMAND DOCS describes it. */
export interface CommandArgument {
  name: string;
  /** string, integer, double, key, pattern, unix-time, pure-token, oneof or block. */
  type: string;
  /** What to show in place of the name. */
  display?: string;
  /** The word that comes before the value, or is all of it (`pure-token`). */
  token?: string;
  since?: string;
  optional: boolean;
  /** May be repeated; with `multipleToken` the token is repeated too. */
  multiple: boolean;
  multipleToken: boolean;
  /** The parts of a `block`, or the choices of a `oneof`. */
  arguments?: CommandArgument[];
}

export interface CommandDoc {
  /** In capitals: `SET`, `CLIENT KILL`. */
  name: string;
  summary: string;
  /** The version of Redis that brought it; empty where the server does not say. */
  since: string;
  group: string;
  /** The number of words, command name included; negative where it is the least number. 0: not known. */
  arity: number;
  /** Absent where the documentation names none. */
  arguments?: CommandArgument[];
  /** Names of subcommands, in capitals: `KILL`. */
  subcommands: string[];
  /** Since when it is not to be used any more, and what instead. */
  deprecated?: { since: string; instead: string };
}

/** The commands of a server. Names are looked up in any case, subcommands as `CLIENT KILL`. */
export class CommandDocs {
  readonly #commands: Map<string, CommandDoc>;

  constructor(commands: Iterable<CommandDoc>) {
    const sorted = [...commands].sort((a, b) => (a.name < b.name ? -1 : 1));
    this.#commands = new Map(sorted.map((command) => [command.name, command]));
  }

  /** All names, in alphabetical order. */
  get names(): string[] {
    return [...this.#commands.keys()];
  }

  get(name: string): CommandDoc | undefined {
    return this.#commands.get(name.toUpperCase());
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** The version of Redis that brought the command; undefined for one that is not known. */
  since(name: string): string | undefined {
    return this.get(name)?.since;
  }

  /** The command that a line begins with: the subcommand where there is one. */
  find(words: readonly (string | Buffer)[]): CommandDoc | undefined {
    const [first, second] = words.slice(0, 2).map((word) => word.toString('latin1'));
    if (first === undefined || first.includes(' ')) return undefined;
    return (second === undefined ? undefined : this.get(`${first} ${second}`)) ?? this.get(first);
  }

  /** The same without what is newer than `version` of Redis, commands and arguments. */
  upTo(version: string): CommandDocs {
    const commands = [...this.#commands.values()].filter((command) => !isNewer(command.since, version));
    return new CommandDocs(
      commands.map(({ arguments: args, ...command }) => ({
        ...command,
        ...(args ? { arguments: argumentsUpTo(args, version) } : {}),
      })),
    );
  }
}

/**
 * The documentation that comes with the program: Redis 7.0, the commands of 7.2, and names of newer ones.
 * Commands of Valkey alone are not in it. Made by scripts/command-facts.js.
 */
export async function bundled(): Promise<CommandDocs> {
  const { default: json } = await import('virtual:command-docs');
  return new CommandDocs(readDocs(JSON.parse(json)));
}

/**
 * A server's own documentation; what is bundled, cut to its version, where it has none (before 7.0), and
 * where it has the same (Redis 7.0): reading it from there takes a hundred times as long.
 */
export async function fromServer(client: { send(args: Buffer[]): Promise<Reply> }): Promise<CommandDocs> {
  const ask = async (line: string) => client.send(line.split(' ').map((word) => Buffer.from(word)));
  const info = await ask('INFO server');
  const about = info.type === 'bulk' || info.type === 'verbatim' ? info.bytes.toString('latin1') : '';
  const version = /redis_version:(\S+)/.exec(about)?.[1] ?? '6.2.0';
  if (/^7\.0\./.test(version) && !about.includes('valkey')) return (await bundled()).upTo(version);
  const [docs, commands] = await Promise.all([ask('COMMAND DOCS'), ask('COMMAND')]);
  const infos = commands.type === 'array' ? (plain(commands) as unknown[][]) : [];
  if (docs.type !== 'error' && docs.type !== 'nil')
    return new CommandDocs(readDocs(withInfos(plain(docs), infos)));
  const known = (await bundled()).upTo(version);
  const others = infos.filter(([name]) => !known.has(String(name)));
  return new CommandDocs([
    ...known.names.map((name) => known.get(name)!),
    ...readDocs(withInfos({}, others)),
  ]);
}

/** An object of plain values, as JSON has it and as `record` reads it out of RESP 2. */
type Fields = Record<string, unknown>;

/** Joins COMMAND's entries to those of COMMAND DOCS. */
function withInfos(docs: unknown, infos: unknown[][]): Fields {
  const all = record(docs);
  for (const [name, arity, , , , , , , , subcommands] of infos) {
    const doc = record(all[String(name)]);
    const parts = withInfos(doc.subcommands, (subcommands as unknown[][]) ?? []);
    all[String(name)] = { ...doc, arity, subcommands: parts };
  }
  return all;
}

function readDocs(docs: unknown): CommandDoc[] {
  return Object.entries(record(docs)).flatMap(([name, value]) => {
    const fields = record(value);
    // A subcommand is called `client|kill`.
    const full = name.toUpperCase().replace('|', ' ');
    const parts = readDocs(fields.subcommands);
    const subcommands = parts.map((part) => part.name.slice(full.length + 1)).sort();
    return [{ ...readDoc(full, fields), subcommands }, ...parts];
  });
}

function readDoc(name: string, fields: Fields): Omit<CommandDoc, 'subcommands'> {
  const { deprecated_since, replaced_by } = fields;
  return {
    name,
    summary: text(fields.summary),
    since: text(fields.since),
    group: text(fields.group),
    arity: Number(fields.arity ?? 0),
    ...(fields.arguments === undefined ? {} : { arguments: list(fields.arguments).map(readArgument) }),
    ...(deprecated_since === undefined
      ? {}
      : { deprecated: { since: text(deprecated_since), instead: text(replaced_by) } }),
  };
}

function readArgument(value: unknown): CommandArgument {
  const fields = record(value);
  const flags = list(fields.flags);
  return {
    name: text(fields.name),
    type: text(fields.type),
    ...(fields.display_text === undefined ? {} : { display: text(fields.display_text) }),
    ...(fields.token === undefined ? {} : { token: text(fields.token) }),
    ...(fields.since === undefined ? {} : { since: text(fields.since) }),
    optional: flags.includes('optional'),
    multiple: flags.includes('multiple'),
    multipleToken: flags.includes('multiple_token'),
    ...(fields.arguments === undefined ? {} : { arguments: list(fields.arguments).map(readArgument) }),
  };
}

function argumentsUpTo(args: CommandArgument[], version: string): CommandArgument[] {
  return args.flatMap((arg) => {
    if (isNewer(arg.since ?? '', version)) return [];
    if (!arg.arguments) return [arg];
    const parts = argumentsUpTo(arg.arguments, version);
    // A choice of nothing but newer options is newer itself.
    return parts.length === 0 ? [] : [{ ...arg, arguments: parts }];
  });
}

function isNewer(since: string, version: string): boolean {
  const [a, b] = [since, version].map((text) => text.split('.').map(Number));
  for (let i = 0; i < 3; i++) if ((a![i] ?? 0) !== (b![i] ?? 0)) return (a![i] ?? 0) > (b![i] ?? 0);
  return false;
}

function plain(reply: Reply): unknown {
  switch (reply.type) {
    case 'integer':
      return Number(reply.text);
    case 'array':
    case 'set':
    case 'push':
      return reply.items.map(plain);
    case 'map':
      return reply.entries.flatMap(([key, value]) => [plain(key), plain(value)]);
    case 'bulk':
    case 'status':
    case 'verbatim':
      return reply.bytes.toString();
    default:
      return undefined;
  }
}

/** RESP 2 has a map as a list of keys and values in turn. */
function record(value: unknown): Fields {
  if (!Array.isArray(value)) return value !== null && typeof value === 'object' ? (value as Fields) : {};
  const fields: Fields = {};
  for (let i = 0; i + 1 < value.length; i += 2) fields[String(value[i])] = value[i + 1];
  return fields;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
