import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { callerIn } from './node-caller.ts';
import { Clients } from './node-clients.ts';
import { guard } from './node-guard.ts';
import { type LoadedModule, loadModule } from './node-module.ts';
import { Remotes } from './node-remotes.ts';
import { thrownOf } from './node-thrown.ts';
import { watchMyself } from './node-watch.ts';
import { seedChance } from './seeded-chance.ts';
import { VirtualClock } from './virtual-clock.ts';
import type { Answered, Ask, Quiet, Said, Thrown, Wire } from './wire.ts';

// The process that has a learner's module in JavaScript: see wire.ts for what is said on descriptor 3.

/** Taken before the clock is a virtual one, and before anybody else can. */
const { setImmediate: nextTurn } = globalThis;
/** Turns of the event loop after which whatever could run has run: what a reply sets off writes in the second. */
const TURNS = 2;
/** Bytes of one piece of output. */
const MOST_OUTPUT = 4000;

const channel = new Socket({ fd: 3, readable: true, writable: true });
const clock = new VirtualClock();
const clients = new Clients(() => module?.file);
const remotes = new Remotes({
  client: () => clients.given,
  call: (fn, args) => ask(fn, args),
});
/** Calls of the scenario's functions that wait for their answer. */
const asked = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
let calls = 0;
/** Calls of the engine's that have not come to their end. */
let running = 0;
let module: LoadedModule | undefined;

function say(said: Said | { id: number; value?: unknown; error?: Thrown }): void {
  channel.write(`${JSON.stringify(said)}\n`);
}

function ask(fn: number, args: Wire[]): Promise<unknown> {
  const call = ++calls;
  return new Promise((resolve, reject) => {
    asked.set(call, { resolve, reject });
    say({ fn, call, args });
  });
}

function answered({ answer, value, error }: Answered): void {
  const waiting = asked.get(answer);
  asked.delete(answer);
  if (error) waiting?.reject(Object.assign(new Error(error.message), { name: error.name }));
  else waiting?.resolve(remotes.read(value));
}

async function perform(request: Ask): Promise<unknown> {
  switch (request.do) {
    case 'load':
      module = { ...request, exports: {} };
      module.exports = await loadModule(request, clients.library);
      return { missing: request.exports.filter((name) => typeof module!.exports[name] !== 'function') };
    case 'begin':
      asked.clear();
      remotes.clear();
      clock.reset(request.wall);
      running = 0;
      await clients.begin(request.redis, request.fresh ?? false);
      // What connecting leaves to chance is none of the play's.
      seedChance(request.seed);
      // What it keeps from call to call is one play's.
      if (module) module.exports = await loadModule(module, clients.library);
      return null;
    case 'call': {
      running++;
      try {
        return remotes.write(await remotes.call(request.target, request.args, module!.exports));
      } finally {
        running--;
      }
    }
    case 'quiet':
      return quiet(request.delivered);
    case 'time':
      await clock.pass(request.now, turn, (error) => fault('unhandled', thrownOf(error, module)));
      return null;
    case 'jump':
      clock.jump(request.ms);
      return null;
    case 'open':
      return clients.open;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => nextTurn(resolve));
}

/** Work of Node's own that will come back to the code: reading a file, hashing, making random bytes. */
function busy(): boolean {
  return process
    .getActiveResourcesInfo()
    .some((name) => /Req|Request|Job$/.test(name) && !/^(Write|Shutdown|Connect)/.test(name));
}

async function quiet(delivered: number): Promise<Quiet> {
  let written = -1;
  for (let turns = 0; turns < TURNS; ) {
    await turn();
    const now = clients.written;
    if (now !== written || clients.connecting || !clients.hasRead(delivered)) turns = 0;
    else if (++turns === TURNS && busy()) turns = 0;
    written = now;
  }
  clients.settled();
  if (running === 0)
    for (const { command, caller } of clients.unawaited())
      fault('unawaited', { name: '', message: command, ...caller });
  return { written, connections: clients.connections, next: clock.next };
}

function fault(kind: 'unhandled' | 'exit' | 'unawaited', error: Thrown): void {
  say({ fault: kind, error });
}

createInterface({ input: channel }).on('line', async (line) => {
  const message = JSON.parse(line) as Ask | Answered;
  if ('answer' in message) return answered(message);
  const { id } = message;
  try {
    say({ id, value: await perform(message) });
  } catch (error) {
    say({ id, error: thrownOf(error, module) });
  }
});
channel.on('close', () => exit());

const exit = process.exit.bind(process);
for (const event of ['unhandledRejection', 'uncaughtException'])
  process.on(event, (error) => fault('unhandled', thrownOf(error, module)));
// Before time is ours.
if (process.env.REDISCOVER_WATCHED) watchMyself();
guard({
  output: (text) => say({ output: text.slice(0, MOST_OUTPUT) }),
  onExit(code) {
    const caller = callerIn(new Error().stack, module?.file);
    fault('exit', { name: '', message: `process.exit(${code ?? ''})`, ...caller });
  },
  connect: clients.connect,
});
clock.install();
syncBuiltinESMExports();
