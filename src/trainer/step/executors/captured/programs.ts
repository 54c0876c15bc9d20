/**
 * Programs of one run over the same variables, in one graph. The graph grows while new shapes of batches turn up; a
 * session that is loaded cannot, so the next run loads a new one and moves the variables' values.
 */
import { Graph } from '../../../../engine/native/capture/graph.ts';
import {
  Session,
  sizeOf,
  type Feed,
  type Program,
  type Runner,
  type Values,
} from '../../../../engine/native/capture/session.ts';
import type { Output } from '../../../../engine/native/capture/graph-words.ts';
import { addVariable, afterAll, type Variable } from '../../../../engine/native/capture/variables.ts';
import type { TFJSBinding } from '../../../../engine/native/tfjs-node.ts';

interface Loaded {
  readonly session: Session;
  /** Nodes and variables of the graph when it was loaded. */
  readonly nodes: number;
  readonly variables: number;
  readonly runners: Map<Program, Runner>;
}

export class Programs {
  readonly graph = new Graph();
  readonly #variables: Variable[] = [];
  readonly #initial = new Map<Variable, () => Values>();
  readonly #binding: TFJSBinding;
  #loaded: Loaded | null = null;

  constructor(binding: TFJSBinding) {
    this.#binding = binding;
  }

  /** There is a session, which has values of its own. */
  get loaded(): boolean {
    return this.#loaded !== null;
  }

  /** @param initial asked when a session first needs its value; zeros if absent */
  variable(shape: readonly number[], initial?: () => Values): Variable {
    const variable = addVariable(this.graph, this.#variables.length, shape);
    this.#variables.push(variable);
    if (initial) this.#initial.set(variable, initial);
    return variable;
  }

  /** @returns one array for each fetch of the program */
  run(program: Program, feeds: readonly Feed[]): Values[] {
    const { session, runners } = this.#load();
    const runner = runners.get(program) ?? session.runner(program);
    runners.set(program, runner);
    return runner.run(feeds);
  }

  /** Values of variables, in order. */
  get(variables: readonly Variable[]): Values[] {
    if (variables.length === 0) return [];
    return this.#load()
      .session.runner({ feeds: [], fetches: variables.map(({ value }) => value) })
      .run([]);
  }

  set(variables: readonly Variable[], values: readonly Values[]): void {
    // The node that waits for all of them may be new, so this asks for the session afterwards.
    const program = this.#setter(variables);
    if (variables.length > 0) this.#load().session.runner(program).run(values);
  }

  dispose(): void {
    this.#loaded?.session.dispose();
    this.#loaded = null;
  }

  #setter(variables: readonly Variable[]): Program {
    return { feeds: variables.map(({ feed }) => feed), fetches: [this.#done(variables)] };
  }

  #done(variables: readonly Variable[]): Output {
    return afterAll(
      this.graph,
      this.graph.scalar(0),
      variables.map(({ set }) => set),
    );
  }

  /** The session of the graph as it is now. */
  #load(): Loaded {
    const before = this.#loaded;
    if (before?.nodes === this.graph.nodes.length) return before;
    // May add a node: before they are written and counted.
    const setter = this.#setter(this.#variables);
    const kept = before ? this.#values(before) : [];
    before?.session.dispose();
    const session = Session.load(this.#binding, this.graph.nodes);
    if (this.#variables.length > 0) {
      session
        .runner(setter)
        .run(
          this.#variables.map(
            (variable, place) =>
              kept[place] ?? this.#initial.get(variable)?.() ?? new Float32Array(sizeOf(variable.shape)),
          ),
        );
    }
    this.#loaded = {
      session,
      nodes: this.graph.nodes.length,
      variables: this.#variables.length,
      runners: new Map(),
    };
    return this.#loaded;
  }

  #values({ session, variables }: Loaded): Values[] {
    const fetches = this.#variables.slice(0, variables).map(({ value }) => value);
    return fetches.length === 0 ? [] : session.runner({ feeds: [], fetches }).run([]);
  }
}
