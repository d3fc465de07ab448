import { didYouMean } from '../../course/suggest.ts';
import type { DotCommand, Here, Move } from './command.ts';
import { connect } from './connect.ts';
import { diff } from './diff.ts';
import { edit } from './edit.ts';
import { answer, check, code, hint, reset, skip, solution, task } from './exercise.ts';
import { go } from './go.ts';
import { list } from './list.ts';
import { replay } from './replay.ts';
import { run } from './run.ts';
import { url } from './url.ts';

const back: DotCommand = {
  name: '.back',
  summary: 'go back to the exercise before',
  run: () => ({ to: 'back' }),
};

const help: DotCommand = {
  name: '.help',
  summary: 'this list',
  run({ screen }) {
    const { command, plain } = screen.theme;
    screen.pairs(
      dotCommands.map(({ name, usage, summary }) => ({
        head: { text: usage ? `${name} ${usage}` : name, style: command },
        tail: { text: summary, style: plain },
      })),
    );
    screen.note(
      'Anything else goes to Redis. Tab completes, Ctrl-R finds earlier lines, Ctrl-C stops, Ctrl-D leaves.',
    );
  },
};

const quit: DotCommand = {
  name: '.quit',
  summary: 'leave; your progress is kept',
  run: () => ({ to: 'quit' }),
};

/** In the order in which `.help` lists them. */
export const dotCommands: DotCommand[] = [
  task,
  check,
  hint,
  solution,
  code,
  answer,
  connect,
  edit,
  diff,
  run,
  replay,
  reset,
  skip,
  back,
  list,
  go,
  url,
  help,
  quit,
];

/** Whether a line is for us and not for Redis. */
export function isDotCommand(line: string): boolean {
  return /^\s*\./.test(line);
}

/** The command that a line begins with, or undefined; `argument` is the rest of the line. */
export function dotCommandOf(line: string): {
  command: DotCommand | undefined;
  name: string;
  argument: string;
} {
  const [, name = '', argument = ''] = /^\s*(\S*)\s*(.*?)\s*$/s.exec(line) ?? [];
  const command = dotCommands.find((one) => one.name === name.toLowerCase());
  return { command, name, argument };
}

/** Runs such a line, or says that there is no such command. Rejects with ConnectionLost. */
export async function runDotCommand(line: string, here: Here): Promise<Move | undefined> {
  const { command, name, argument } = dotCommandOf(line);
  if (command) return (await command.run(here, argument)) ?? undefined;
  const near = didYouMean(
    name,
    dotCommands.map((one) => one.name),
  );
  here.screen.note(`There is no "${name}"${near ? `; ${near}` : '.'} .help lists what there is.`);
  return undefined;
}
