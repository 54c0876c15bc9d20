/**
 * Puts the parts of a sharing mechanism together: shapes and weights as each part is added, and at the end, backwards
 * from the consumers, whose losses reach it (conventions 1.3). A rule is then as short as its paper's figure.
 */
import type { Text } from '../../common/text.ts';
import type { LayerSpec } from '../../spec/index.ts';
import { type MaybeFlow, runLayers, unknownShape } from '../flows.ts';
import { countOf } from '../layers/table.ts';
import { product, sum } from '../layers/sizes.ts';
import type { PartOperation, PartRole, PlanLayer, PlanPart, PlanSharing, Shape, WeightShape } from '../plan.ts';
import type { Consumer, SharedBlock, SharingMistake, StageLayer } from './contract.ts';

/** Id of the block's own input among the parts. */
export const blockInput = 'input';

type Draft = Omit<PlanPart, 'tasks'>;

export interface NewPart {
  readonly id: string;
  readonly role: PartRole;
  readonly label: string;
  readonly reads: readonly string[];
  readonly drawnWith?: string;
}

const join: PartOperation = { kind: 'join' };

export class Wiring {
  readonly #block: SharedBlock;
  readonly #parts = new Map<string, Draft>();
  readonly #flows = new Map<string, MaybeFlow>();

  constructor(block: SharedBlock) {
    this.#block = block;
    this.#flows.set(blockInput, block.input);
  }

  /** Shape of what a part gives; `input` is the block's input. */
  shapeOf(id: string): Shape {
    return this.#flows.get(id)?.shape ?? unknownShape;
  }

  /** Layers on one source, or on several joined along the last axis. */
  stack(part: NewPart, layers: readonly StageLayer[]): string {
    const path = this.#pathOf(part.id);
    const { layers: run, output } = runLayers(
      layers.map(({ spec }) => spec),
      this.#joined(part.reads),
      '',
      path,
      layers.map(({ pointer }) => pointer),
    );
    this.#flows.set(part.id, output);
    return this.#add(part, { operation: join, weights: [], layers: run });
  }

  /** The layers of another part, on other input. */
  again(part: NewPart, of: string): string {
    const owner = this.#parts.get(of);
    // The same layers on an input of the same shape give the same shape.
    this.#flows.set(part.id, this.#flows.get(of) ?? null);
    return this.#add(part, { operation: join, weights: [], layers: [], ...(owner ? { layersOf: of } : {}) });
  }

  /** softmax(W x + b) over `size` on what is read, flattened. */
  gate(part: Omit<NewPart, 'role'>, size: number): string {
    return this.stack({ ...part, role: 'gate' }, this.#onVector(part.reads, dense(size, 'softmax')));
  }

  /** Σ_e g_e · E_e; the first of `reads` is the gate. */
  mixture(part: Omit<NewPart, 'role'>): string {
    const [, expert] = part.reads;
    this.#flows.set(part.id, this.#flows.get(expert ?? '') ?? null);
    return this.#add({ ...part, role: 'mixture' }, { operation: { kind: 'mixture' }, weights: [], layers: [] });
  }

  /** A part whose result has the shape of the first (`of`) tensor it reads, or the given one. */
  combine(part: NewPart, operation: PartOperation, weights: readonly WeightShape[], shape?: Shape): string {
    const flow = this.#flows.get(part.reads[0] ?? '') ?? null;
    this.#flows.set(part.id, flow === null ? null : { shape: shape ?? flow.shape });
    return this.#add(part, { operation, weights, layers: [] });
  }

  /** A source flattened to a vector, as gates read it; the id of the source itself where it is one. */
  flat(id: string): string {
    if (this.shapeOf(id).length <= 1) return id;
    const flatId = id === blockInput ? 'flat' : `${id}/flat`;
    if (this.#parts.has(flatId)) return flatId;
    return this.stack({ id: flatId, role: 'gate', label: '', reads: [id] }, this.#onVector([id]));
  }

  finish(
    type: PlanSharing['type'],
    outputs: ReadonlyMap<string, string>,
    ties?: PlanSharing['ties'],
  ): { readonly sharing: PlanSharing; readonly output: Shape } {
    const reach = this.#reach(outputs);
    const parts = [...this.#parts.values()].map((part) => ({ ...part, tasks: reach.get(part.id) ?? [] }));
    const [first] = outputs.values();
    const output = first === undefined ? unknownShape : this.shapeOf(first);
    return { sharing: { type, parts, outputs, ...(ties === undefined ? {} : { ties }) }, output };
  }

  #add(part: NewPart, rest: Pick<Draft, 'operation' | 'weights' | 'layers' | 'layersOf'>): string {
    const layers: readonly PlanLayer[] = rest.layers;
    const parameters = sum([countOf(rest.weights, 'all'), ...layers.map((layer) => layer.parameters)]);
    const trainable = sum([countOf(rest.weights, 'trainable'), ...layers.map((layer) => layer.trainable)]);
    const path = this.#pathOf(part.id);
    this.#parts.set(part.id, { ...part, ...rest, path, outputShape: this.shapeOf(part.id), parameters, trainable });
    return part.id;
  }

  #joined(reads: readonly string[]): MaybeFlow {
    const flows = reads.map((id) => this.#flows.get(id) ?? null);
    const [first] = flows;
    if (first === undefined || first === null || flows.some((flow) => flow === null)) return null;
    if (flows.length === 1) return first;
    return { shape: [...first.shape.slice(0, -1), sum(flows.map((flow) => flow?.shape.at(-1) ?? null))] };
  }

  /** Layers that read a vector, with a flatten before them where their source is a map or a sequence. */
  #onVector(reads: readonly string[], ...specs: readonly LayerSpec[]): readonly StageLayer[] {
    const rank = this.shapeOf(reads[0] ?? '').length;
    const all = rank > 1 ? [{ type: 'flatten' } as LayerSpec, ...specs] : specs;
    return all.map((spec) => ({ spec, pointer: '' }));
  }

  #pathOf(id: string): string {
    return `${this.#block.name}/${id}`;
  }

  /** Backwards from the consumers; parts stand after what they read. A part's layers serve also who uses them again. */
  #reach(outputs: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
    const sets = new Map<string, Set<string>>();
    const give = (id: string, tasks: Iterable<string>): void => {
      const set = sets.get(id) ?? new Set<string>();
      for (const task of tasks) set.add(task);
      sets.set(id, set);
    };
    for (const { key, tasks } of this.#block.consumers) give(outputs.get(key) ?? '', tasks);
    for (const part of [...this.#parts.values()].toReversed()) {
      const own = sets.get(part.id) ?? new Set<string>();
      for (const id of part.reads) give(id, own);
    }
    for (const part of this.#parts.values()) {
      if (part.layersOf !== undefined) give(part.layersOf, sets.get(part.id) ?? []);
    }
    return new Map([...sets].map(([id, set]) => [id, this.#block.tasks.filter((task) => set.has(task))] as const));
  }
}

export function dense(units: number, activation: 'softmax' | 'relu' | 'sigmoid'): LayerSpec {
  return { type: 'dense', units, activation, useBias: true } as LayerSpec;
}

/** The layers of all stages, one after the other. */
export function allLayers(block: SharedBlock): readonly StageLayer[] {
  return block.stages.flat();
}

/** One entry a consumer, by its key. */
export function byConsumer(
  consumers: readonly Consumer[],
  read: (consumer: Consumer, index: number) => string,
): ReadonlyMap<string, string> {
  return new Map(consumers.map((consumer, index) => [consumer.key, read(consumer, index)] as const));
}

/** A gate calculates with what it reads: index numbers are no quantities. */
export function refuseIndices({ input, name }: SharedBlock): SharingMistake | null {
  if (input?.indices === undefined) return null;
  const message: Text = {
    en: `The gates of "${name}" would calculate with index numbers. Put the embedding into a block of its own before "${name}".`,
    zh: `“${name}” 的门控会把索引编号当作数量来计算。请把 embedding 放进 “${name}” 之前的单独模块。`,
  };
  return { code: 'sharing-input', message };
}

/** Numbers in a tensor of this shape, for the picture and for weights. */
export function sizeOf(shape: Shape): number | null {
  return product(shape);
}
