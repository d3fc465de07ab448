import { isMessage } from '../../redis/session.ts';
import type { JudgeContext } from '../context.ts';
import type { Execution } from './execution.ts';

/** A message that the learner published, by a command or within a script. */
export interface Publication {
  channel: Buffer;
  message: Buffer;
  /** How many clients got it. */
  heard: number;
}

/** All that the learner published; of what a script published, what some subscriber of the exercise's heard. */
export function publicationsOf({ executions, others, messages }: JudgeContext): Publication[] {
  const typed = executions.filter(isPublication).map(publicationOf);
  // What came to a subscriber and nobody is known to have published comes from a script.
  const known = [...typed, ...others.filter(isPublication).map(publicationOf)];
  const heard: Publication[] = [];
  for (const { kind, channel, payload, other } of messages) {
    if (!other || !isMessage(kind) || !channel || payload.type !== 'bulk') continue;
    const one = { channel, message: payload.bytes, heard: 1 };
    const same = heard.find((before) => isSame(before, one));
    if (same) same.heard++;
    else heard.push(one);
  }
  return [...typed, ...heard.filter((one) => !known.some((other) => isSame(one, other)))];
}

function isPublication({ name, fate, args }: Execution): boolean {
  return (name === 'PUBLISH' || name === 'SPUBLISH') && fate === 'ran' && args.length === 3;
}

function publicationOf({ args, reply }: Execution): Publication {
  const [, channel, message] = args;
  return { channel: channel!, message: message!, heard: reply?.type === 'integer' ? Number(reply.text) : 0 };
}

function isSame(a: Publication, b: Publication): boolean {
  return a.channel.equals(b.channel) && a.message.equals(b.message);
}
