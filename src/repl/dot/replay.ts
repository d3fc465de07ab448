import { coding } from './coding.ts';
import type { DotCommand } from './command.ts';

export const replay: DotCommand = {
  name: '.replay',
  summary: 'go through the schedule that fails, step by step',
  run: coding((practice) => practice.replay()),
};
