/**
 * Parts of a graph that a run leaves out. A value may be *missing* in a run: TensorFlow's `Switch` lets it through or not,
 * and what reads a missing value does not run either, so a variable is not written and nothing is computed. A sum takes
 * zeros for the terms that are missing, and is itself missing only where all of them are: what backpropagation adds up
 * comes from whichever tasks take part.
 */
import { CaptureError } from '../../capture-error.ts';
import { typeOf, type Graph } from './graph.ts';
import { dataTypes, type Node, type Output } from './graph-words.ts';

/** Parts (by number, ascending) of which at least one must take part in a run. */
export type Condition = readonly number[];

/** In these a missing input counts as zeros. */
const sums: ReadonlySet<string> = new Set(['Add', 'AddV2', 'AddN', 'Sub', 'ConcatV2', 'Pack']);

export class Conditions {
  readonly #graph: Graph;
  /** One bool for each part. */
  readonly #flags: readonly Output[];
  readonly #known = new Map<Node, Condition>();
  readonly #settled = new Map<string, Output>();

  /** @param taking part: a bool for each part, [parts] */
  constructor(graph: Graph, taking: Output, parts: number) {
    this.#graph = graph;
    const node = graph.add('Unpack', [taking], { attributes: { num: { kind: 'int', value: parts } } });
    this.#flags = Array.from({ length: parts }, (_, index) => ({ node, index }));
  }

  /** Undefined: there in every run. The condition of all parts is kept apart from it: it marks what is a sum over parts. */
  of({ node }: Output): Condition | undefined {
    return this.#known.get(node);
  }

  /** The value where one of the parts takes part; else it is missing. */
  gate(value: Output, condition: Condition): Output {
    if (this.#isWhole(condition)) return this.#mark(value, condition);
    const through = this.#graph.output('Identity', [this.#switch(value, condition).through]);
    const shape = this.#graph.shapeOf(value);
    if (shape) this.#graph.tellShape(through, shape);
    return this.#mark(through, condition);
  }

  /** The inputs of a node as it can read them, and what that makes of its result. */
  meet(operation: string, inputs: readonly Output[]): Met {
    const conditions = distinct(inputs.map((input) => this.of(input)));
    const [first] = conditions;
    if (!first) return { inputs, finish: (output) => output };
    if (conditions.length === 1) return { inputs, finish: (output) => this.#mark(output, first) };
    if (sums.has(operation)) {
      const union = [...new Set(conditions.flat())].sort((a, b) => a - b);
      return { inputs: inputs.map((input) => this.always(input)), finish: (output) => this.gate(output, union) };
    }
    // It runs where all of its inputs are there: that has a name only where one condition implies the others.
    const narrow = conditions.reduce((least, one) => (one.length < least.length ? one : least));
    if (!conditions.every((one) => narrow.every((part) => one.includes(part))))
      throw new CaptureError(`${operation} reads values of different tasks`, `${operation} 读取不同任务的值`);
    return { inputs, finish: (output) => this.#mark(output, narrow) };
  }

  /** The value, or zeros where it is missing. */
  always(value: Output): Output {
    const condition = this.of(value);
    if (!condition || this.#isWhole(condition)) return value;
    const key = `${value.node.name}:${String(value.index)}`;
    const before = this.#settled.get(key);
    if (before) return before;
    const shape = this.#graph.shapeOf(value);
    if (!shape || typeOf(value) !== dataTypes.float)
      throw new CaptureError(
        `nothing can stand for a missing result of ${value.node.operation}`,
        `${value.node.operation} 的结果缺失时无可替代`,
      );
    const zero = this.#switch(this.#graph.scalar(0), condition).back;
    const zeros = this.#graph.output('Fill', [this.#graph.integers(shape), zero]);
    const merged = this.#graph.output('Merge', [zeros, value]);
    this.#graph.tellShape(merged, shape);
    this.#settled.set(key, merged);
    return merged;
  }

  /** What a node must wait for that is to run under the condition alone. */
  before(condition: Condition): readonly Node[] {
    return [this.#pivot(condition).node];
  }

  /** A node that runs in every run, after those that run under the condition. */
  after(condition: Condition, nodes: readonly Node[]): Node {
    const { back } = this.#switch(this.#graph.scalar(0), condition);
    const done = this.#graph.output('Identity', [this.#pivot(condition)], { after: nodes });
    return this.#graph.add('Merge', [back, done]);
  }

  #pivot(condition: Condition): Output {
    return this.#graph.output('Identity', [this.#switch(this.#graph.scalar(0), condition).through]);
  }

  #switch(value: Output, condition: Condition): { readonly back: Output; readonly through: Output } {
    const flags = condition.map((part) => {
      const flag = this.#flags[part];
      if (!flag) throw new Error(`There is no part ${String(part)}.`);
      return flag;
    });
    const node = this.#graph.add('Switch', [value, flags.reduce((a, b) => this.#graph.output('LogicalOr', [a, b]))]);
    return { back: { node, index: 0 }, through: { node, index: 1 } };
  }

  #mark(output: Output, condition: Condition): Output {
    this.#known.set(output.node, condition);
    return output;
  }

  #isWhole(condition: Condition): boolean {
    return condition.length === this.#flags.length;
  }
}

export interface Met {
  readonly inputs: readonly Output[];
  /** Called with each output of the node. */
  readonly finish: (output: Output) => Output;
}

function distinct(conditions: readonly (Condition | undefined)[]): Condition[] {
  const given = conditions.filter((condition) => condition !== undefined);
  return [...new Map(given.map((condition) => [condition.join(), condition])).values()];
}
