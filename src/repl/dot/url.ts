import { NoRedis } from '../../failure.ts';
import type { Place } from '../../redis/place.ts';
import { visible } from '../../ui/visible.ts';
import type { DotCommand, Here } from './command.ts';

/** Shows how other clients get here, and counts what they do from now on. */
export const url: DotCommand = {
  name: '.url',
  summary: 'reach this Redis from another client',
  async run(here) {
    const { practice, sandbox, screen } = here;
    if (sandbox.place) return guarded(here, await sandbox.place());
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

/** A lesson's own server asks others what it asks the learner. */
function guarded({ practice, sandbox, screen }: Here, { host, at, ca }: Place): void {
  const { command } = screen.theme;
  screen.line(`  ${command(`redis${ca ? 's' : ''}://${at.host}:${at.port}`)}`);
  if (ca) {
    screen.line(`  ${command(visible(`redis-cli --tls --sni ${host} --cacert ${ca.file} -p ${at.port}`))}`);
    screen.note('What others do there counts at your next line.');
  } else if (sandbox.relay) practice?.follow(sandbox.relay);
  screen.note('For redis-cli -u, redis-py or any other client, which log in as you do.');
}
