/** What a run keeps from step to step where an executor computes: weights, optimizer slots, counts of updates. */
import { CaptureError } from '../../../engine/capture-error.ts';
import { tf } from '../../../engine/tfjs.ts';
import { at } from '../../../numbers/linear.ts';
import type { Model, ModelVariable } from '../../model/build.ts';
import type { Optimizer } from '../../optimizers/optimizer.ts';
import { element } from '../by-task.ts';
import type { SharedLayout } from '../contract.ts';

export type Values = Float32Array | Int32Array | Uint8Array;

/** Where an executor keeps numbers: variables of its own, named by handles V. */
export interface Store<V> {
  /** The variables have values of their own already. */
  readonly loaded: boolean;
  /** @param initial asked when its value is first needed; zeros if absent */
  variable(shape: readonly number[], initial?: () => Values): V;
  /** Values in order. */
  get(variables: readonly V[]): Values[];
  set(variables: readonly V[], values: readonly Values[]): void;
}

/** A part of a run's state: values that are compared with one another's size. */
export interface Compared {
  readonly name: string;
  /** Weights that are trained, what else the model keeps (moving averages), or the number of the optimizer's slot. */
  readonly group: number | 'weights' | 'kept';
  readonly before: Values;
  readonly captured: Values;
  readonly eager: Values;
}

/** A trainable variable of the model, and what the optimizer remembers of it. */
export interface Trained<V = unknown> {
  readonly target: ModelVariable;
  readonly variable: V;
  readonly slots: readonly { readonly tensor: tf.Tensor; readonly variable: V }[];
  /** Updates it has had. */
  count: number;
}

export class State<V = unknown> {
  /** Every weight of the model, moving statistics and counts of their updates included. */
  readonly weights: readonly { readonly target: ModelVariable; readonly variable: V }[];
  readonly trained: readonly Trained<V>[];
  readonly #optimizer: Optimizer | null;
  readonly #store: Store<V>;

  /** @param optimizer null for a model that is not trained: then no variable counts as trained */
  constructor(model: Model, optimizer: Optimizer | null, store: Store<V>) {
    this.#optimizer = optimizer;
    this.#store = store;
    this.weights = model.kept.map((target) => {
      if (target.variable.dtype !== 'float32')
        throw new CaptureError(`${target.path} does not hold float32 numbers`, `${target.path} 的类型不是 float32`);
      const { variable } = target;
      return { target, variable: store.variable(variable.shape, () => variable.dataSync()) };
    });
    const slots = optimizer?.slots() ?? [];
    const each = optimizer?.rule.slots.length ?? 0;
    this.trained = (optimizer ? this.weights : [])
      .filter(({ target }) => target.trainable)
      .map(({ target, variable }, place) => ({
        target,
        variable,
        slots: slots.slice(place * each, (place + 1) * each).map(({ tensor }) => ({
          tensor,
          variable: store.variable(tensor.shape, () => tensor.dataSync()),
        })),
        count: 0,
      }));
  }

  /** From the model and the optimizer into the store; one that is still to load begins with their values. */
  push(): void {
    const counts = this.#optimizer?.counts() ?? [];
    this.trained.forEach((entry, place) => (entry.count = at(counts, place)));
    if (this.#store.loaded) this.#store.set(this.#all(), this.hostValues());
  }

  /** From the store into the model and the optimizer. */
  pull(): void {
    const values = this.#store.get(this.#all());
    this.weights.forEach(({ target }, place) => {
      tf.tidy(() => target.variable.assign(tf.tensor(element(values, place), target.variable.shape)));
    });
    this.#optimizer?.restore({
      counts: this.trained.map(({ count }) => count),
      slots: values.slice(this.weights.length) as Float32Array[],
    });
  }

  /** What the store holds, weights first. */
  values(): Values[] {
    return this.#store.get(this.#all());
  }

  /** Lists of values, in this order, side by side under their names. */
  sideBySide(before: readonly Values[], captured: readonly Values[], eager: readonly Values[]): Compared[] {
    const slots = this.trained.flatMap(({ target, slots: kept }) =>
      kept.map((_, group) => ({ name: `an optimizer slot of ${target.path}`, group })),
    );
    const weights = this.weights.map(({ target: { path, trainable } }) => ({
      name: path,
      group: trainable ? ('weights' as const) : ('kept' as const),
    }));
    return [...weights, ...slots].map((part, place) => ({
      ...part,
      before: element(before, place),
      captured: element(captured, place),
      eager: element(eager, place),
    }));
  }

  /** Runs with the parameters of `layout` moved by `by` [P] in the store, and puts them back bit for bit. */
  displaced<T>({ variables: shared }: SharedLayout, by: Float32Array, run: () => T): T {
    const paths = new Map(this.weights.map(({ target, variable }) => [target.path, variable]));
    const variables = shared.map(({ path }) => {
      const variable = paths.get(path);
      if (variable === undefined) throw new Error(`The model has no parameter "${path}".`);
      return variable;
    });
    const before = this.#store.get(variables) as Float32Array[];
    const moved = before.map((values, place) => {
      const { offset } = element(shared, place);
      return values.map((value, i) => value + at(by, offset + i));
    });
    this.#store.set(variables, moved);
    try {
      return run();
    } finally {
      this.#store.set(variables, before);
    }
  }

  restore(values: readonly Values[]): void {
    this.#store.set(this.#all(), values);
  }

  #all(): readonly V[] {
    const slots = this.trained.flatMap((entry) => entry.slots.map(({ variable }) => variable));
    return [...this.weights.map(({ variable }) => variable), ...slots];
  }

  /** What the model and the optimizer hold, in the same order. */
  hostValues(): Values[] {
    const slots = this.trained.flatMap((entry) => entry.slots.map(({ tensor }) => tensor));
    const tensors: readonly tf.Tensor[] = [...this.weights.map(({ target }) => target.variable), ...slots];
    return tensors.map((tensor) => tensor.dataSync() as Float32Array);
  }
}
