/** The editor's end of a comparison's thread: one question at a time; those that come meanwhile are asked once afterwards. */
import { Worker } from 'node:worker_threads';
import type { Progress } from '../../messages/comparison.ts';
import type { Answer, Compared, Found, Question } from './comparison-source.ts';

export interface Listener {
  readonly onProgress: (progress: Progress) => void;
  readonly onFound: (found: Found) => void;
  /** @param detail for the log */
  readonly onFailure: (detail: string) => void;
}

export class ComparisonThread {
  readonly #worker: Worker;
  readonly #listener: Listener;
  #busy = false;
  #next: Question | null = null;
  #last: Pick<Found, 'comparison' | 'surface'> | null = null;
  #asked = 0;
  #rest = 0;

  /** @param file the bundle `comparison.cjs` */
  constructor(file: string, compared: Compared, listener: Listener) {
    this.#listener = listener;
    this.#worker = new Worker(file, { workerData: compared });
    this.#worker.on('message', (answer: Answer) => this.#take(answer));
    this.#worker.on('error', (error) =>
      this.#fail(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
  }

  /** Whether it has answered, and has rested for four times as long as that took. */
  get idle(): boolean {
    return !this.#busy && performance.now() >= this.#rest;
  }

  ask(question: Question): void {
    if (this.#busy) {
      this.#next = { baseline: question.baseline, reveal: question.reveal || this.#next?.reveal === true };
      return;
    }
    this.#busy = true;
    this.#asked = performance.now();
    this.#worker.postMessage(question);
  }

  dispose(): void {
    void this.#worker.terminate();
  }

  #take(answer: Answer): void {
    if (answer.kind === 'progress') {
      this.#listener.onProgress(answer.progress);
      return;
    }
    if (answer.kind === 'failed') {
      this.#fail(answer.message);
      return;
    }
    const { same, found } = answer;
    const { comparison, surface } = same && this.#last !== null ? this.#last : found;
    if (comparison !== null) this.#last = { comparison, surface };
    this.#done();
    this.#listener.onFound({ ...found, comparison, surface });
  }

  #fail(detail: string): void {
    this.#done();
    this.#listener.onFailure(detail);
  }

  #done(): void {
    const now = performance.now();
    this.#rest = now + 4 * (now - this.#asked);
    this.#busy = false;
    const next = this.#next;
    this.#next = null;
    if (next !== null) this.ask(next);
  }
}
