/** Programs of one kind that were made before, by what they fit; and why some work has none. */
import { CaptureError } from '../../../../engine/capture-error.ts';
import { mostPrograms } from './limits.ts';

/** Reasons why some steps run operation by operation, each told once. */
export class Refusals {
  readonly #reasons = new Set<string>();
  readonly #tell: (reason: string) => void;

  constructor(tell: (reason: string) => void) {
    this.#tell = tell;
  }

  add(reason: string): void {
    if (this.#reasons.has(reason)) return;
    this.#reasons.add(reason);
    this.#tell(reason);
  }

  get all(): readonly string[] {
    return [...this.#reasons];
  }
}

export class ProgramCache<T> {
  /** Null where this kind of step cannot be captured. */
  readonly #known = new Map<string, T | null>();
  readonly #refusals: Refusals;

  constructor(refusals: Refusals) {
    this.#refusals = refusals;
  }

  /** Whether a program for it was made, or refused, before. */
  has(key: string): boolean {
    return this.#known.has(key);
  }

  /** The program made before or now; null where there can be none. */
  get(key: string, make: () => T): T | null {
    const before = this.#known.get(key);
    if (before !== undefined) return before;
    const full = this.#known.size >= mostPrograms;
    const made = this.#made(full, make);
    if (made !== null || !full) this.#known.set(key, made);
    return made;
  }

  /** From now on there is none. */
  refuse(key: string): void {
    this.#known.set(key, null);
  }

  #made(full: boolean, make: () => T): T | null {
    try {
      if (full) throw new CaptureError('the batches have too many different shapes');
      return make();
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      this.#refusals.add(error.message);
      return null;
    }
  }
}
