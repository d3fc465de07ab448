import { connect, type NodeRedisClient } from './connection.ts';
import { splitArgs } from './split.ts';
import type { Target } from './target.ts';

/** A command that some client ran, as MONITOR shows it. */
export interface MonitoredCommand {
  /** The server's clock, in milliseconds since 1970, with three decimals. */
  time: number;
  db: number;
  /** Where it came from: `127.0.0.1:50104`, `[::1]:50104`, `unix:/path`, or `lua` for a script. */
  client: string;
  args: Buffer[];
}

/** Follows, on a connection of its own, what every client of a server runs. */
export class Monitor {
  /** Settles when there is no more to see, with the reason; also after `stop`. Never rejects. */
  readonly lost: Promise<string>;
  readonly #client: NodeRedisClient;

  private constructor(client: NodeRedisClient, lost: Promise<string>) {
    this.#client = client;
    this.lost = lost;
  }

  /**
   * Resolves when the server has begun to show commands: all that are run from then on are seen, in order.
   * Rejects as `connect` does, or with the server's error where this user may not MONITOR.
   */
  static async start(target: Target, onCommand: (seen: MonitoredCommand) => void): Promise<Monitor> {
    const { client, closed } = await connect(target, 'rediscover:monitor');
    const monitor = new Monitor(client, closed);
    try {
      await client.monitor((line) => {
        const seen = parseMonitorLine(String(line));
        if (seen !== undefined) onCommand(seen);
      });
    } catch (error) {
      monitor.stop();
      throw error;
    }
    return monitor;
  }

  /** Safe to call twice. */
  stop(): void {
    this.#client.destroy();
  }
}

/** A line of MONITOR; undefined where it is none. */
export function parseMonitorLine(line: string): MonitoredCommand | undefined {
  const parts = /^(\d+)\.(\d{6}) \[(\d+) (.*?)\] (".*)$/s.exec(line);
  if (parts === null) return undefined;
  const [, seconds, micros, db, client, command] = parts;
  const args = splitArgs(command!);
  if (args === null) return undefined;
  return { time: Number(seconds) * 1000 + Number(micros) / 1000, db: Number(db), client: client!, args };
}
