import { SNAPSHOT_SHA } from '../redis/engine-client.ts';
import type { LearnerClient } from '../redis/learner-client.ts';
import { quoted } from '../redis/print.ts';
import type { Reply } from '../redis/reply.ts';
import { isMonitorLine } from '../redis/session.ts';
import { SNAPSHOT_SCRIPT } from '../redis/snapshot-script.ts';

/** How MONITOR shows that we look into the database. */
const LOOKS = [`"EVALSHA" "${SNAPSHOT_SHA}"`, `"EVAL" ${quoted(Buffer.from(SNAPSHOT_SCRIPT))}`];

/**
 * Passes on what comes in unasked, but for the lines of MONITOR that tell of our own snapshots: the script, and right
 * behind it, as nothing gets between, what it runs.
 */
export function withoutSnapshots(show: (reply: Reply) => void): (reply: Reply) => void {
  let ours = false;
  return (reply) => {
    const line = isMonitorLine(reply) && reply.type === 'status' ? reply.bytes.toString('latin1') : '';
    if (/"PING" "rediscover:\w+"$/.test(line)) return;
    ours = LOOKS.some((look) => line.includes(look)) || (ours && /^[\d.]+ \[\d+ lua\]/.test(line));
    if (!ours) show(reply);
  };
}

/** Ends what comes in unasked, messages or MONITOR, and says so. False where there is nothing to end. */
export function stopListening(learner: LearnerClient, say: (text: string) => void): boolean {
  if (!learner.subscribed && !learner.monitoring) return false;
  const ended = learner.monitoring ? 'MONITOR has ended.' : 'Left all channels.';
  // A connection that is lost meanwhile is told of elsewhere.
  void learner.unsubscribeAll().then(
    () => say(ended),
    () => {},
  );
  return true;
}
