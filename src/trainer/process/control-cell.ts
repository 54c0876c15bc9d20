/**
 * How the supervisor tells the training thread to stop, pause or go on: a code in shared memory, read between two
 * steps. Shared memory rather than messages, since the thread does not return to its event loop while it trains.
 *
 * Layout: Int32 request, Int32 length of the text, then UTF-8 text: who asked.
 */

export type Request = 'stop' | 'pause' | 'resume';

const codes: readonly Request[] = ['resume', 'pause', 'stop'];
const headerBytes = 8;
const textBytes = 248;

export class RequestCell {
  readonly buffer: SharedArrayBuffer;
  readonly #header: Int32Array;
  readonly #text: Uint8Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(headerBytes + textBytes)) {
    this.buffer = buffer;
    this.#header = new Int32Array(buffer, 0, 2);
    this.#text = new Uint8Array(buffer, headerBytes, textBytes);
  }

  /** Sets the wish; a stop is never taken back. */
  set(request: Request, by: string): void {
    if (this.request === 'stop') return;
    const bytes = new TextEncoder().encode(by).subarray(0, textBytes);
    this.#text.set(bytes);
    Atomics.store(this.#header, 1, bytes.length);
    Atomics.store(this.#header, 0, codes.indexOf(request));
    Atomics.notify(this.#header, 0);
  }

  get request(): Request {
    return codes[Atomics.load(this.#header, 0)] ?? 'resume';
  }

  /** Who asked last; written into the `state` record. */
  get by(): string {
    // A copy, since TextDecoder refuses shared memory.
    return new TextDecoder().decode(this.#text.slice(0, Atomics.load(this.#header, 1)));
  }

  /** Blocks this thread while the wish is to pause. */
  waitWhilePaused(): void {
    const pause = codes.indexOf('pause');
    while (Atomics.load(this.#header, 0) === pause) Atomics.wait(this.#header, 0, pause, 1000);
  }
}
