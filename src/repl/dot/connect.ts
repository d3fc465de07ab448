import type { DotCommand } from './command.ts';

/** At an exercise with a server of its own: connects to that, by a URL. */
export const connect: DotCommand = {
  name: '.connect',
  usage: '[--cacert FILE] URL',
  summary: "connect to an exercise's own server",
  async run({ practice, screen }, argument) {
    if (practice) return practice.try(`.connect ${argument}`);
    screen.note('There is nothing to connect to here. Enter goes on.');
  },
};
