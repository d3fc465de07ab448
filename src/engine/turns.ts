/** One piece of work at a time, in the order in which it was asked for. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Begins it once more where it loses its server, which may be killed: bad luck may strike once. `again` comes before that. */
  take<T>(work: () => Promise<T>, again: () => Promise<void> = async () => {}): Promise<T> {
    const done = this.#last.then(work).catch(async (error) => {
      if (error?.name !== 'ConnectionLost') throw error;
      await again();
      return work();
    });
    this.#last = done.catch(() => {});
    return done;
  }
}
