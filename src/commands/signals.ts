/**
 * Closes what is open when the process is told to end, and then ends as the signal would have.
 * Returns a function that takes this back.
 */
export function closeOnSignals(close: () => Promise<void>): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const end = (signal: NodeJS.Signals) => {
    release();
    void close().finally(() => process.kill(process.pid, signal));
  };
  const release = () => {
    for (const signal of signals) process.off(signal, end);
  };
  for (const signal of signals) process.on(signal, end);
  return release;
}
