import { visible } from '../../ui/visible.ts';
import type { Practice } from '../practice.ts';
import type { DotCommand, Here, Move } from './command.ts';

export const task: DotCommand = {
  name: '.task',
  summary: 'show the task again',
  run: practising((practice) => practice.task()),
};

export const check: DotCommand = {
  name: '.check',
  summary: 'say what is right and what is missing',
  run: practising((practice) => practice.check()),
};

export const hint: DotCommand = {
  name: '.hint',
  summary: 'one hint more',
  run: practising((practice) => practice.hint()),
};

export const solution: DotCommand = {
  name: '.solution',
  summary: 'show an answer',
  run: practising((practice) => practice.solution()),
};

export const code: DotCommand = {
  name: '.code',
  usage: '[node|python]',
  summary: 'show the answer as code',
  words: () => ['node', 'python'],
  run: practising((practice, language) => practice.code(language)),
};

export const answer: DotCommand = {
  name: '.answer',
  usage: '[text]',
  summary: 'answer a question; without text, choose',
  run: practising(async (practice, text, here) => {
    if (text !== '') return practice.try(`.answer ${text}`);
    if (practice.choices) return choose(practice, practice.choices, here);
    if (practice.asks) here.screen.note('Write the answer behind it: .answer TEXT');
    else practice.asksNothing();
  }),
};

export const reset: DotCommand = {
  name: '.reset',
  summary: 'begin this exercise again',
  async run({ practice }): Promise<Move> {
    await practice?.reset();
    return { to: 'again' };
  },
};

export const skip: DotCommand = {
  name: '.skip',
  summary: 'leave it and go on',
  async run({ practice }): Promise<Move> {
    await practice?.skip();
    return { to: 'next' };
  },
};

async function choose(practice: Practice, choices: string[], here: Here): Promise<void> {
  const chosen = await here.choose(
    'Your answer',
    choices.map((value) => ({ name: visible(value), value })),
  );
  if (chosen !== undefined) await practice.try(`.answer ${chosen}`);
}

/** For what makes sense at an exercise alone. */
function practising(
  run: (practice: Practice, argument: string, here: Here) => void | Promise<void>,
): DotCommand['run'] {
  return (here, argument) => {
    if (here.practice) return run(here.practice, argument, here);
    here.screen.note('There is no task here. Enter goes on.');
  };
}
