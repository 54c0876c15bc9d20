/** Before a captured step is trusted, it is compared with the same step taken operation by operation. */
import { CaptureError } from '../engine/native/capture/errors.ts';
import type { Values } from '../engine/native/capture/session.ts';
import type { Forward, LossSum } from '../step/types.ts';

/** Losses and statistics may differ by rounding alone. */
const tolerance = 1e-4;
/**
 * Of a step itself, a part may differ: where a gradient is nothing but rounding, an optimizer that divides by its size
 * makes a step of it.
 */
const stepTolerance = 0.02;

/** @throws CaptureError where the numbers are others */
export function compareLosses(captured: Forward, eager: Forward): void {
  captured.losses.forEach((loss, index) => {
    const other = eager.losses[index] ?? null;
    compareNumbers('losses', numbersOf(loss), numbersOf(other));
  });
}

function numbersOf(loss: LossSum | null): number[] {
  return loss ? [loss.sum, loss.weight] : [];
}

/** Compares lists as vectors: ‖a − b‖ against the length of b. */
export function compareNumbers(what: string, captured: ArrayLike<number>, eager: ArrayLike<number>): void {
  const difference = distance(captured, eager);
  const allowed = tolerance * length(eager) + 1e-7;
  if (captured.length === eager.length && !(difference > allowed)) return;
  throw new CaptureError(`its ${what} differ from the eager step's (${text(difference)}, allowed ${text(allowed)})`);
}

/** Compares what a step made of the variables, each against the length of its own step. */
export function compareStates(
  names: readonly string[],
  before: readonly Values[],
  captured: readonly Values[],
  eager: readonly Values[],
): void {
  names.forEach((name, place) => {
    const [old, own, other] = [before[place] ?? [], captured[place] ?? [], eager[place] ?? []];
    const difference = distance(own, other);
    const allowed = 1e-6 * length(other) + stepTolerance * distance(other, old) + 1e-7;
    if (own.length === other.length && !(difference > allowed)) return;
    throw new CaptureError(`${name} differs from the eager step's (${text(difference)}, allowed ${text(allowed)})`);
  });
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let place = 0; place < b.length; place++) sum += ((a[place] ?? NaN) - (b[place] ?? NaN)) ** 2;
  return Math.sqrt(sum);
}

function length(values: ArrayLike<number>): number {
  let sum = 0;
  for (let place = 0; place < values.length; place++) sum += (values[place] ?? 0) ** 2;
  return Math.sqrt(sum);
}

function text(value: number): string {
  return value.toExponential(1);
}
