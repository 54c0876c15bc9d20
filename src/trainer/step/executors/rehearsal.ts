/**
 * How an executor shows that its steps are right: the first time it takes a kind of step, the same step is taken operation
 * by operation beside it, and the two must agree; and before a run begins, one of its steps is taken for trial.
 */
import type { Text } from '../../../common/text.ts';
import { textOfError } from '../../../common/told-error.ts';
import { CaptureError } from '../../../engine/capture-error.ts';
import type { State, Values } from '../recorded/state.ts';
import { compareStates } from './check.ts';

/** What must be the same afterwards: weights and slots, in the executor's store and in the model's variables. */
export type RehearsedState = Pick<State, 'hostValues' | 'values' | 'sideBySide'>;

export interface BesideEager<T, E> {
  /** Absent where the executor's step does not run. */
  readonly taken?: T;
  readonly other: E;
  /** Why the executor's step is not to be trusted; absent where it is. */
  readonly why?: Text;
}

/**
 * Afterwards the store holds what the executor's step made of weights and slots, the model what the eager step made of them.
 *
 * @param state whose values the model's variables have, too
 * @param compare throws a CaptureError where the results differ
 */
export function besideEager<T extends object, E>(
  state: RehearsedState,
  take: () => T,
  eagerly: () => E,
  compare: (taken: T, other: E) => void,
): BesideEager<T, E> {
  const before = state.hostValues();
  let taken: T | undefined;
  let after: readonly Values[] = [];
  let failure: unknown;
  try {
    const given = take();
    after = state.values();
    taken = given;
  } catch (error) {
    // TensorFlow may refuse a graph only when it runs.
    failure = error;
  }
  const other = eagerly();
  try {
    if (!taken) throw notRunning(textOfError(failure));
    compareStates(state.sideBySide(before, after, state.hostValues()));
    compare(taken, other);
    return { taken, other };
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    return { ...(taken ? { taken } : {}), other, why: error.text };
  }
}

const notRunning = ({ en, zh }: Text): CaptureError => new CaptureError(`it does not run (${en})`, `无法运行（${zh}）`);

/** Runs with weights, slots and counts as they are, and puts them back in the store. */
export function onTrial(state: Pick<State, 'values' | 'trained' | 'restore'>, step: () => void): void {
  const values = state.values();
  const counts = state.trained.map(({ count }) => count);
  try {
    step();
  } finally {
    state.restore(values);
    counts.forEach((count, place) => {
      const entry = state.trained[place];
      if (entry) entry.count = count;
    });
  }
}
