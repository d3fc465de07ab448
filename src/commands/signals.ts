/** Ends as a hang-up does where the terminal is gone: Node aborts, with a core file, as it can't set that back. */
export function hangUp(prompt: { orphaned: boolean } | undefined): void {
  if (prompt?.orphaned) process.kill(process.pid, 'SIGHUP');
}

/**
 * Closes what is open when the process is told to end, and then ends as the signal would have; not where `interrupted`
 * says of a SIGINT that it was the Ctrl-C of a prompt. Returns a function that takes this back.
 */
export function closeOnSignals(close: () => Promise<void>, interrupted = () => false): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const end = (signal: NodeJS.Signals) => {
    if (signal === 'SIGINT' && interrupted()) return;
    release();
    void close().finally(() => process.kill(process.pid, signal));
  };
  const release = () => {
    for (const signal of signals) process.off(signal, end);
  };
  for (const signal of signals) process.on(signal, end);
  return release;
}
