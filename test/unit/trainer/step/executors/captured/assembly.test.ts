/** Programs made of a recorded piece: what is fed, read, written and given back, in which order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Conditions } from '../../../../../../src/engine/native/capture/conditions.ts';
import type { Graph } from '../../../../../../src/engine/native/capture/graph.ts';
import type { Feed } from '../../../../../../src/engine/native/capture/session.ts';
import { dataTypes, type Output } from '../../../../../../src/engine/native/capture/graph-words.ts';
import {
  Assembly,
  labeledName,
  type AssemblyOptions,
  type FeedShape,
} from '../../../../../../src/trainer/step/executors/captured/assembly.ts';
import type { Drawing } from '../../../../../../src/trainer/step/recorded/recording.ts';
import { interpreted } from './interpreted.ts';

type Make = (graph: Graph, bind: (name: string) => Output, conditions?: Conditions) => Record<string, Output>;

/** A recording whose part of the graph is made by hand. */
function recording(
  make: Make,
  shapes: Record<string, readonly number[]>,
  drawings: readonly Drawing[] = [],
): AssemblyOptions['recording'] {
  return {
    drawings,
    results: new Map(Object.entries(shapes)),
    into: (graph, bind, _wanted, conditions) => new Map(Object.entries(make(graph, bind, conditions))),
  };
}

const none: Pick<AssemblyOptions, 'variables' | 'fed'> = { variables: new Map(), fed: new Map() };
const number = { type: dataTypes.float, shape: [2] };

function packed(results: ReadonlyMap<string, Float32Array>): Record<string, number[]> {
  return Object.fromEntries([...results].map(([name, values]) => [name, [...values]]));
}

function feeds(values: Record<string, Feed>): { give: (name: string) => Feed; asked: string[] } {
  const asked: string[] = [];
  const give = (name: string): Feed => {
    asked.push(name);
    return values[name] ?? assert.fail(`nobody gives ${name}`);
  };
  return { give, asked };
}

test('results come back under their names, whatever their sizes and types', () => {
  const { programs } = interpreted();
  const made = recording(
    (graph, bind) => {
      const x = bind('x');
      const flag = bind('flag');
      return { sum: graph.output('Add', [x, x]), flag, one: graph.scalar(1), unwanted: graph.scalar(8) };
    },
    { sum: [2], flag: [3], one: [] },
  );
  const fed = new Map<string, FeedShape>([
    ['x', number],
    ['flag', { type: dataTypes.bool, shape: [3] }],
    ['more', number],
  ]);
  const assembly = new Assembly({ ...none, programs, recording: made, fed }, []);
  assembly.define('twice', assembly.graph.output('Add', [assembly.result('one'), assembly.result('one')]), []);
  assembly.define('one', assembly.graph.output('Add', [assembly.result('twice'), assembly.result('one')]), []);
  const program = assembly.finish(['flag', 'one', 'sum', 'twice']);
  const { give, asked } = feeds({ x: Float32Array.of(3, 4), flag: Uint8Array.of(1, 0, 1) });
  // What is defined under the name of a recorded result stands for it.
  assert.deepEqual(packed(program.run(give)), { flag: [1, 0, 1], one: [3], sum: [6, 8], twice: [2] });
  assert.deepEqual(asked, ['x', 'flag'], 'what it needs alone');
  assert.throws(() => assembly.result('loss'), /^CaptureError: the step gives no loss$/);
  assert.throws(() => assembly.finish(['loss']), /the step gives no loss/);
});

test('one result, and none', () => {
  const { programs } = interpreted();
  const options = { ...none, programs, recording: recording((graph) => ({ one: graph.scalar(5) }), { one: [] }) };
  const assembly = new Assembly(options, []);
  const { give } = feeds({});
  assert.deepEqual(packed(assembly.finish(['one']).run(give)), { one: [5] });
  assert.deepEqual(packed(assembly.finish([]).run(give)), {});
});

test('drawn numbers are drawn anew for each run, and what nobody gives is refused by name', () => {
  const { programs } = interpreted();
  let draws = 0;
  const drawing = { key: 'mask', shape: [2], make: () => Float32Array.of(++draws, 0) };
  const options = {
    ...{ ...none, programs },
    recording: recording((_graph, bind) => ({ mask: bind('draw mask') }), { mask: [2] }, [drawing]),
  };
  const program = new Assembly(options, []).finish(['mask']);
  const { give, asked } = feeds({});
  assert.deepEqual(packed(program.run(give)), { mask: [1, 0] });
  assert.deepEqual(packed(program.run(give)), { mask: [2, 0] });
  assert.deepEqual(asked, []);
  const unknown = { ...options, recording: recording((_graph, bind) => ({ y: bind('y') }), { y: [] }) };
  assert.throws(() => new Assembly(unknown, []), /^CaptureError: the step reads y, which nobody gives$/);
});

test('variables are written once everything has read their old values', () => {
  const { programs } = interpreted();
  const weight = programs.variable([2], () => Float32Array.of(1, 2));
  const made = recording((graph, bind) => ({ double: graph.output('Add', [bind('w'), bind('w')]) }), { double: [2] });
  const assembly = new Assembly({ ...none, programs, recording: made, variables: new Map([['w', weight]]) }, []);
  assert.equal(assembly.read(weight), assembly.read(weight), 'read once');
  assert.deepEqual(assembly.beforeWriting([weight]), [assembly.read(weight).node]);
  const other = programs.variable([2]);
  assert.deepEqual(assembly.beforeWriting([other]), []);
  assembly.assign(weight, assembly.result('double'));
  const program = assembly.finish(['double']);
  const { give } = feeds({});
  assert.deepEqual(packed(program.run(give)), { double: [2, 4] });
  assert.deepEqual(packed(program.run(give)), { double: [4, 8] });
  assert.deepEqual([...(programs.get([weight])[0] ?? [])], [4, 8]);
});

/** Two tasks, each with a term that is there with it alone, and a variable that its own or either writes. */
function tasks() {
  const { programs } = interpreted();
  const [own, shared, always] = [0, 1, 2].map(() => programs.variable([]));
  assert.ok(own && shared && always);
  const make: Make = (graph, bind, conditions) => {
    const operation = (name: string, given: readonly Output[]): Output => {
      const { inputs, finish } = conditions?.meet(name, given) ?? assert.fail('no conditions');
      const output = graph.output(name, inputs);
      graph.tellShape(output, []);
      return finish(output);
    };
    const terms = ['part 0', 'part 1'].map((part) => operation('Mul', [bind(part), graph.scalar(1)]));
    return { first: terms[0] as Output, sum: operation('AddV2', terms), ten: graph.scalar(10) };
  };
  const gates = new Map([
    ['part 0', [0]],
    ['part 1', [1]],
  ]);
  const made = recording(make, { first: [], sum: [], ten: [] });
  const assembly = new Assembly({ ...none, programs, recording: made, tasks: { count: 2, gates } }, []);
  return { programs, assembly, own, shared, always };
}

test('a run is told which tasks have a label; what the others would give is 0, and their variables stay', () => {
  const { programs, assembly, own, shared, always } = tasks();
  assembly.assign(own, assembly.result('first'));
  assembly.assign(shared, assembly.result('sum'));
  // A value that is always there, for one task alone.
  assembly.assign(always, assembly.result('ten'), [1]);
  const program = assembly.finish(['first', 'sum']);
  const run = (...flags: number[]): unknown => {
    const { give, asked } = feeds({ [labeledName]: Uint8Array.from(flags) });
    const results = packed(program.run(give));
    assert.deepEqual(asked, [labeledName]);
    return [results, programs.get([own, shared, always]).map(([value]) => value)];
  };
  assert.deepEqual(run(0, 0), [{ first: [0], sum: [0] }, [0, 0, 0]]);
  assert.deepEqual(run(1, 0), [{ first: [1], sum: [1] }, [1, 1, 0]]);
  assert.deepEqual(run(0, 1), [{ first: [0], sum: [1] }, [1, 1, 10]]);
  assert.deepEqual(run(1, 1), [{ first: [1], sum: [2] }, [1, 2, 10]]);
});

test('under which condition a value is written: its own, or the narrower one that is asked for', () => {
  const { assembly } = tasks();
  const { first, sum, ten } = {
    first: assembly.result('first'),
    sum: assembly.result('sum'),
    ten: assembly.result('ten'),
  };
  assert.deepEqual(assembly.written(first), [0]);
  assert.equal(assembly.written(sum), undefined, 'that of all tasks is none');
  assert.equal(assembly.written(ten), undefined);
  assert.deepEqual(assembly.written(ten, [1]), [1]);
  assert.deepEqual(assembly.written(sum, [1]), [1]);
  assert.equal(assembly.written(ten, [0, 1]), undefined);
  for (const condition of [[1], [0, 1]]) {
    assert.throws(() => assembly.written(first, condition), {
      name: 'CaptureError',
      message: 'a variable would change for other tasks than those that reach it',
    });
  }
  assert.equal(assembly.always('ten'), ten);
  assert.equal(assembly.always('sum'), sum);
  assert.notEqual(assembly.always('first'), first);
});

test('what is written under a condition waits for it, beside those that have read', () => {
  const { assembly, own } = tasks();
  const read = assembly.read(own);
  assert.deepEqual(assembly.beforeWriting([own]), [read.node]);
  const waiting = assembly.beforeWriting([own], [0]);
  assert.equal(waiting.length, 2);
  assert.equal(waiting[0], read.node);
  assert.equal(waiting[1]?.operation, 'Identity');
});
