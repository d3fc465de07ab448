import type { There } from './words/there.ts';

/** What happened in one of an exercise's worlds. Plain data. */
export interface WorldStory {
  /** Counted from 1, in the exercise. */
  number: number;
  /** What is different there. `meanwhile`: another client is at work; `dies`: the answer ends on the way. */
  kind: There['kind'];
  /** The author's words for it. */
  where?: string;
  /** The command lines that it begins with; those that come on top of the exercise's own, where it has these. */
  given: string[];
  /** In the order in which they were answered. */
  events: WorldEvent[];
}

export interface WorldEvent {
  by: 'you' | 'other';
  /** As it would be typed. */
  command: string;
  /** As in `replyText`. */
  reply: string;
}
