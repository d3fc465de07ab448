import { type Course, exercisesOf } from '../course/course.ts';
import type { LessonSession } from './lesson-session.ts';
import type { Practice } from './practice.ts';

/** Where to go after a step. */
export type Move = { to: 'next' | 'back' | 'again' | 'quit' } | { to: 'exercise'; id: string };

type Result = Move | undefined | void;

export interface DotCommand {
  name: string;
  /** What may follow the name. */
  usage?: string;
  summary: string;
  /** Words that may stand behind the name, for completion. */
  words?(course: Course, typed: string): string[];
  run(session: LessonSession, argument: string): Result | Promise<Result>;
}

/** In the order in which `.help` lists them. */
export const dotCommands: DotCommand[] = [
  { name: '.task', summary: 'show the task again', run: practising((practice) => practice.task()) },
  {
    name: '.check',
    summary: 'say what is right and what is missing',
    run: practising((practice) => practice.check()),
  },
  { name: '.hint', summary: 'one hint more', run: practising((practice) => practice.hint()) },
  { name: '.solution', summary: 'show an answer', run: practising((practice) => practice.solution()) },
  {
    name: '.code',
    usage: '[node|python]',
    summary: 'show the answer as code',
    words: () => ['node', 'python'],
    run: practising((practice, language) => practice.code(language)),
  },
  {
    name: '.answer',
    usage: '[text]',
    summary: 'answer a question; without text, choose',
    run: practising((practice, text, session) => {
      if (text !== '') return practice.try(`.answer ${text}`);
      if (practice.choices) return session.choose(practice);
      if (practice.asks) session.say('Write the answer behind it: .answer TEXT');
      else session.say('No question is asked here: this is done with commands. .task shows it again.');
    }),
  },
  { name: '.reset', summary: 'begin this exercise again', run: () => ({ to: 'again' }) },
  {
    name: '.skip',
    summary: 'leave it and go on',
    run: (session) => {
      session.practice?.skip();
      return { to: 'next' };
    },
  },
  { name: '.back', summary: 'go back to the exercise before', run: () => ({ to: 'back' }) },
  { name: '.list', summary: 'this lesson, and what is solved', run: (session) => session.list() },
  {
    name: '.go',
    usage: 'lesson[/exercise]',
    summary: 'go to another one',
    // So many exercises are for who has named a lesson.
    words: (course, typed) =>
      (typed.includes('/') ? exercisesOf(course) : course.lessons).map(({ id }) => id),
    run: (session, name) => session.go(name),
  },
  { name: '.url', summary: 'reach this Redis from another client', run: (session) => session.url() },
  { name: '.help', summary: 'this list', run: (session) => session.help() },
  { name: '.quit', summary: 'leave; your progress is kept', run: () => ({ to: 'quit' }) },
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

/** For what makes sense at an exercise alone. */
function practising(
  run: (practice: Practice, argument: string, session: LessonSession) => void | Promise<void>,
): DotCommand['run'] {
  return (session, argument) => {
    if (session.practice) return run(session.practice, argument, session);
    session.say('There is no task here. Enter goes on.');
  };
}
