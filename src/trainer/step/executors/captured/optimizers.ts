/**
 * Optimizers that TensorFlow has one operation for. The others are recorded from their own rule. An entry is exact: the
 * same formula with the same coefficients, checked against the rule for every optimizer of the table.
 */
import type { Graph } from '../../../../engine/native/capture/graph.ts';
import type { Node, Output } from '../../../../engine/native/capture/graph-words.ts';
import type { OptimizerName } from '../../../../spec/resolved.ts';
import type { UpdateRule } from '../../../optimizers/contract.ts';

export interface Application {
  readonly graph: Graph;
  /** Constants of the rule, by name. */
  readonly constants: UpdateRule['constants'];
  readonly handle: Output;
  readonly slots: readonly Output[];
  readonly gradient: Output;
  /** In the order of the rule's `coefficients`. */
  readonly coefficients: readonly Output[];
  /** The variable's value before the update. */
  readonly value: Output;
  /** Must have run before: what reads the old values. */
  readonly after: readonly Node[];
}

type Apply = (application: Application) => Node;

/** Those that TensorFlow has. */
const rows: Readonly<Partial<Record<OptimizerName, Apply>>> = {
  sgd: ({ graph, handle, gradient, coefficients: [rate], after }) =>
    graph.add('ResourceApplyGradientDescent', [handle, rate as Output, gradient], { after }),
  momentum: (application) => momentum(application, false),
  nesterov: (application) => momentum(application, true),
  adam,
  adamw: (application) => {
    const { graph, handle, value, coefficients, after } = application;
    const kept = graph.output('Mul', [value, coefficients[2] as Output]);
    const decayed = graph.add('AssignVariableOp', [handle, kept], { after });
    return adam({ ...application, after: [...after, decayed] });
  },
};

/** v ← μv + g; w ← w − ηv, or w − η(g + μv). */
function momentum(
  { graph, handle, slots, gradient, constants, coefficients, after }: Application,
  nesterov: boolean,
): Node {
  const inputs = [handle, slots[0], coefficients[0], gradient, graph.scalar(Number(constants['momentum']))];
  return graph.add('ResourceApplyMomentum', inputs as Output[], {
    after,
    attributes: { use_nesterov: { kind: 'bool', value: nesterov } },
  });
}

/**
 * w ← w − α m / (√v + ε) with α = η√(1 − β₂ᵗ)/(1 − β₁ᵗ): our coefficients have the corrections in them already, so
 * TensorFlow, which would put them into α, is told powers of 0.
 */
function adam({ graph, handle, slots, gradient, constants, coefficients, after }: Application): Node {
  const none = graph.scalar(0);
  const [beta1, beta2] = [graph.scalar(Number(constants['beta1'])), graph.scalar(Number(constants['beta2']))];
  const inputs = [handle, slots[0], slots[1], none, none, coefficients[0], beta1, beta2, coefficients[1], gradient];
  return graph.add('ResourceApplyAdam', inputs as Output[], { after });
}

/** Undefined: record the rule itself. */
export function fusedUpdate({ name }: UpdateRule): Apply | undefined {
  return rows[name];
}
