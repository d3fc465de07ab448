import type { Worker } from 'node:worker_threads';
import type { Position } from '../course/course.ts';

/** Longest that it is waited for, in ms. */
const PATIENCE = 2000;

interface FromThread {
  method?: string;
  params: { scriptId: string; url: string; callFrames: Frame[] };
}

interface Frame {
  location: { scriptId: string; lineNumber: number; columnNumber: number };
}

/**
 * Where a thread computes without end: the innermost frame that is in no module of ours. Undefined where that can't be told. Asked of the debugger, which can stop what does not stop by itself.
 * Source: https://chromedevtools.github.io/devtools-protocol/v8/Debugger/, and the domain NodeWorker of node:inspector.
 */
export async function placeInThread(worker: Worker): Promise<Position | undefined> {
  const { Session } = await import('node:inspector');
  const session = new Session();
  const scripts = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;
  try {
    session.connect();
    return await new Promise((resolve) => {
      timer = setTimeout(resolve, PATIENCE, undefined);
      session.on('NodeWorker.attachedToWorker', ({ params: { sessionId, workerInfo } }) => {
        if (!workerInfo.title.includes(`[worker ${worker.threadId}]`)) return;
        const send = (id: number, method: string) =>
          session.post('NodeWorker.sendMessageToWorker', {
            sessionId,
            message: JSON.stringify({ id, method }),
          });
        session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
          const { method, params: said } = JSON.parse(params.message) as FromThread;
          if (method === 'Debugger.scriptParsed') scripts.set(said.scriptId, said.url);
          if (method !== 'Debugger.paused') return;
          // A thread that stands still can't be ended.
          send(3, 'Debugger.disable');
          resolve(placeOf(said.callFrames, scripts));
        });
        send(1, 'Debugger.enable');
        send(2, 'Debugger.pause');
      });
      session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
    });
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    session.disconnect();
  }
}

function placeOf(frames: Frame[], scripts: Map<string, string>): Position | undefined {
  for (const { location } of frames) {
    const url = scripts.get(location.scriptId) ?? '';
    if (url !== '' && !/^(node|file):/.test(url))
      return { file: url, line: location.lineNumber + 1, column: location.columnNumber + 1 };
  }
  return undefined;
}
