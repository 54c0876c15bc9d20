import type { Disposable } from 'vscode';

/** Base class of features: what is registered goes with the feature, in reverse order. */
export class Disposables implements Disposable {
  readonly #items: Disposable[] = [];
  #disposed = false;

  protected register<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.push(item);
    return item;
  }

  protected get disposed(): boolean {
    return this.#disposed;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const item of this.#items.splice(0).reverse()) item.dispose();
  }
}

/** Runs `work` once things have been quiet for `milliseconds`; the latest call wins. */
export class Debounced implements Disposable {
  #timer: NodeJS.Timeout | undefined;

  readonly #milliseconds: number;
  readonly #work: () => void;

  constructor(milliseconds: number, work: () => void) {
    this.#milliseconds = milliseconds;
    this.#work = work;
  }

  soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#work, this.#milliseconds);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}

/** Runs `work` at most once every `milliseconds`, the first time at once, and always after the last call. */
export class Throttled implements Disposable {
  #timer: NodeJS.Timeout | undefined;
  #last = -Infinity;

  readonly #milliseconds: number;
  readonly #work: () => void;

  constructor(milliseconds: number, work: () => void) {
    this.#milliseconds = milliseconds;
    this.#work = work;
  }

  call(): void {
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#last + this.#milliseconds - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#last = performance.now();
      this.#work();
    }, wait);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
