/** Blocks and tasks with shapes, weights and counts, in an order in which everything is defined before it is read. */
import { maxParts, type BlockSpec, type InputSpec, type LayerSpec, type Spec, type TaskSpec } from '../spec/index.ts';
import { concatenate, type LayerRun, type MaybeFlow, runLayers, unknownShape } from './flows.ts';
import { consumersOf, keyOf, readersOf, tasksReaching, type Vertex } from './graph.ts';
import { headShape, headWeights } from './heads/dense.ts';
import { headRules, targetSelectors } from './heads/table.ts';
import { inputFlow, inputShape, isIndex } from './inputs/table.ts';
import { type Chosen, chooseColumns, type Table } from './table-columns.ts';
import { countOf } from './layers/table.ts';
import { sum } from './layers/sizes.ts';
import type { Flow } from './layers/contract.ts';
import { pointerTo } from './pointers.ts';
import {
  type Consumer,
  partsOf,
  sharingOf,
  tooManyParts,
  type SharingMistake,
  type StageLayer,
} from './sharing/index.ts';
import type {
  Dim,
  ParameterCounts,
  Plan,
  PlanBlock,
  PlanInput,
  PlanLayer,
  PlanSharing,
  PlanTask,
  Shape,
} from './plan.ts';

/** Something that does not fit, where it happens. */
export type Mistake =
  | { readonly kind: 'layer'; readonly reader: Vertex; readonly at: NonNullable<LayerRun['mistake']> }
  | {
      readonly kind: 'join';
      readonly reader: Vertex;
      readonly left: number;
      readonly right: number;
      readonly shapes: readonly Shape[];
      readonly reason: 'axes' | 'sizes';
    }
  | { readonly kind: 'head'; readonly reader: Vertex; readonly shape: Shape; readonly axes: 1 | 2 | 3 }
  /** A block that its kind of sharing cannot take. */
  | { readonly kind: 'sharing'; readonly reader: Vertex; readonly mistake: SharingMistake }
  /** Index numbers taken for quantities; `source` is where they come from. */
  | { readonly kind: 'indices'; readonly reader: Vertex; readonly source: number };

export interface Network {
  readonly plan: Plan;
  readonly mistakes: readonly Mistake[];
}

/** `ordered`: every vertex after what it reads; an edge of a cycle carries nothing known. */
export function buildNetwork(
  spec: Spec,
  vertices: readonly Vertex[],
  ordered: readonly Vertex[],
  table: Table,
): Network {
  return new Builder(spec, vertices, ordered, table).build(ordered);
}

class Builder {
  readonly #spec: Spec;
  readonly #table: Table;
  readonly #readers: ReadonlyMap<string, readonly Vertex[]>;
  readonly #consumers: ReadonlyMap<string, readonly string[]>;
  readonly #reaching: ReadonlyMap<string, readonly string[]>;
  readonly #flows = new Map<string, MaybeFlow>();
  readonly #mistakes: Mistake[] = [];
  /** Of all blocks so far. */
  #parts = 0;

  constructor(spec: Spec, vertices: readonly Vertex[], ordered: readonly Vertex[], table: Table) {
    this.#spec = spec;
    this.#table = table;
    this.#readers = readersOf(vertices);
    this.#consumers = consumersOf(vertices);
    const rank = new Map([...spec.tasks.keys()].map((name, index) => [name, index] as const));
    this.#reaching = tasksReaching(ordered, true, rank);
  }

  build(ordered: readonly Vertex[]): Network {
    const inputs = new Map([...this.#spec.data.inputs].map(([name, spec]) => [name, this.#input(name, spec)] as const));
    const blocks = new Map<string, PlanBlock>();
    const tasks = new Map<string, PlanTask>();
    for (const vertex of ordered) {
      const block = vertex.kind === 'block' ? this.#spec.network.get(vertex.name) : undefined;
      const task = vertex.kind === 'task' ? this.#spec.tasks.get(vertex.name) : undefined;
      if (block !== undefined) blocks.set(vertex.name, this.#block(vertex, block));
      if (task !== undefined) tasks.set(vertex.name, this.#task(vertex, task));
    }
    const plan: Plan = {
      spec: this.#spec,
      inputs,
      blocks: inOrder(this.#spec.network.keys(), blocks),
      tasks: inOrder(this.#spec.tasks.keys(), tasks),
      order: ordered.map(({ kind, name }) => ({ kind, name })),
      parameters: parameterCounts(blocks, tasks),
    };
    return { plan, mistakes: this.#mistakes };
  }

  #input(name: string, spec: InputSpec): PlanInput {
    const chosen = chooseColumns(spec.from, this.#table, true);
    const input: PlanInput = {
      name,
      spec,
      pointer: pointerTo('data', 'inputs', name),
      columns: chosen.columns,
      shape: inputShape(name, spec, chosen, this.#table.facts),
      dtype: isIndex(spec) ? 'int32' : 'float32',
      consumers: this.#consumers.get(`input:${name}`) ?? [],
    };
    this.#flows.set(`input:${name}`, inputFlow(input, this.#table.facts));
    return input;
  }

  #block(vertex: Vertex, spec: BlockSpec): PlanBlock {
    const { name, sources } = vertex;
    const pointer = pointerTo('network', name);
    const joined = this.#join(vertex);
    const stages = stagesOf(spec, pointer);
    const flat = stages.flat();
    const layers = flat.map((layer) => layer.spec);
    const pointers = flat.map((layer) => layer.pointer);
    const run = this.#run(vertex, layers, joined, pointer, name, pointers);
    const sharing = this.#sharing(vertex, spec, stages, joined);
    const output = run.output === null || sharing === null ? null : run.output;
    this.#flows.set(keyOf(vertex), output);
    const tasks = this.#reaching.get(keyOf(vertex)) ?? [];
    const owners = sharing === null || sharing === undefined ? run.layers : sharing.parts;
    const parts = sharing?.parts.filter((part) => part.parameters !== 0) ?? [];
    return {
      name,
      pointer,
      sources,
      inputShape: joined?.shape ?? unknownShape,
      layers: run.layers,
      ...(sharing ? { sharing } : {}),
      outputShape: output?.shape ?? unknownShape,
      parameters: sum(owners.map((owner) => owner.parameters)),
      trainable: sum(owners.map((owner) => owner.trainable)),
      consumers: this.#consumers.get(keyOf(vertex)) ?? [],
      tasks,
      shared: sharing ? parts.some((part) => part.tasks.length > 1) : tasks.length > 1,
    };
  }

  /** Parts of a block that is not simply shared; undefined for hard sharing, null after a mistake. */
  #sharing(
    vertex: Vertex,
    spec: BlockSpec,
    stages: readonly (readonly StageLayer[])[],
    input: MaybeFlow,
  ): PlanSharing | null | undefined {
    const { name } = vertex;
    const consumers = this.#readersOf(vertex);
    const tasks = this.#reaching.get(keyOf(vertex)) ?? [];
    const block = { name, sharing: spec.sharing, stages, input, consumers, tasks };
    this.#parts += partsOf(block);
    const outcome = this.#parts > maxParts ? tooManyParts(this.#parts) : sharingOf(block);
    if (outcome === null) return undefined;
    if ('sharing' in outcome) return outcome.sharing;
    this.#mistakes.push({ kind: 'sharing', reader: vertex, mistake: outcome });
    return null;
  }

  #readersOf(vertex: Vertex): readonly Consumer[] {
    return (this.#readers.get(keyOf(vertex)) ?? []).map((reader) => ({
      key: keyOf(reader),
      id: reader.kind === 'task' ? keyOf(reader) : reader.name,
      name: reader.name,
      tasks: this.#reaching.get(keyOf(reader)) ?? [],
    }));
  }

  #task(vertex: Vertex, spec: TaskSpec): PlanTask {
    const { name, sources } = vertex;
    const pointer = pointerTo('tasks', name);
    const target = chooseColumns(targetSelectors(spec), this.#table, false);
    const joined = this.#join(vertex);
    const run = this.#run(vertex, spec.layers, joined, pointer, `tasks/${name}`);
    const head = this.#head(vertex, spec, run.output, target);
    this.#flows.set(keyOf(vertex), run.output === null ? null : { shape: head.outputShape });
    return {
      name,
      pointer,
      spec,
      sources,
      inputShape: joined?.shape ?? unknownShape,
      layers: run.layers,
      head,
      outputShape: head.outputShape,
      targetColumns: target.columns,
      weight: this.#spec.weights.get(name) ?? 1,
      parameters: sum([...run.layers, head].map((layer) => layer.parameters)),
      metrics: spec.metrics.map((metric) => metric.type),
      tasks: this.#reaching.get(keyOf(vertex)) ?? [],
    };
  }

  #head(vertex: Vertex, spec: TaskSpec, flow: MaybeFlow, target: Chosen): PlanLayer {
    const { name } = vertex;
    const rule = headRules[spec.type];
    if (flow?.indices !== undefined) this.#misused(vertex);
    const fits = flow === null || flow.shape.length === rule.axes;
    if (!fits) this.#mistakes.push({ kind: 'head', reader: vertex, shape: flow.shape, axes: rule.axes });
    const input = flow !== null && fits ? flow.shape : unknownShape;
    const units = rule.units(spec, { name, width: target.width, facts: this.#table.facts });
    const weights = headWeights(input, units);
    return {
      pointer: pointerTo('tasks', name),
      path: `tasks/${name}/head`,
      spec: headSpec(units, this.#spec.training.conventions),
      inputShape: flow?.shape ?? unknownShape,
      outputShape: headShape(input, units),
      weights,
      parameters: countOf(weights, 'all'),
      trainable: countOf(weights, 'trainable'),
    };
  }

  /** Notes once for a reader that indices it gets are not used as such. */
  #misused(vertex: Vertex): void {
    const source = vertex.sources.findIndex((one) => this.#flows.get(keyOf(one))?.indices !== undefined);
    if (source >= 0) this.#mistakes.push({ kind: 'indices', reader: vertex, source });
  }

  #join(vertex: Vertex): MaybeFlow {
    const flows = vertex.sources.map((source) => this.#flows.get(keyOf(source)) ?? null);
    const joined = concatenate(flows);
    if ('flow' in joined) {
      if (joined.flow?.indices === undefined && joined.flow !== null) this.#misused(vertex);
      return joined.flow;
    }
    const shapes = flows.map((flow) => flow?.shape ?? unknownShape);
    this.#mistakes.push({ kind: 'join', reader: vertex, shapes, ...joined });
    return null;
  }

  #run(
    vertex: Vertex,
    specs: readonly LayerSpec[],
    input: Flow | null,
    pointer: string,
    path: string,
    pointers?: readonly string[],
  ): LayerRun {
    const run = runLayers(specs, input, pointer, path, pointers);
    if (run.misusesIndices) this.#misused(vertex);
    if (run.mistake !== undefined) this.#mistakes.push({ kind: 'layer', reader: vertex, at: run.mistake });
    return run;
  }
}

/** The layers of a block stage by stage; `layers` are one stage. */
function stagesOf({ layers, stages }: BlockSpec, pointer: string): readonly (readonly StageLayer[])[] {
  if (stages === undefined) {
    return [layers.map((spec, index) => ({ spec, pointer: pointer + pointerTo('layers', index) }))];
  }
  return stages.map((stage, place) =>
    stage.map((spec, index) => ({ spec, pointer: pointer + pointerTo('stages', place, index) })),
  );
}

/** The head as a layer; where `units` is unknown its shape says so, and nothing can be built of it yet. */
function headSpec(units: Dim, conventions: Spec['training']['conventions']): LayerSpec {
  const torch = conventions === 'pytorch';
  return {
    type: 'dense',
    units: units ?? 1,
    activation: 'linear',
    useBias: true,
    kernelInitializer: torch ? 'torchUniform' : 'glorotUniform',
    biasInitializer: torch ? 'torchUniform' : 'zeros',
  };
}

/** In the order of the names; a name without a value (a cycle's leftover) is left out. */
function inOrder<Value>(names: Iterable<string>, values: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  const ordered = new Map<string, Value>();
  for (const name of names) {
    const value = values.get(name);
    if (value !== undefined) ordered.set(name, value);
  }
  return ordered;
}

type Owner = Pick<PlanBlock, 'parameters' | 'tasks'>;

/** Total, what several losses reach, and what one task alone reaches. */
function parameterCounts(
  blocks: ReadonlyMap<string, PlanBlock>,
  tasks: ReadonlyMap<string, PlanTask>,
): ParameterCounts {
  const shared = [...blocks.values()].flatMap((block): readonly Owner[] => block.sharing?.parts ?? [block]);
  const owners: readonly Owner[] = [...shared, ...tasks.values()];
  const count = (chosen: (reached: readonly string[]) => boolean): Dim =>
    sum(owners.filter((owner) => chosen(owner.tasks)).map((owner) => owner.parameters));
  const alone = new Map([...tasks.keys()].map((name) => [name, [] as Dim[]] as const));
  for (const { tasks: reached, parameters } of owners) {
    if (reached.length === 1) alone.get(reached[0] ?? '')?.push(parameters);
  }
  return {
    total: count(() => true),
    shared: count((reached) => reached.length > 1),
    byTask: new Map([...alone].map(([name, parameters]) => [name, sum(parameters)] as const)),
  };
}
