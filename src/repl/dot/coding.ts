import { ModulePractice } from '../module-practice.ts';
import type { DotCommand } from './command.ts';

/** For what makes sense at an exercise of code alone. */
export function coding(
  run: (practice: ModulePractice, argument: string) => void | Promise<void>,
): DotCommand['run'] {
  return ({ practice, screen }, argument) => {
    if (practice instanceof ModulePractice) return run(practice, argument);
    screen.note(
      practice
        ? 'This exercise is done with commands, and has no file. .task shows it again.'
        : 'There is no task here. Enter goes on.',
    );
  };
}
