/**
 * A piece of a step, recorded twice with different numbers: what comes out of it by name, and which inputs, named too,
 * it reads. Whatever differs between the two without being named was fixed by chance, and such a piece is refused.
 */
import { CaptureError } from '../../../../engine/native/capture/errors.ts';
import type { Conditions } from '../../../../engine/native/capture/conditions.ts';
import { importTrace } from '../../../../engine/native/capture/import.ts';
import { difference, idOf, record, type Trace } from '../../../../engine/native/capture/recorder.ts';
import type { Output } from '../../../../engine/native/capture/types.ts';
import type { Graph } from '../../../../engine/native/capture/graph.ts';
import type { NodeJSKernelBackend } from '../../../../engine/native/tfjs-node.ts';
import { tf } from '../../../../engine/tfjs.ts';
import type { Draw } from '../../../model/context.ts';

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

interface Round {
  readonly trace: Trace;
  readonly inputs: ReadonlyMap<string, number>;
  readonly results: ReadonlyMap<string, Result>;
  readonly drawings: ReadonlyMap<string, Drawing>;
}

export class Recording {
  readonly #first: Round;

  /** @throws CaptureError when the work reads values, or is not the same work both times */
  constructor(backend: NodeJSKernelBackend, work: (recorder: Recorder) => void) {
    this.#first = recordRound(backend, 0, work);
    const second = recordRound(backend, 1, work);
    const twins = new Map<number, number>();
    for (const [name, id] of this.#first.inputs) twins.set(id, second.inputs.get(name) ?? -1);
    const why = difference(this.#first.trace, second.trace, twins);
    if (why !== undefined) throw new CaptureError(why);
    if ([...this.#first.results.keys()].join() !== [...second.results.keys()].join()) {
      throw new CaptureError('another step gives other results');
    }
  }

  get drawings(): readonly Drawing[] {
    return [...this.#first.drawings.values()];
  }

  /** Shapes of the results by name, in the order in which they were named. */
  get results(): ReadonlyMap<string, readonly number[]> {
    return new Map([...this.#first.results].map(([name, { shape }]) => [name, shape]));
  }

  /**
   * The work as part of a graph.
   *
   * @param bind what stands for a named input; asked for those that are needed alone, once each
   * @param wanted names of results
   * @param conditions where runs may leave parts out
   */
  into(
    graph: Graph,
    bind: (input: string) => Output,
    wanted: readonly string[],
    conditions?: Conditions,
  ): ReadonlyMap<string, Output> {
    const { trace, inputs, results } = this.#first;
    const names = new Map([...inputs].map(([name, id]) => [id, name]));
    const ids = wanted.map((name) => {
      const id = results.get(name)?.id;
      if (id === undefined) throw new CaptureError(`the step gives no ${name}`);
      return id;
    });
    const outputs = importTrace(
      graph,
      trace,
      (id) => {
        const name = names.get(id);
        return name === undefined ? undefined : bind(name);
      },
      ids,
      conditions,
    );
    return new Map(
      wanted.map((name, place) => {
        const output = outputs.get(ids[place] ?? -1);
        if (!output) throw new CaptureError(`the step gives no ${name}`);
        return [name, output];
      }),
    );
  }
}

function recordRound(backend: NodeJSKernelBackend, round: number, work: (recorder: Recorder) => void): Round {
  const inputs = new Map<string, number>();
  const results = new Map<string, Result>();
  const drawings = new Map<string, Drawing>();
  const drawn = new Map<string, tf.Tensor>();
  const ones = new Map<string, tf.Scalar>();
  const input = (name: string, tensor: tf.Tensor): void => void inputs.set(name, idOf(backend, tensor));
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
    result: (name, tensor) => void results.set(name, { id: idOf(backend, tensor), shape: [...tensor.shape] }),
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
    const trace = record(backend, () => tf.tidy(() => work(recorder)));
    return { trace, inputs, results, drawings };
  } finally {
    tf.dispose([...drawn.values(), ...ones.values()]);
  }
}
