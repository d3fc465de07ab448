import dgram from 'node:dgram';
import dns from 'node:dns';
import { Server, Socket } from 'node:net';
import { format } from 'node:util';

export interface Guards {
  output(text: string): void;
  /** The code wants to end the process, which goes on. */
  onExit(code: unknown): void;
  /** Makes a connection in place of `Socket.prototype.connect`, or destroys the socket. */
  connect(socket: Socket, args: unknown[], connect: (...args: unknown[]) => Socket): Socket;
}

/** Ends what the code was at: process.exit() never returns. */
class Exit extends Error {
  override readonly name = 'Exit';
}

/**
 * Keeps the code of this process to its Redis, and the process alive. It is a rail against accidents, and no wall: the
 * permissions that Node itself knows are asked for besides, where the process is started.
 */
export function guard({ output, onExit, connect }: Guards): void {
  for (const name of ['log', 'info', 'debug', 'warn', 'error', 'dir', 'trace'] as const)
    console[name] = (...words: unknown[]) => output(format(...words));
  for (const stream of ['stdout', 'stderr'] as const)
    process[stream].write = ((chunk: string | Uint8Array) => {
      output(String(chunk).replace(/\n$/, ''));
      return true;
    }) as NodeJS.WriteStream['write'];

  process.exit = ((code?: unknown) => {
    onExit(code);
    throw new Exit('this ends the process');
  }) as typeof process.exit;
  process.abort = () => process.exit();
  process.kill = () => {
    throw new Error('the code of an exercise sends no signals');
  };

  const original = Socket.prototype.connect;
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
    return connect(this, args, (...others) => original.apply(this, others as Parameters<typeof original>));
  } as typeof original;
  Server.prototype.listen = () => refuse('listens nowhere');
  dgram.createSocket = () => refuse('sends no datagrams');
  for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6'] as const)
    Object.assign(dns, { [name]: () => refuse('asks no name server') });
  Object.assign(dns.promises, { lookup: async () => ({ address: '127.0.0.1', family: 4 }) });
}

function refuse(what: string): never {
  throw new Error(`the code of an exercise ${what}: it reaches the exercise's Redis alone`);
}
