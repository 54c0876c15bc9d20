/**
 * A recorded piece of a step becomes a program: inputs are fed or read from variables, numbers that the host wants come
 * back as one vector, variables are written once everything has read their old values.
 */
import { Conditions, type Condition } from '../../../../engine/native/capture/conditions.ts';
import { CaptureError } from '../../../../engine/capture-error.ts';
import { typeOf, type Graph } from '../../../../engine/native/capture/graph.ts';
import { sizeOf, type Feed, type FeedPlace, type Program } from '../../../../engine/native/capture/session.ts';
import { dataTypes, type Node, type Output } from '../../../../engine/native/capture/graph-words.ts';
import { afterAll, readVariable, type Variable } from '../../../../engine/native/capture/variables.ts';
import type { Programs } from './programs.ts';
import type { Drawing } from '../../recorded/recording.ts';
import type { GraphRecording } from './graph-recording.ts';

/** What is fed under a name. */
export interface FeedShape {
  readonly type: number;
  readonly shape: readonly number[];
}

export interface AssemblyOptions {
  readonly programs: Programs;
  readonly recording: Pick<GraphRecording, 'drawings' | 'results' | 'into'>;
  /** Variables that inputs are read from, by the input's name. */
  readonly variables: ReadonlyMap<string, Variable>;
  /** The other inputs. Drawn numbers need not be named. */
  readonly fed: ReadonlyMap<string, FeedShape>;
  /** Where a run may leave tasks out: how many there are, and what the inputs are that are there for some of them. */
  readonly tasks?: { readonly count: number; readonly gates: ReadonlyMap<string, Condition> };
}

/** Fed where a run may leave tasks out: which have a label. */
export const labeledName = 'labeled';

/** A program with names. */
export interface NamedProgram {
  /**
   * @param values what is fed, by name; asked for what the program needs
   * @returns named results, packed: views into one array
   */
  run(values: (name: string) => Feed): ReadonlyMap<string, Float32Array>;
}

export class Assembly {
  readonly #options: AssemblyOptions;
  readonly #feeds = new Map<string, FeedPlace>();
  readonly #reads = new Map<Variable, Output>();
  readonly #writes: { readonly node: Node; readonly condition: Condition | undefined }[] = [];
  readonly #conditions: Conditions | undefined;
  readonly #more = new Map<string, { readonly output: Output; readonly shape: readonly number[] }>();
  readonly #drawings: ReadonlyMap<string, Drawing>;
  readonly #outputs: ReadonlyMap<string, Output>;

  /** @param wanted results that will be asked for */
  constructor(options: AssemblyOptions, wanted: readonly string[]) {
    this.#options = options;
    this.#drawings = new Map(options.recording.drawings.map((drawing) => [`draw ${drawing.key}`, drawing]));
    this.#conditions = options.tasks && this.#conditionsOf(options.tasks.count);
    this.#outputs = options.recording.into(this.graph, (name) => this.#bind(name), wanted, this.#conditions);
  }

  get graph(): Graph {
    return this.#options.programs.graph;
  }

  result(name: string): Output {
    const output = this.#more.get(name)?.output ?? this.#outputs.get(name);
    if (!output) throw new CaptureError(`the step gives no ${name}`, `训练步未给出 ${name}`);
    return output;
  }

  /** The result, or zeros in a run that leaves it out. */
  always(name: string): Output {
    const output = this.result(name);
    return this.#conditions?.always(output) ?? output;
  }

  /** One more result, made of recorded ones. */
  define(name: string, output: Output, shape: readonly number[]): void {
    this.#more.set(name, { output, shape });
  }

  /** The variable's value before this program changes it. */
  read(variable: Variable): Output {
    const before = this.#reads.get(variable);
    if (before) return before;
    const output = readVariable(this.graph, variable);
    this.#reads.set(variable, output);
    return output;
  }

  /** What must have run before these variables change: all that has read them so far, and what a condition asks for. */
  beforeWriting(variables: readonly Variable[], condition?: Condition): Node[] {
    const readers = variables.flatMap((variable) => this.#reads.get(variable)?.node ?? []);
    return condition ? [...readers, ...(this.#conditions?.before(condition) ?? [])] : readers;
  }

  /** A node that changes a variable, after `beforeWriting`. */
  write(node: Node, condition?: Condition): void {
    this.#writes.push({ node, condition });
  }

  /**
   * Gives the variable a value.
   *
   * @param condition where it changes: that of the value, if absent
   * @throws CaptureError where the value is missing in runs of which the condition says that it changes
   */
  assign(variable: Variable, value: Output, condition?: Condition): void {
    const under = this.written(value, condition);
    const after = this.beforeWriting([variable], under);
    this.write(this.graph.add('AssignVariableOp', [variable.handle, value], { after }), under);
  }

  /** The condition under which a value is written. */
  written(value: Output, condition?: Condition): Condition | undefined {
    const own = this.#conditions?.of(value);
    // Another task's gradient may be there and cut (zeros); what is missing cannot be written.
    if (own && condition && !condition.every((task) => own.includes(task)))
      throw new CaptureError(
        'a variable would change for other tasks than those that reach it',
        '某个变量会因不涉及它的任务而改变',
      );
    const under = condition ?? own;
    return under?.length === this.#options.tasks?.count ? undefined : under;
  }

  /** @param packed names of the results that come back */
  finish(packed: readonly string[]): NamedProgram {
    const { programs, recording } = this.#options;
    const { graph } = this;
    const shapes = recording.results;
    const flat = packed.map((name) =>
      graph.output('Reshape', [asFloat(graph, this.always(name)), graph.integers([-1])]),
    );
    const joined = flat.length === 0 ? graph.scalar(0) : concat(graph, flat);
    const program: Program = {
      feeds: [...this.#feeds.values()],
      fetches: [afterAll(graph, joined, this.#written())],
    };
    const names = [...this.#feeds.keys()];
    const drawings = names.map((name) => this.#drawings.get(name));
    let at = 0;
    const places = packed.map((name) => {
      const size = sizeOf(this.#more.get(name)?.shape ?? shapes.get(name) ?? []);
      at += size;
      return { name, from: at - size, to: at };
    });
    return {
      run: (values) => {
        const feeds = names.map((name, place) => drawings[place]?.make() ?? values(name));
        const packedValues = programs.run(program, feeds)[0] ?? new Float32Array(0);
        return new Map(places.map(({ name, from, to }) => [name, packedValues.subarray(from, to) as Float32Array]));
      },
    };
  }

  /** Nodes that run in every run, once everything is written. */
  #written(): Node[] {
    const groups = new Map<string, { readonly condition: Condition; readonly nodes: Node[] }>();
    const always: Node[] = [];
    for (const { node, condition } of this.#writes) {
      if (!condition || !this.#conditions) {
        always.push(node);
        continue;
      }
      const group = groups.get(condition.join()) ?? { condition, nodes: [] };
      group.nodes.push(node);
      groups.set(condition.join(), group);
    }
    const merged = [...groups.values()].map(({ condition, nodes }) => this.#conditions?.after(condition, nodes));
    return [...always, ...merged.filter((node) => node !== undefined)];
  }

  #conditionsOf(count: number): Conditions {
    const fed = { type: dataTypes.bool, shape: [count] };
    const output = this.graph.placeholder(fed.type, fed.shape);
    this.#feeds.set(labeledName, { output, ...fed });
    return new Conditions(this.graph, output, count);
  }

  #bind(name: string): Output {
    const gate = this.#options.tasks?.gates.get(name);
    if (gate && this.#conditions) return this.#conditions.gate(this.graph.scalar(1), gate);
    const variable = this.#options.variables.get(name);
    if (variable) return this.read(variable);
    const drawing = this.#drawings.get(name);
    const fed = drawing ? { type: dataTypes.float, shape: drawing.shape } : this.#options.fed.get(name);
    if (!fed)
      throw new CaptureError(`the step reads ${name}, which nobody gives`, `训练步读取 ${name}，但没有提供该值`);
    const place = { output: this.graph.placeholder(fed.type, fed.shape), ...fed };
    this.#feeds.set(name, place);
    return place.output;
  }
}

function concat(graph: Graph, values: readonly Output[]): Output {
  const [only] = values;
  if (values.length === 1 && only) return only;
  return graph.output('ConcatV2', [...values, graph.output('Const', [], zeroAxis)]);
}

const zeroAxis = {
  attributes: {
    value: { kind: 'tensor', value: { type: dataTypes.int32, shape: [], bytes: new Uint8Array(4) } },
    dtype: { kind: 'type', value: dataTypes.int32 },
  },
} as const;

function asFloat(graph: Graph, value: Output): Output {
  if (typeOf(value) === dataTypes.float) return value;
  return graph.output('Cast', [value], { attributes: { DstT: { kind: 'type', value: dataTypes.float } } });
}
