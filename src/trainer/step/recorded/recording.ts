/**
 * A piece of a step, recorded twice with different numbers: what comes out of it by name, and which inputs, named too,
 * it reads. Whatever differs between the two without being named was fixed by chance, and such a piece is refused.
 */
import type { Text } from '../../../common/text.ts';
import { CaptureError } from '../../../engine/capture-error.ts';
import { tf } from '../../../engine/tfjs.ts';
import type { Draw } from '../../model/context.ts';

/** Writes down on some engine which operations a piece of work runs, as a trace T. */
export interface Tracer<T> {
  /** The number under which traces know a tensor. */
  idOf(tensor: tf.Tensor): number;
  /** @throws CaptureError when the work looks at the values of a tensor: what it does next may depend on them */
  record(work: () => void): T;
  /**
   * @param twins ids of the one trace's inputs → ids of the other's
   * @returns why the two are not the same work, or undefined
   */
  difference(one: T, other: T, twins: ReadonlyMap<number, number>): Text | undefined;
}

/** Numbers that layers draw anew for every step. */
export interface Drawing {
  readonly key: string;
  readonly shape: readonly number[];
  readonly make: () => Float32Array;
}

/** What the recorded work is given. */
export interface Recorder {
  /** 0 and 1: the two times that the work is recorded. */
  readonly round: number;
  /** Names a tensor that comes from outside. Before it is used. */
  input(name: string, tensor: tf.Tensor): void;
  /** A named input of 1, the same tensor each time; alive until the recording ends, whatever tidies it is asked in. */
  one(name: string): tf.Scalar;
  /** Names a result; while the tensor is alive. */
  result(name: string, tensor: tf.Tensor): void;
  /** For the model. */
  readonly draw: Draw;
}

interface Result {
  readonly id: number;
  readonly shape: readonly number[];
}

interface Round<T> {
  readonly trace: T;
  readonly inputs: ReadonlyMap<string, number>;
  readonly results: ReadonlyMap<string, Result>;
  readonly drawings: ReadonlyMap<string, Drawing>;
}

export class Recording<T> {
  readonly #first: Round<T>;

  /** @throws CaptureError when the work reads values, or is not the same work both times */
  constructor(tracer: Tracer<T>, work: (recorder: Recorder) => void) {
    this.#first = recordRound(tracer, 0, work);
    const second = recordRound(tracer, 1, work);
    const twins = new Map<number, number>();
    for (const [name, id] of this.#first.inputs) {
      const twin = second.inputs.get(name);
      if (twin !== undefined) twins.set(id, twin);
    }
    const why = tracer.difference(this.#first.trace, second.trace, twins);
    if (why !== undefined) throw new CaptureError(why.en, why.zh);
    if ([...this.#first.results.keys()].join() !== [...second.results.keys()].join()) {
      throw new CaptureError('another step gives other results', '各步给出的结果不同');
    }
  }

  get trace(): T {
    return this.#first.trace;
  }

  get drawings(): readonly Drawing[] {
    return [...this.#first.drawings.values()];
  }

  /** Shapes of the results by name, in the order in which they were named. */
  get results(): ReadonlyMap<string, readonly number[]> {
    return new Map([...this.#first.results].map(([name, { shape }]) => [name, shape]));
  }

  /** Names of the inputs by their id in the trace. */
  get inputs(): ReadonlyMap<number, string> {
    return new Map([...this.#first.inputs].map(([name, id]) => [id, name]));
  }

  /** The id of a result in the trace. */
  resultId(name: string): number {
    const id = this.#first.results.get(name)?.id;
    if (id === undefined) throw new CaptureError(`the step gives no ${name}`, `训练步未给出 ${name}`);
    return id;
  }
}

function recordRound<T>(tracer: Tracer<T>, round: number, work: (recorder: Recorder) => void): Round<T> {
  const inputs = new Map<string, number>();
  const results = new Map<string, Result>();
  const drawings = new Map<string, Drawing>();
  const drawn = new Map<string, tf.Tensor>();
  const ones = new Map<string, tf.Scalar>();
  const input = (name: string, tensor: tf.Tensor): void => void inputs.set(name, tracer.idOf(tensor));
  const recorder: Recorder = {
    round,
    input,
    one: (name) => {
      const known = ones.get(name);
      if (known) return known;
      const made = tf.keep(tf.scalar(1));
      input(name, made);
      ones.set(name, made);
      return made;
    },
    result: (name, tensor) => void results.set(name, { id: tracer.idOf(tensor), shape: [...tensor.shape] }),
    draw: (key, shape, make) => {
      const tensor = drawn.get(key) ?? tf.keep(tf.tensor(make(), [...shape]));
      if (!drawn.has(key)) input(`draw ${key}`, tensor);
      drawn.set(key, tensor);
      drawings.set(key, { key, shape: [...shape], make });
      // The layer's tidy may free what it is given.
      return tf.clone(tensor);
    },
  };
  try {
    const trace = tracer.record(() => tf.tidy(() => work(recorder)));
    return { trace, inputs, results, drawings };
  } finally {
    tf.dispose([...drawn.values(), ...ones.values()]);
  }
}
