import { NoRedis } from '../../failure.ts';
import { visible } from '../../ui/visible.ts';
import type { DotCommand } from './command.ts';

/** Shows how other clients get here, and counts what they do from now on. */
export const url: DotCommand = {
  name: '.url',
  summary: 'reach this Redis from another client',
  async run({ practice, sandbox, screen }) {
    let url: string;
    try {
      url = await sandbox.url();
    } catch (error) {
      if (!(error instanceof NoRedis)) throw error;
      screen.note(`${error.message} ${error.next}`);
      return;
    }
    const { relay } = sandbox;
    if (relay) practice?.follow(relay);
    screen.line(`  ${screen.theme.command(visible(url))}`);
    const secret = new URL(url).password === '' ? '' : ' It holds a password.';
    screen.note(`For redis-cli -u, redis-py or any other client.${secret}`);
    if (!relay)
      screen.note(
        'On this server of yours, what they do counts at your next line, and what they make stays.',
      );
  },
};
