import type { LearnerClient } from '../redis/learner-client.ts';

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
