/** What a session asks of TensorFlow, by a binding that writes it down. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { CaptureError } from '../../../../../src/engine/capture-error.ts';
import { Graph } from '../../../../../src/engine/native/capture/graph.ts';
import { encodeSavedModel } from '../../../../../src/engine/native/capture/saved-model.ts';
import { Session, sizeOf, type Feed } from '../../../../../src/engine/native/capture/session.ts';
import { dataTypes } from '../../../../../src/engine/native/capture/graph-words.ts';
import type { TFJSBinding } from '../../../../../src/engine/native/tfjs-node.ts';

interface Fake {
  readonly binding: TFJSBinding;
  readonly calls: unknown[][];
  /** Tensors that were made and not deleted. */
  readonly alive: Set<number>;
  folder: string;
  fails: boolean;
}

/** Model 5; every fetch gives one number: 10, 11, … */
function fake(): Fake {
  const calls: unknown[][] = [];
  const alive = new Set<number>();
  let next = 100;
  const made = (): number => {
    alive.add(next);
    return next++;
  };
  const state: Fake = { binding: {} as TFJSBinding, calls, alive, folder: '', fails: false };
  Object.assign(state.binding, {
    loadSavedModel: (folder: string, tags: string) => {
      const file = path.join(folder, 'saved_model.pb');
      calls.push(['load', tags, fs.statSync(file).mode & 0o777, fs.readFileSync(file).toString('hex')]);
      state.folder = folder;
      if (state.fails) throw new Error('no such operation');
      return 5;
    },
    createTensor: (shape: number[], type: number, values: unknown) => {
      calls.push(['create', shape, type, values]);
      return made();
    },
    runSavedModel: (id: number, ids: number[], inputs: string, outputs: string) => {
      calls.push(['run', id, ids, inputs, outputs]);
      if (state.fails) throw new Error('no such kernel');
      return outputs.split(',').map(() => ({ id: made(), shape: [], dtype: 1 }));
    },
    tensorDataSync: (id: number) => Float32Array.of(id),
    deleteTensor: (id: number) => assert.ok(alive.delete(id), `tensor ${String(id)} is not there`),
    deleteSavedModel: (id: number) => calls.push(['unload', id]),
  });
  return state;
}

/** x [2] and the flags [3] in, a part of what is unpacked and the sum out. */
function program() {
  const graph = new Graph();
  const x = graph.placeholder(dataTypes.float, [2]);
  const flags = graph.placeholder(dataTypes.bool, [3]);
  const numbers = graph.placeholder(dataTypes.int32, []);
  const parts = graph.add('Unpack', [x], { attributes: { num: { kind: 'int', value: 2 } } });
  const feeds = [
    { output: x, type: dataTypes.float, shape: [2] },
    { output: flags, type: dataTypes.bool, shape: [3] },
    { output: numbers, type: dataTypes.int32, shape: [] },
  ];
  const fetches = [
    { node: parts, index: 1 },
    { node: parts, index: 0 },
  ];
  return { graph, program: { feeds, fetches }, names: { x, flags, numbers, parts } };
}

test('a graph is loaded from a file of this user’s own, which is gone afterwards', () => {
  const { graph } = program();
  const state = fake();
  Session.load(state.binding, graph.nodes);
  const hex = Buffer.from(encodeSavedModel(graph.nodes)).toString('hex');
  assert.deepEqual(state.calls, [['load', 'serve', process.platform === 'win32' ? 0o666 : 0o600, hex]]);
  assert.equal(path.dirname(state.folder), os.tmpdir());
  assert.match(path.basename(state.folder), /^mtl-graph-/);
  assert.equal(fs.existsSync(state.folder), false);
  state.fails = true;
  assert.throws(
    () => Session.load(state.binding, graph.nodes),
    (error) =>
      error instanceof CaptureError &&
      error.message === 'TensorFlow does not take the graph (no such operation)' &&
      error.cause instanceof Error &&
      error.cause.message === 'no such operation',
  );
  assert.equal(fs.existsSync(state.folder), false);
});

test('a run feeds and fetches by name, and keeps no tensor', () => {
  const { graph, program: work, names } = program();
  const state = fake();
  const session = Session.load(state.binding, graph.nodes);
  const runner = session.runner(work);
  state.calls.length = 0;
  const [x, flags, numbers] = [Float32Array.of(1, 2), Uint8Array.of(1, 0, 1), Int32Array.of(4)];
  const results = runner.run([x, flags, numbers]);
  const part = names.parts.name;
  assert.deepEqual(state.calls, [
    ['create', [2], dataTypes.float, x],
    ['create', [3], dataTypes.bool, flags],
    ['create', [], dataTypes.int32, numbers],
    ['run', 5, [100, 101, 102], `${names.x.node.name},${names.flags.node.name},${names.numbers.node.name}`, `${part}:1,${part}`], // prettier-ignore
  ]);
  assert.deepEqual(results, [Float32Array.of(103), Float32Array.of(104)]);
  assert.deepEqual([...state.alive], []);
});

test('a tensor that TensorFlow has already is fed as it is, and stays', () => {
  const { graph, program: work } = program();
  const state = fake();
  const runner = Session.load(state.binding, graph.nodes).runner(work);
  state.alive.add(7);
  runner.run([7, Uint8Array.of(1, 0, 1), Int32Array.of(4)]);
  assert.deepEqual(state.calls.at(-1)?.[2], [7, 100, 101]);
  assert.deepEqual([...state.alive], [7]);
});

test('feeds of another size or type are refused, and what was made for the run goes', () => {
  const { graph, program: work } = program();
  const state = fake();
  const runner = Session.load(state.binding, graph.nodes).runner(work);
  const good: readonly Feed[] = [Float32Array.of(1, 2), Uint8Array.of(1, 0, 1), Int32Array.of(4)];
  const refused = (place: number, feed: Feed | undefined, words: string): void => {
    const feeds = good.map((each, index) => (index === place ? feed : each)) as Feed[];
    assert.throws(
      () => runner.run(feeds),
      (error) => error instanceof CaptureError && error.message === words,
    );
    assert.deepEqual([...state.alive], []);
  };
  refused(0, Float32Array.of(1, 2, 3), 'feed 0 does not have the shape [2]');
  refused(0, Int32Array.of(1, 2), 'feed 0 does not have the shape [2]');
  refused(0, undefined, 'feed 0 does not have the shape [2]');
  refused(1, Float32Array.of(1, 0, 1), 'feed 1 does not have the shape [3]');
  refused(1, Int32Array.of(1, 0, 1), 'feed 1 does not have the shape [3]');
  refused(2, Uint8Array.of(1), 'feed 2 does not have the shape []');
  assert.equal(state.calls.some(([name]) => name === 'run'), false); // prettier-ignore
  state.fails = true;
  assert.throws(() => runner.run(good), /no such kernel/);
  assert.deepEqual([...state.alive], []);
});

test('a session ends once, and then says so', () => {
  const { graph, program: work } = program();
  const state = fake();
  const session = Session.load(state.binding, graph.nodes);
  const runner = session.runner(work);
  session.dispose();
  session.dispose();
  assert.deepEqual(state.calls.filter(([name]) => name === 'unload'), [['unload', 5]]); // prettier-ignore
  assert.throws(() => runner.run([]), /^CaptureError: the session has ended$/);
});

test('the size of a shape is the product of its lengths, 1 without any', () => {
  assert.deepEqual([[], [5], [2, 3, 4], [2, 0]].map(sizeOf), [1, 5, 24, 0]);
});
