import { MODULE_ENDINGS } from '../../course/course.ts';
import { coding } from './coding.ts';
import type { DotCommand } from './command.ts';

export const edit: DotCommand = {
  name: '.edit',
  usage: '[js|ts|py]',
  summary: "open an exercise's file in your editor",
  words: () => [...MODULE_ENDINGS],
  run: coding((practice, ending) => practice.edit(ending)),
};
