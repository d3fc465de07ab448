import type { Reply } from './reply.ts';
import { confirmationOf, isMonitorLine, pubSubKind, Session } from './session.ts';

/** A command that was sent and has not been answered in full. */
export interface Asked {
  args: readonly Buffer[];
  /** Confirmations still to come, once the first is there. */
  confirmations?: number;
}

/**
 * What the server sent, and which command it belongs to. `answer`: the one reply. `first`, `further`: SUBSCRIBE
 * and its kin are answered by a confirmation for each channel. `unasked`: a message, a push, a line of MONITOR.
 */
export type Taken<Q extends Asked> =
  | { part: 'answer' | 'first' | 'further'; to: Q }
  | { part: 'unasked'; to?: undefined };

/** Commands and replies of one connection, told together. No I/O. */
export class Conversation<Q extends Asked> {
  readonly session: Session;
  /** What has not been answered in full, the oldest first. */
  readonly waiting: Q[] = [];

  /** `db` is the logical database that the connection begins in. */
  constructor(db: number) {
    this.session = new Session(db);
  }

  /** Takes in what the server sent next. */
  take(reply: Reply): Taken<Q> {
    const [asked] = this.waiting;
    const kind = pubSubKind(reply);
    if (asked !== undefined && kind === confirmationOf(asked.args)) return this.#confirm(asked, reply);
    if (asked === undefined || this.#isUnasked(reply, kind)) return { part: 'unasked' };
    this.waiting.shift();
    this.session.note(asked.args, reply);
    return { part: 'answer', to: asked };
  }

  #confirm(asked: Q, reply: Reply): Taken<Q> {
    const part = asked.confirmations === undefined ? 'first' : 'further';
    asked.confirmations ??= this.session.confirmations(asked.args);
    this.session.confirmed(reply);
    if (--asked.confirmations === 0) this.waiting.shift();
    return { part, to: asked };
  }

  /** In RESP 2 a subscribed connection gets no other arrays that begin like a message. */
  #isUnasked(reply: Reply, kind: string | undefined): boolean {
    const { monitoring, protocol, subscribed } = this.session;
    if (reply.type === 'push') return true;
    if (monitoring && isMonitorLine(reply)) return true;
    return protocol === 2 && subscribed && kind !== undefined;
  }
}
