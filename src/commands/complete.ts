import type { Command, Option } from 'commander';
import type { Course } from '../course/course.ts';
import { exercisesOf } from '../course/course.ts';
import { ExitCode } from '../failure.ts';
import { shells } from './completion.ts';
import { openOutline } from './course-option.ts';

/** What may stand in a place: a word and what it means. `:files` and `:folders` leave it to the shell. */
export interface Candidate {
  value: string;
  about: string;
}

/**
 * `rediscover __complete -- WORDS`: prints what may stand in the place of the last word. Says nothing where it can't:
 * whoever presses Tab wants no message.
 */
export async function runComplete(words: string[], program: Command): Promise<ExitCode> {
  const found = await candidates(words, program, (folder) =>
    openOutline(folder === undefined ? {} : { course: folder }),
  ).catch(() => []);
  process.stdout.write(found.map(({ value, about }) => `${value}${about ? `\t${about}` : ''}\n`).join(''));
  return ExitCode.passed;
}

/** A command line as far as it is typed. */
interface CommandLine {
  command: Command;
  /** Words that are no flags, without the names of commands. */
  operands: string[];
  /** The flag that the current word is the value of. */
  option: Option | undefined;
  /** What stands before the value in the same word: `--format=`. */
  prefix: string;
  current: string;
  onlyOperands: boolean;
  /** The course that the line names. */
  course: string | undefined;
}

/** `words` are those after the program's name; the last one, which may be empty, is being typed. */
export async function candidates(
  words: string[],
  program: Command,
  courseIn: (folder: string | undefined) => Promise<Course>,
): Promise<Candidate[]> {
  const line = commandLineOf(words, program);
  const found = await candidatesAt(line, program, courseIn);
  return found
    .filter(({ value }) => value.startsWith(':') || value.startsWith(line.current))
    .map(({ value, about }) => ({
      value: value.startsWith(':') ? value : line.prefix + value,
      about: plain(about),
    }));
}

async function candidatesAt(
  line: CommandLine,
  program: Command,
  courseIn: (folder?: string) => Promise<Course>,
) {
  const { command, operands, option, current, onlyOperands } = line;
  if (option) return valuesOf(option);
  if (current.startsWith('-') && !onlyOperands) return flagsOf(command);
  const subcommands = operands.length === 0 ? commandsOf(command) : [];
  if (subcommands.some(({ value }) => value.startsWith(current))) return subcommands;
  if (command === program && operands[0] === 'help') return operands.length === 1 ? commandsOf(program) : [];
  // Without a command's name it is a lesson to learn.
  const taking = command === program ? program.commands.find((one) => one.name() === 'learn') : command;
  const argument = taking?.registeredArguments[operands.length] ?? taking?.registeredArguments.at(-1);
  if (!taking || !argument || (operands.length >= taking.registeredArguments.length && !argument.variadic))
    return [];
  const name = argument.name();
  if (name === 'shell') return shells.map((value) => ({ value, about: '' }));
  if (name === 'dir') return folders;
  if (!/^(lesson|ids)/.test(name)) return [];
  const ids = idsOf(await courseIn(line.course), name === 'lesson');
  return ids.filter(({ value }) => !operands.includes(value));
}

const folders = [{ value: ':folders', about: '' }];
const files = [{ value: ':files', about: '' }];

function valuesOf(option: Option): Candidate[] {
  if (option.argChoices) return option.argChoices.map((value) => ({ value, about: '' }));
  if (option.flags.includes('<dir>')) return folders;
  return option.flags.includes('<file>') ? files : [];
}

function flagsOf(command: Command): Candidate[] {
  const options = command.createHelp().visibleOptions(command);
  return options.flatMap(({ long, description }) => (long ? { value: long, about: description } : []));
}

function commandsOf(command: Command): Candidate[] {
  const shown = command.createHelp().visibleCommands(command);
  return command.commands.length > 0
    ? shown.map((one) => ({ value: one.name(), about: one.description() }))
    : [];
}

/** Ids are small letters, digits and dashes; what isn't has no business on a command line. */
function idsOf(course: Course, lessonsOnly: boolean): Candidate[] {
  const lessons = course.lessons.map(({ id, title }) => ({ value: id, about: title }));
  const exercises = lessonsOnly
    ? []
    : exercisesOf(course).map(({ id, title }) => ({ value: id, about: title }));
  return [...lessons, ...exercises].filter(({ value }) => /^[a-z0-9][a-z0-9/_-]*$/i.test(value));
}

function commandLineOf(words: string[], program: Command): CommandLine {
  // bash takes `--format=json` for three words.
  const said = words.filter((word) => word !== '=');
  if (words.at(-1) === '=') said.push('');
  const line: CommandLine = {
    command: program,
    operands: [],
    option: undefined,
    prefix: '',
    current: said.pop() ?? '',
    onlyOperands: false,
    course: undefined,
  };
  for (const word of said) step(line, word);
  const joined = /^(--[^=]+=)(.*)$/s.exec(line.current);
  if (joined && !line.option && !line.onlyOperands) {
    line.option = optionCalled(joined[1]!.slice(0, -1), line.command);
    line.prefix = joined[1]!;
    line.current = joined[2]!;
  }
  return line;
}

function step(line: CommandLine, word: string): void {
  if (line.option) {
    if (line.option.long === '--course') line.course = word;
    line.option = undefined;
  } else if (word === '--' && !line.onlyOperands) {
    line.onlyOperands = true;
  } else if (word.startsWith('-') && word !== '-' && !line.onlyOperands) {
    const [name, value] = word.split(/=(.*)/s);
    const option = optionCalled(name!, line.command);
    if (option?.long === '--course') line.course = value;
    if (option && value === undefined && (option.required || option.optional)) line.option = option;
  } else {
    const command =
      line.operands.length === 0 ? line.command.commands.find((one) => one.name() === word) : undefined;
    if (command) line.command = command;
    else line.operands.push(word);
  }
}

function optionCalled(name: string, command: Command): Option | undefined {
  return command.options.find(({ long, short }) => name === long || name === short);
}

/** Descriptions stand behind a tab on one line, on a terminal. */
function plain(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}
