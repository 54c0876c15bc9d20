/** Where the newest weights and slots are: in the session, or in the model's variables and the optimizer. */
import type { Variable } from '../../../../engine/native/capture/variables.ts';
import type { State } from '../../recorded/state.ts';
import { besideEager, onTrial } from '../rehearsal.ts';
import type { Refusals } from './program-cache.ts';

/** Work whose first run as a graph is compared with the same work operation by operation. */
export interface Checked<T, E> {
  readonly captured: () => T;
  readonly eagerly: () => E;
  /** Throws a CaptureError where the results differ. */
  readonly compare: (captured: T, eager: E) => void;
  /** Called where the graph is not to be trusted. */
  readonly refuse: () => void;
}

export class Residence {
  readonly #state: State<Variable>;
  readonly #refusals: Refusals;
  /** True while the session's values are newer than the variables'. */
  #ahead = false;
  /** For good: every step runs operation by operation, and there is no session to bring values from. */
  #left = false;

  constructor(state: State<Variable>, refusals: Refusals) {
    this.#state = state;
    this.#refusals = refusals;
    state.push();
  }

  get left(): boolean {
    return this.#left;
  }

  /** The session has changed values. */
  moved(): void {
    this.#ahead = true;
  }

  pull(): void {
    if (this.#ahead) this.#state.pull();
    this.#ahead = false;
  }

  push(): void {
    if (!this.#left) this.#state.push();
    this.#ahead = false;
  }

  /** Brings everything into the model's variables, to stay there. */
  leave(): void {
    this.pull();
    this.#left = true;
  }

  /** Runs work on the model's own variables. */
  eagerly<T>(work: () => T): T {
    if (this.#left) return work();
    this.pull();
    try {
      return work();
    } finally {
      this.push();
    }
  }

  /** The first run of a program: what counts is the captured step where it is right, else the eager one. */
  checked<T extends object, E>({ captured, eagerly, compare, refuse }: Checked<T, E>): T | E {
    this.pull();
    const { taken, other, why } = besideEager(this.#state, captured, eagerly, compare);
    if (taken && why === undefined) {
      this.#ahead = true;
      return taken;
    }
    refuse();
    if (why !== undefined) this.#refusals.add(why);
    this.push();
    return other;
  }

  /** Runs a step for trial; afterwards weights, slots and counts are as before. */
  onTrial(step: () => void): void {
    this.pull();
    try {
      onTrial(this.#state, step);
    } finally {
      this.#ahead = true;
      this.pull();
    }
  }
}
