/**
 * How the supervisor tells the training thread to stop, pause or go on: two integers in shared memory, read between
 * two steps. Shared memory rather than messages, since the thread does not return to its event loop while it trains.
 */

export type Request = 'stop' | 'pause' | 'resume';

/** Who asked; written into the `state` record. */
export const requesters = ['control', 'signal', 'keepAlive'] as const;
export type Requester = (typeof requesters)[number];

const codes: readonly Request[] = ['resume', 'pause', 'stop'];

export class RequestCell {
  readonly #cell: Int32Array;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(8)) {
    this.#cell = new Int32Array(buffer);
  }

  /** Sets the wish; a stop is never taken back. */
  set(request: Request, by: Requester): void {
    if (this.get().request === 'stop') return;
    Atomics.store(this.#cell, 1, requesters.indexOf(by));
    Atomics.store(this.#cell, 0, codes.indexOf(request));
    Atomics.notify(this.#cell, 0);
  }

  get(): { readonly request: Request; readonly by: Requester } {
    return {
      request: codes[Atomics.load(this.#cell, 0)] ?? 'resume',
      by: requesters[Atomics.load(this.#cell, 1)] ?? 'control',
    };
  }

  /** Blocks this thread while the wish is to pause. */
  waitWhilePaused(): void {
    const pause = codes.indexOf('pause');
    while (Atomics.load(this.#cell, 0) === pause) Atomics.wait(this.#cell, 0, pause, 1000);
  }
}
