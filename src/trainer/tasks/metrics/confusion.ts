/** How often each class was taken for each: kept by the pairs that occur, for of 4,000 classes there are 16 million pairs. */
import { CheckpointError } from '../../errors.ts';
import { text } from '../../../common/text.ts';
import type { Json } from '../../../common/checks.ts';
import { fieldsOf } from './state.ts';

export class Confusion {
  readonly #size: number;
  /** By truth · classes + guess. */
  readonly #pairs = new Map<number, number>();
  readonly #truths: Float64Array;
  readonly #guesses: Float64Array;
  #total = 0;
  #hits = 0;

  constructor(classes: number) {
    this.#size = classes;
    this.#truths = new Float64Array(classes);
    this.#guesses = new Float64Array(classes);
  }

  get total(): number {
    return this.#total;
  }

  /** Guesses that are right. */
  get hits(): number {
    return this.#hits;
  }

  add(truth: number, guess: number, count = 1): void {
    const pair = truth * this.#size + guess;
    this.#pairs.set(pair, (this.#pairs.get(pair) ?? 0) + count);
    this.#truths[truth] = (this.#truths[truth] ?? 0) + count;
    this.#guesses[guess] = (this.#guesses[guess] ?? 0) + count;
    this.#total += count;
    if (truth === guess) this.#hits += count;
  }

  /** How often a class was the truth, the guess, and both. */
  of(k: number): { readonly truths: number; readonly guesses: number; readonly hits: number } {
    const hits = this.#pairs.get(k * this.#size + k) ?? 0;
    return { truths: this.#truths[k] ?? 0, guesses: this.#guesses[k] ?? 0, hits };
  }

  /** Rows true, columns predicted. */
  matrix(): number[][] {
    const rows = Array.from(this.#truths, () => new Array<number>(this.#size).fill(0));
    for (const [truth, guess, count] of this.#occurring()) {
      const row = rows[truth];
      if (row) row[guess] = count;
    }
    return rows;
  }

  /** Ascending. */
  #occurring(): readonly (readonly [truth: number, guess: number, count: number])[] {
    return [...this.#pairs]
      .sort(([a], [b]) => a - b)
      .map(([pair, count]) => [Math.floor(pair / this.#size), pair % this.#size, count]);
  }

  state(): Json {
    return { classes: this.#size, pairs: this.#occurring() };
  }

  /** @throws Error when the state is not of these classes */
  restore(state: Json | undefined): void {
    this.#pairs.clear();
    this.#truths.fill(0);
    this.#guesses.fill(0);
    [this.#total, this.#hits] = [0, 0];
    for (const [truth, guess, count] of pairsOf(state, this.#size)) this.add(truth, guess, count);
  }
}

function pairsOf(state: Json | undefined, classes: number): readonly (readonly [number, number, number])[] {
  const misfit = new CheckpointError(
    text(
      'The saved metric sums "confusion" do not fit this task: the checkpoint belongs to another model.',
      '保存的指标累计值“confusion”与此任务不符：该检查点属于其他模型。',
    ),
  );
  const { classes: size, pairs } = fieldsOf(state ?? null);
  if (size !== classes || !Array.isArray(pairs)) throw misfit;
  return (pairs as readonly Json[]).map((entry) => {
    const [truth, guess, count] = Array.isArray(entry) ? (entry as readonly Json[]).map(Number) : [];
    if (isClass(truth, classes) && isClass(guess, classes) && count !== undefined && count > 0)
      return [truth, guess, count];
    throw misfit;
  });
}

function isClass(value: number | undefined, classes: number): value is number {
  return Number.isInteger(value) && value !== undefined && value >= 0 && value < classes;
}
