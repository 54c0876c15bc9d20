/** The first run of a graph, with the same step operation by operation beside it. */
import { CaptureError } from '../../../../engine/native/capture/errors.ts';
import { compareStates } from './check.ts';
import type { State } from './state.ts';

export interface BesideEager<T, E> {
  /** Absent where the graph does not run. */
  readonly own?: T;
  readonly other: E;
  /** Why the graph is not to be trusted; absent where it is. */
  readonly why?: string;
}

/**
 * Afterwards the session holds what the graph made of weights and slots, the model what the eager step made of them.
 *
 * @param state whose values the model's variables have, too
 * @param compare throws a CaptureError where the results differ
 */
export function besideEager<T extends object, E>(
  state: State,
  captured: () => T,
  eagerly: () => E,
  compare: (own: T, other: E) => void,
): BesideEager<T, E> {
  const before = state.hostValues();
  let own: T | undefined;
  let after: ReturnType<State['values']> = [];
  let failure: unknown;
  try {
    own = captured();
    after = state.values();
  } catch (error) {
    // TensorFlow may refuse a graph only when it runs.
    failure = error;
  }
  const other = eagerly();
  try {
    if (!own) throw new CaptureError(`it does not run (${failure instanceof Error ? failure.message : ''})`);
    compareStates(state.sideBySide(before, after, state.hostValues()));
    compare(own, other);
    return { own, other };
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    return { ...(own ? { own } : {}), other, why: error.message };
  }
}
