/** Programs of one kind that were made before, by what they fit; and why some work has none. */
import type { Text } from '../../../../common/text.ts';
import { CaptureError } from '../../../../engine/capture-error.ts';
import { mostPrograms } from './limits.ts';

/** Reasons why some steps run operation by operation, each told once. */
export class Refusals {
  /** By their English words. */
  readonly #reasons = new Map<string, Text>();
  readonly #tell: (reason: Text) => void;

  constructor(tell: (reason: Text) => void) {
    this.#tell = tell;
  }

  add(reason: Text): void {
    if (this.#reasons.has(reason.en)) return;
    this.#reasons.set(reason.en, reason);
    this.#tell(reason);
  }

  get all(): readonly Text[] {
    return [...this.#reasons.values()];
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
      if (full) throw new CaptureError('the batches have too many different shapes', '批的形状种类过多');
      return make();
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      this.#refusals.add(error.text);
      return null;
    }
  }
}
