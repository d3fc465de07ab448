import { Worker } from 'node:worker_threads';
import { HANGS } from './wire.ts';

/** Ms after which a process that does nothing but compute is said to hang, and how often that is looked at. */
const PATIENCE = 500;
const EVERY = 50;

/** Seen by the thread beside it alone: that one stops the other, and asks where it is. */
const WATCHER = `
const { Session } = require('node:inspector');
const { writeSync } = require('node:fs');
const { workerData } = require('node:worker_threads');
const beats = new Int32Array(workerData);
let last = -1, since = Date.now(), asked = false;
const scripts = new Map();
setInterval(() => {
  const now = Atomics.load(beats, 0);
  if (now !== last) { last = now; since = Date.now(); return; }
  if (asked || Date.now() - since < ${PATIENCE}) return;
  asked = true;
  const session = new Session();
  session.connectToMainThread();
  session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params.url));
  session.on('Debugger.paused', ({ params }) => {
    const frames = params.callFrames.map(({ location }) => scripts.get(location.scriptId) + ':' + (location.lineNumber + 1));
    writeSync(2, '${HANGS}' + frames.join(' ') + '\\n');
  });
  session.post('Debugger.enable');
  session.post('Debugger.pause');
}, ${EVERY});
`;

/** Has a thread look after this one. Node's permissions forbid that, so it is for a second look alone. */
export function watchMyself(): void {
  const beats = new Int32Array(new SharedArrayBuffer(4));
  setInterval(() => Atomics.add(beats, 0, 1), EVERY).unref();
  new Worker(WATCHER, { eval: true, workerData: beats.buffer }).unref();
}
