/** Parts of a graph that a run leaves out: computed by TensorFlow itself, and without it where it is not installed. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CaptureError } from '../../../../../src/engine/capture-error.ts';
import { Conditions } from '../../../../../src/engine/native/capture/conditions.ts';
import { Graph, floats } from '../../../../../src/engine/native/capture/graph.ts';
import { Session } from '../../../../../src/engine/native/capture/session.ts';
import { addVariable, afterAll } from '../../../../../src/engine/native/capture/variables.ts';
import { dataTypes, type Output } from '../../../../../src/engine/native/capture/graph-words.ts';
import type { TFJSBinding } from '../../../../../src/engine/native/tfjs-node.ts';
import { nodeBackend } from '../../../../../src/engine/native/kernels.ts';
import { openEngine } from '../../../../../src/engine/open.ts';
import type { Engine } from '../../../../../src/engine/contract.ts';
import { assetsDirectory } from '../../support.ts';
import { installedFolder, nativeSuite } from '../support.ts';
import { interpreter } from './interpreter.ts';

/** Three parts, of which a run is told. */
function three(): { graph: Graph; conditions: Conditions; taking: Output } {
  const graph = new Graph();
  const taking = graph.placeholder(dataTypes.bool, [3]);
  return { graph, conditions: new Conditions(graph, taking, 3), taking };
}

function vector(graph: Graph, values: readonly number[]): Output {
  const output = graph.constant(floats(values, [values.length]));
  graph.tellShape(output, [values.length]);
  return output;
}

/** The node of an operation as importing a trace makes it. */
function operation({ graph, conditions }: ReturnType<typeof three>, name: string, inputs: readonly Output[]): Output {
  const { inputs: read, finish } = conditions.meet(name, inputs);
  const output = graph.output(name, read);
  graph.tellShape(output, [2]);
  return finish(output);
}

/** @param bindingOf what computes a graph */
function suite(bindingOf: (graph: Graph) => TFJSBinding): void {
  const run = (graph: Graph, taking: Output, fetch: Output, parts: readonly number[][]): number[][] => {
    const session = Session.load(bindingOf(graph), graph.nodes);
    const feeds = [{ output: taking, type: dataTypes.bool, shape: [3] }];
    const runner = session.runner({ feeds, fetches: [fetch] });
    const results = parts.map((flags) => [...(runner.run([Uint8Array.from(flags)])[0] ?? [])]);
    session.dispose();
    return results;
  };

  test('a sum takes zeros for what is missing, and is missing where all of it is', () => {
    const made = three();
    const { graph, conditions, taking } = made;
    const [a, b] = [conditions.gate(vector(graph, [1, 2]), [0]), conditions.gate(vector(graph, [10, 20]), [2])];
    assert.deepEqual(conditions.of(a), [0]);
    const squares = operation(made, 'Mul', [a, a]);
    assert.deepEqual(conditions.of(squares), [0]);
    const sum = operation(made, 'AddV2', [squares, b]);
    assert.deepEqual(conditions.of(sum), [0, 2]);
    // What no part belongs to does not bring a missing value back.
    const more = operation(made, 'AddV2', [sum, vector(graph, [100, 100])]);
    assert.deepEqual(conditions.of(more), [0, 2]);
    const results = run(graph, taking, conditions.always(more), [
      [1, 0, 1],
      [1, 1, 0],
      [0, 0, 1],
      [0, 1, 0],
    ]);
    assert.deepEqual(results, [
      [111, 124],
      [101, 104],
      [110, 120],
      [0, 0],
    ]);
  });

  test('of all parts: a value that is never missing, and still a sum over them', () => {
    const made = three();
    const { graph, conditions } = made;
    const terms = [0, 1, 2].map((part) => conditions.gate(vector(graph, [1, 1]), [part]));
    const all = operation(made, 'AddN', terms);
    assert.deepEqual(conditions.of(all), [0, 1, 2]);
    assert.equal(conditions.always(all), all);
    // A factor of all parts leaves the term of one part its own.
    const [first] = terms;
    assert.ok(first);
    assert.deepEqual(conditions.of(operation(made, 'Mul', [all, first])), [0]);
    assert.deepEqual(conditions.of(operation(made, 'Sub', [all, first])), [0, 1, 2]);
  });

  test('what would need two parts at once is refused', () => {
    const made = three();
    const [a, b] = [0, 1].map((part) => made.conditions.gate(vector(made.graph, [1, 1]), [part]));
    assert.ok(a && b);
    assert.throws(() => operation(made, 'Mul', [a, b]), CaptureError);
    const unknown = made.conditions.gate(made.graph.scalar(1), [1]);
    assert.throws(() => made.conditions.always(unknown), /nothing can stand for a missing result/);
  });

  test('a variable is written where its condition holds, and the run ends in every case', () => {
    const { graph, conditions, taking } = three();
    const variable = addVariable(graph, 0, [2]);
    const condition = [0, 1];
    const write = graph.add('AssignVariableOp', [variable.handle, vector(graph, [7, 8])], {
      after: conditions.before(condition),
    });
    const done = conditions.after(condition, [write]);
    const begin = graph.add('AssignVariableOp', [variable.handle, vector(graph, [1, 1])]);
    const [began, written] = [afterAll(graph, graph.scalar(0), [begin]), afterAll(graph, graph.scalar(5), [done])];
    const session = Session.load(bindingOf(graph), graph.nodes);
    const feeds = [{ output: taking, type: dataTypes.bool, shape: [3] }];
    const begins = session.runner({ feeds: [], fetches: [began] });
    const writes = session.runner({ feeds, fetches: [written] });
    const reads = session.runner({ feeds: [], fetches: [variable.value] });
    const valueAfter = (flags: readonly number[]): number[] => {
      begins.run([]);
      assert.deepEqual([...(writes.run([Uint8Array.from(flags)])[0] ?? [])], [5]);
      return [...(reads.run([])[0] ?? [])];
    };
    assert.deepEqual(valueAfter([0, 1, 0]), [7, 8]);
    assert.deepEqual(valueAfter([1, 0, 1]), [7, 8]);
    assert.deepEqual(valueAfter([0, 0, 1]), [1, 1]);
    session.dispose();
  });

  test('a value of its own part is there with it, of two parts with either, of none always', () => {
    const made = three();
    const { graph, conditions, taking } = made;
    const x = vector(graph, [3, 4]);
    assert.equal(conditions.of(x), undefined);
    assert.equal(conditions.always(x), x);
    const own = conditions.always(conditions.gate(x, [1]));
    const either = conditions.always(conditions.gate(x, [0, 2]));
    const whole = conditions.gate(x, [0, 1, 2]);
    assert.equal(whole, x, 'nothing is switched where the value is there in every run');
    const flags = [[0, 1, 0], [1, 0, 0], [0, 0, 1], [1, 0, 1], [0, 0, 0]]; // prettier-ignore
    const [there, zeros] = [[3, 4], [0, 0]]; // prettier-ignore
    assert.deepEqual(run(graph, taking, own, flags), [there, zeros, zeros, zeros, zeros]);
    assert.deepEqual(run(graph, taking, either, flags), [zeros, there, there, there, zeros]);
  });

  test('what has been settled once is not settled again, and has the shape of the value', () => {
    const { graph, conditions } = three();
    const gated = conditions.gate(vector(graph, [3, 4]), [1]);
    assert.deepEqual(graph.shapeOf(gated), [2]);
    const settled = conditions.always(gated);
    assert.deepEqual(graph.shapeOf(settled), [2]);
    const nodes = graph.nodes.length;
    assert.equal(conditions.always(gated), settled);
    assert.equal(graph.nodes.length, nodes);
    const flag = graph.placeholder(dataTypes.bool, [2]);
    assert.throws(
      () => conditions.always(conditions.gate(flag, [0])),
      (error) =>
        error instanceof CaptureError && error.message === 'nothing can stand for a missing result of Identity',
    );
  });

  test('an operation that is no sum is there where all that it reads is', () => {
    const made = three();
    const { graph, conditions, taking } = made;
    const [one, two] = [conditions.gate(vector(graph, [2, 3]), [1]), conditions.gate(vector(graph, [5, 7]), [1, 2])];
    const plain = vector(graph, [1, 10]);
    for (const inputs of [
      [one, two],
      [two, one],
    ] as const) {
      // prettier-ignore
      const product = operation(made, 'Mul', inputs);
      assert.deepEqual(conditions.of(product), [1]);
      assert.deepEqual(run(graph, taking, conditions.always(product), [[0, 1, 0], [0, 0, 1]]), [[10, 21], [0, 0]]); // prettier-ignore
    }
    assert.deepEqual(conditions.of(operation(made, 'Mul', [plain, two])), [1, 2]);
    assert.equal(conditions.of(operation(made, 'Mul', [plain, plain])), undefined);
    assert.throws(() => operation(made, 'Mul', [conditions.gate(plain, [0, 1]), two]), {
      name: 'CaptureError',
      message: 'Mul reads values of different tasks',
    });
  });

  for (const name of ['Add', 'AddV2', 'AddN', 'Sub']) {
    test(`${name} takes zeros for what is missing`, () => {
      const made = three();
      const { graph, conditions, taking } = made;
      const [b, a] = [conditions.gate(vector(graph, [5, 7]), [2]), conditions.gate(vector(graph, [1, 2]), [1])];
      const sum = operation(made, name, [b, a]);
      // Ascending, whatever the order of the terms.
      assert.deepEqual(conditions.of(sum), [1, 2]);
      const sign = name === 'Sub' ? -1 : 1;
      assert.deepEqual(run(graph, taking, conditions.always(sum), [[0, 1, 1], [0, 1, 0], [0, 0, 1], [1, 0, 0]]), [[5 + sign, 7 + sign * 2], [sign, sign * 2], [5, 7], [0, 0]]); // prettier-ignore
    });
  }

  for (const name of ['ConcatV2', 'Pack']) {
    test(`${name} reads zeros for what is missing, too`, () => {
      const { graph, conditions } = three();
      const parts = [0, 1].map((part) => conditions.gate(vector(graph, [5, 7]), [part]));
      const { inputs } = conditions.meet(name, parts);
      assert.deepEqual(inputs, parts.map((value) => conditions.always(value))); // prettier-ignore
      assert.notDeepEqual(inputs, parts);
    });
  }

  test('there is no part behind the last', () => {
    const { graph, conditions } = three();
    assert.throws(() => conditions.gate(vector(graph, [1]), [3]), /There is no part 3\./);
  });
}

nativeSuite('parts that a run leaves out, in TensorFlow', () => {
  let engine: Engine;
  before(async () => {
    engine = await openEngine('native', { assetsDirectory, runtimeFolder: installedFolder });
  });
  after(() => engine.dispose());
  suite(() => nodeBackend(engine.backend).binding);
});

describe('parts that a run leaves out, by the meaning of the operations', () =>
  suite((graph) => interpreter(graph).binding));
