/** Parts of a graph that a run leaves out, in TensorFlow itself. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CaptureError } from '../../../../../src/engine/native/capture/errors.ts';
import { Conditions } from '../../../../../src/engine/native/capture/conditions.ts';
import { Graph, floats } from '../../../../../src/engine/native/capture/graph.ts';
import { Session } from '../../../../../src/engine/native/capture/session.ts';
import { addVariable, afterAll } from '../../../../../src/engine/native/capture/variables.ts';
import { dataTypes, type Output } from '../../../../../src/engine/native/capture/types.ts';
import { nodeBackend } from '../../../../../src/engine/native/kernels.ts';
import { openEngine } from '../../../../../src/engine/open.ts';
import type { Engine } from '../../../../../src/engine/types.ts';
import { assetsDirectory } from '../../support.ts';
import { installedFolder, nativeSuite } from '../support.ts';

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

nativeSuite('parts that a run leaves out', () => {
  let engine: Engine;
  before(async () => {
    engine = await openEngine('native', { assetsDirectory, runtimeFolder: installedFolder });
  });
  after(() => engine.dispose());

  const run = (graph: Graph, taking: Output, fetch: Output, parts: readonly number[][]): number[][] => {
    const session = Session.load(nodeBackend(engine.backend).binding, graph.nodes);
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
    const session = Session.load(nodeBackend(engine.backend).binding, graph.nodes);
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
});
