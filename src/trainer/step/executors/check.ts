/** Before another executor's step is trusted, it is compared with the same step taken operation by operation. */
import { CaptureError } from '../../../engine/capture-error.ts';
import type { Forward, LossSum } from '../contract.ts';
import type { Compared } from '../recorded/state.ts';

/** Losses and statistics may differ by rounding alone. */
const tolerance = 1e-4;
/** Of a weight's own step: a unit may be carried over its kink by rounding. */
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

const inChinese = { losses: '损失', norms: '范数', 'Gram matrices': ' Gram 矩阵' };

/** Compares lists as vectors: ‖a − b‖ against the length of b. */
export function compareNumbers(
  what: keyof typeof inChinese,
  captured: ArrayLike<number>,
  eager: ArrayLike<number>,
): void {
  const difference = distance(captured, eager);
  const allowed = tolerance * length(eager) + 1e-7;
  if (captured.length === eager.length && !(difference > allowed)) return;
  const [found, most] = [text(difference), text(allowed)];
  throw new CaptureError(
    `its ${what} differ from the eager step's (${found}, allowed ${most})`,
    `其${inChinese[what]}与逐个运算的训练步不同（${found}，容许 ${most}）`,
  );
}

/**
 * Compares what a step made of weights and slots. Where the true gradient is 0 (a bias before batch normalization) it is
 * nothing but rounding, and an optimizer that divides by its size makes a whole step of it: such weights are judged by
 * the slots, which show gradients as they are.
 */
export function compareStates(parts: readonly Compared[]): void {
  const hasSlots = parts.some(({ group }) => typeof group === 'number');
  for (const part of parts) {
    const { name, group, before, captured, eager } = part;
    const all = parts.filter((other) => other.group === group);
    const whole = Math.hypot(...all.map((other) => distance(other.eager, other.before)));
    const own = distance(eager, before);
    const allowed =
      group === 'weights'
        ? 1e-6 * length(eager) + stepTolerance * own + (hasSlots ? 0.2 : 1e-3) * whole
        : (group === 'kept' ? 1e-6 * length(eager) : 0) + 10 * tolerance * own + 0.1 * tolerance * whole;
    const difference = distance(captured, eager);
    if (captured.length === eager.length && !(difference > allowed + 1e-9)) continue;
    const [found, most] = [text(difference), text(allowed)];
    throw new CaptureError(
      `its step of ${name} differs from the eager step's (${found}, allowed ${most})`,
      `其 ${name} 的更新与逐个运算的训练步不同（${found}，容许 ${most}）`,
    );
  }
}

/** ‖a − b‖; infinite where `a` is no number and `b` is one. Where `b` is none either, nothing can be compared: NaN. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (const [place, other] of Array.from(b).entries()) {
    const value = a[place] ?? NaN;
    if (Number.isNaN(value) && !Number.isNaN(other)) return Infinity;
    sum += (value - other) ** 2;
  }
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
