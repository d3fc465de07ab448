import { coding } from './coding.ts';
import type { DotCommand } from './command.ts';

export const run: DotCommand = {
  name: '.run',
  summary: 'run your module once, and show what it prints',
  run: coding((practice) => practice.run()),
};
