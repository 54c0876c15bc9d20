/** Variables of a graph: a handle each, and two programs that set and get all of them at once. */
import type { Graph } from './graph.ts';
import type { Program, Runner, Session, Values } from './session.ts';
import { dataTypes, type Node, type Output } from './types.ts';

export interface Variable {
  readonly handle: Output;
  readonly type: number;
  readonly shape: readonly number[];
}

export class Variables {
  readonly #graph: Graph;
  readonly #all: Variable[] = [];

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  add(shape: readonly number[], type: number = dataTypes.float): Variable {
    const handle = this.#graph.output('VarHandleOp', [], {
      attributes: {
        dtype: { kind: 'type', value: type },
        shape: { kind: 'shape', value: shape },
        shared_name: { kind: 'string', value: `v${String(this.#all.length)}` },
      },
    });
    const variable = { handle, type, shape };
    this.#all.push(variable);
    return variable;
  }

  /** A reading of its own; whoever writes the variable in the same program runs after it. */
  read({ handle, type }: Variable): Output {
    return this.#graph.output('ReadVariableOp', [handle], { attributes: { dtype: { kind: 'type', value: type } } });
  }

  assign({ handle }: Variable, value: Output, after: readonly Node[]): Node {
    return this.#graph.add('AssignVariableOp', [handle, value], { after });
  }

  /** Feeds every given variable; gives one number of no meaning. */
  setter(variables: readonly Variable[]): Program {
    const feeds = variables.map(({ type, shape }) => ({ output: this.#graph.placeholder(type, shape), type, shape }));
    const assigned = variables.map((variable, place) => {
      const fed = feeds[place]?.output;
      if (!fed) throw new RangeError('A variable has no feed.');
      // A fed tensor lies in memory of JavaScript, which a variable must not keep.
      return this.assign(variable, this.#graph.output('DeepCopy', [fed], { own: true }), []);
    });
    return { feeds, fetches: [this.done(assigned)] };
  }

  getter(variables: readonly Variable[]): Program {
    return { feeds: [], fetches: variables.map((variable) => this.read(variable)) };
  }

  /** A number that is there once all the nodes have run. */
  done(nodes: readonly Node[]): Output {
    return this.#graph.output('Identity', [this.#graph.scalar(0)], { after: nodes });
  }
}

/** Values in and out of a session. */
export interface Store {
  set(values: readonly Values[]): void;
  get(): Values[];
}

export function storeOf(session: Session, set: Program, get: Program): Store {
  const [setter, getter]: readonly Runner[] = [session.runner(set), session.runner(get)];
  return {
    set: (values) => void setter?.run(values),
    get: () => getter?.run([]) ?? [],
  };
}
