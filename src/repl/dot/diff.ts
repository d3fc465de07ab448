import { coding } from './coding.ts';
import type { DotCommand } from './command.ts';

export const diff: DotCommand = {
  name: '.diff',
  summary: 'what you changed of the starter',
  run: coding((practice) => practice.diff()),
};
