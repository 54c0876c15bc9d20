/**
 * One forward pass, several backward passes. tfjs-core offers one backward pass a tape; this walks the tape that it
 * records as often as there are tasks, with the rules of its own `gradients`.
 */
import { tf } from '../../../engine/tfjs.ts';

/** What tfjs-core records for each kernel while its tape runs. */
interface TapeNode {
  readonly kernelName: string;
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  readonly outputs: readonly tf.Tensor[];
  readonly saved?: readonly tf.Tensor[];
  readonly gradient?: (dys: readonly (tf.Tensor | null)[]) => Readonly<Record<string, () => tf.Tensor>>;
}

/** The part of tfjs-core's engine that its types keep to itself. */
interface TapeEngine {
  readonly state: { activeTape: TapeNode[] | null; gradientDepth: number };
  startTape(): void;
  endTape(): void;
}

export interface Seed {
  readonly tensor: tf.Tensor;
  /** d(what is differentiated)/d(tensor), of the tensor's shape. */
  readonly gradient: tf.Tensor;
}

export class Tape {
  readonly #nodes: readonly TapeNode[];

  private constructor(nodes: readonly TapeNode[]) {
    this.#nodes = nodes;
  }

  /** Runs `forward` and remembers what its gradients need. Tensors that it returns are kept by the caller's scope. */
  static record<T extends object>(forward: () => T): { readonly tape: Tape; readonly value: T } {
    const engine = tf.engine() as unknown as TapeEngine;
    if (engine.state.gradientDepth > 0) throw new Error('A tape was begun inside another.');
    engine.startTape();
    try {
      const value = tf.tidy(forward as () => tf.TensorContainer) as T;
      return { tape: new Tape(engine.state.activeTape ?? []), value };
    } finally {
      engine.endTape();
      // The nodes are ours now; the engine begins its next tape anew.
      engine.state.activeTape = null;
    }
  }

  /**
   * Gradients of Σ ⟨seed.gradient, seed.tensor⟩ by `sources`, null where none is reached. The caller owns them. The tape
   * can be walked again.
   */
  gradients(seeds: readonly Seed[], sources: readonly tf.Tensor[]): (tf.Tensor | null)[] {
    const wanted = this.#reachedFrom(sources);
    const known = new Map<number, tf.Tensor>();
    return tf.tidy(() => {
      for (const { tensor, gradient } of seeds) accumulate(known, tensor, tf.clone(gradient));
      for (let index = this.#nodes.length - 1; index >= 0; index--) {
        const node = this.#nodes[index];
        if (node?.outputs.some(({ id }) => known.has(id))) backThrough(node, known, wanted);
      }
      return sources.map(({ id }) => known.get(id) ?? null) as tf.Tensor[];
    });
  }

  /** Ids of the tensors that depend on one of `sources`. */
  #reachedFrom(sources: readonly tf.Tensor[]): ReadonlySet<number> {
    const reached = new Set(sources.map(({ id }) => id));
    for (const { inputs, outputs } of this.#nodes) {
      if (!Object.values(inputs).some(({ id }) => reached.has(id))) continue;
      for (const { id } of outputs) reached.add(id);
    }
    return reached;
  }

  /** Frees what the forward pass kept for its gradients. */
  dispose(): void {
    for (const { saved } of this.#nodes) tf.dispose([...(saved ?? [])]);
  }
}

function backThrough(node: TapeNode, known: Map<number, tf.Tensor>, wanted: ReadonlySet<number>): void {
  const inputs = Object.entries(node.inputs).filter(([, { id }]) => wanted.has(id));
  if (inputs.length === 0) return;
  if (!node.gradient) throw new Error(`"${node.kernelName}" has no gradient.`);
  const rules = node.gradient(node.outputs.map(({ id }) => known.get(id) ?? null));
  for (const [name, input] of inputs) {
    const rule = rules[name];
    if (!rule) throw new Error(`"${node.kernelName}" has no gradient by its input "${name}".`);
    accumulate(known, input, tf.tidy(rule));
  }
}

/** Replaced tensors are left to the surrounding tidy: a rule may hand the same one on to several inputs. */
function accumulate(known: Map<number, tf.Tensor>, { id }: tf.Tensor, gradient: tf.Tensor): void {
  const before = known.get(id);
  known.set(id, before ? tf.add(before, gradient) : gradient);
}
