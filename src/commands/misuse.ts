import type { Command, CommanderError } from 'commander';
import { closest } from '../course/suggest.ts';
import { BadUsage } from '../failure.ts';

/** What commander found wrong with the words of a command line, in ours, with what was probably meant. */
export function misuse(error: CommanderError, root: Command, words: string[]): BadUsage {
  const { command, rest } = commandIn(root, words);
  const path = pathOf(command);
  const help = `See: ${path} --help`;
  const names = namesIn(command);
  const [word] = rest;
  if (command !== root && words[0]?.startsWith('-')) return notFirst(command.name());
  // The default command takes any word for a lesson, and then trips over the flags of the one that was meant.
  const strays = ['commander.unknownOption', 'commander.excessArguments', 'commander.unknownCommand'];
  if (strays.includes(error.code) && word !== undefined && names.length > 0) {
    if (command !== root || error.code === 'commander.unknownCommand' || closest(word, names)) {
      return noCommand(command, word);
    }
  }
  const [said = '', ...more] = error.message.replace(/^error: /, '').split('\n');
  if (said === '(outputHelp)') return new BadUsage(`${path} goes on with one of: ${names.join(', ')}.`);
  const near = more.join(' ').match(/Did you mean (?:one of )?(.+)\?/)?.[1];
  const message = `${said.charAt(0).toUpperCase()}${said.slice(1).replace(/[.?]$/, '')}`;
  return new BadUsage(near ? `${message}; did you mean ${near}?` : `${message}.`, { next: help });
}

/** The command that these words name, for its help. Throws BadUsage. */
export function commandNamed(root: Command, words: string[]): Command {
  const { command, rest } = commandIn(root, words);
  const [word] = rest;
  if (word === undefined || command.commands.length === 0) return command;
  throw noCommand(command, word);
}

/** For a command's name behind flags or behind another command. */
export function notFirst(name: string): BadUsage {
  return new BadUsage(`${JSON.stringify(name)} is a command, and commands come first.`, {
    next: `Try: rediscover ${name}, and its flags behind it`,
  });
}

/** The command that the words lead to, and those after it that are no flags. */
function commandIn(root: Command, words: string[]): { command: Command; rest: string[] } {
  let command = root;
  const rest: string[] = [];
  for (const word of words) {
    if (word.startsWith('-')) continue;
    const next = rest.length === 0 && command.commands.find((one) => one.name() === word);
    if (next) command = next;
    else if (!(command === root && word === 'help' && rest.length === 0)) rest.push(word);
  }
  return { command, rest };
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function noCommand(command: Command, word: string): BadUsage {
  const near = closest(word, namesIn(command));
  const said = `There is no command ${JSON.stringify(word)}`;
  return new BadUsage(near ? `${said}; did you mean "${near}"?` : `${said}.`, {
    next: `See: ${pathOf(command)} --help`,
  });
}

function namesIn(command: Command): string[] {
  return command.commands.map((one) => one.name()).filter((name) => !name.startsWith('__'));
}
