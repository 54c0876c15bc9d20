// Parts of a mechanism as they are put together: shapes, counts, and whose losses reach each.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MaybeFlow } from '../../../../src/plan/flows.ts';
import type { PlanPart } from '../../../../src/plan/plan.ts';
import { allLayers, byConsumer, dense, refuseIndices, sizeOf, Wiring } from '../../../../src/plan/sharing/wiring.ts';
import type { SharedBlock } from '../../../../src/plan/sharing/contract.ts';

const consumer = (name: string, ...tasks: readonly string[]) => ({ key: `task:${name}`, id: name, name, tasks });
const consumers = [consumer('a', 'a'), consumer('b', 'b', 'c')];
const blockOn = (input: MaybeFlow): SharedBlock => ({
  name: 'trunk',
  sharing: { type: 'hard' },
  stages: [[{ spec: dense(4, 'relu'), pointer: '/0' }], [{ spec: dense(2, 'relu'), pointer: '/1' }]],
  input,
  consumers,
  tasks: ['c', 'b', 'a'],
});
const on = (...shape: readonly (number | null)[]): Wiring => new Wiring(blockOn({ shape }));
const layer = (units: number) => [{ spec: dense(units, 'relu'), pointer: `/layers/${String(units)}` }];
const part = (id: string, ...reads: readonly string[]) => ({ id, role: 'expert' as const, label: id, reads });

function finished(wiring: Wiring, a: string, b: string): ReadonlyMap<string, PlanPart> {
  const { sharing } = wiring.finish('mmoe', new Map([['task:a', a], ['task:b', b]])); // prettier-ignore
  return new Map(sharing.parts.map((one) => [one.id, one]));
}

test('sources are joined along the last axis, the axes before it stay', () => {
  for (const [shape, out] of [
    [[3], [6]],
    [
      [5, 3],
      [5, 6],
    ],
    [
      [7, 5, 3],
      [7, 5, 6],
    ],
    [
      [5, null],
      [5, null],
    ],
  ] as const) {
    const wiring = on(...shape);
    wiring.stack(part('both', 'input', 'input'), []);
    assert.deepEqual(wiring.shapeOf('both'), out);
    wiring.stack(part('one', 'input'), []);
    assert.deepEqual(wiring.shapeOf('one'), shape);
  }
});

test('of a source that is not known nothing is known, wherever it stands', () => {
  const wiring = on(5, 3);
  for (const reads of [['none'], ['none', 'input'], ['input', 'none'], []]) {
    const id = wiring.stack(part(`from ${reads.join()}`, ...reads), []);
    assert.deepEqual(wiring.shapeOf(id), [null], id);
  }
  wiring.combine(part('sum', 'none', 'input'), { kind: 'join' }, [], [9]);
  wiring.mixture({ id: 'mixture', label: '', reads: ['input', 'none'] });
  wiring.again(part('again', 'input'), 'none');
  for (const id of ['sum', 'mixture', 'again', 'nowhere']) assert.deepEqual(wiring.shapeOf(id), [null], id);
  assert.deepEqual(new Wiring(blockOn(null)).shapeOf('input'), [null]);
});

test('weights of a part and of its layers are counted, those that are trained among them apart', () => {
  const wiring = on(3);
  wiring.stack(part('expert', 'input'), layer(4));
  const weights = [
    { name: 'alpha', shape: [2, 5], trainable: true },
    { name: 'mean', shape: [7], trainable: false },
  ];
  wiring.combine(part('mix', 'expert'), { kind: 'join' }, weights);
  const parts = finished(wiring, 'mix', 'mix');
  const counts = (id: string) => [parts.get(id)?.parameters, parts.get(id)?.trainable];
  assert.deepEqual([counts('expert'), counts('mix')], [[16, 16], [17, 10]]); // prettier-ignore
  assert.deepEqual([parts.get('mix')?.outputShape, parts.get('mix')?.path], [[4], 'trunk/mix']);
  assert.deepEqual(
    parts.get('expert')?.layers.map(({ pointer, path }) => [pointer, path]),
    [['/layers/4', 'trunk/expert/0']],
  );
});

test('a result has the shape of the first source, or the one that is given; a mixture that of its first expert', () => {
  const wiring = on(3);
  wiring.stack(part('expert', 'input'), layer(4));
  wiring.combine(part('like', 'expert', 'input'), { kind: 'join' }, []);
  wiring.combine(part('given', 'expert'), { kind: 'join' }, [], [2, 9]);
  wiring.gate({ id: 'gate', label: 'g', reads: ['input'] }, 2);
  wiring.mixture({ id: 'mixture', label: 'm', reads: ['gate', 'expert', 'input'] });
  wiring.again(part('again', 'input'), 'expert');
  assert.deepEqual(
    ['like', 'given', 'gate', 'mixture', 'again'].map((id) => wiring.shapeOf(id)),
    [[4], [2, 9], [2], [4], [4]],
  );
  const parts = finished(wiring, 'mixture', 'again');
  assert.deepEqual([parts.get('gate')?.role, parts.get('gate')?.parameters], ['gate', 3 * 2 + 2]);
  assert.deepEqual([parts.get('mixture')?.role, parts.get('mixture')?.operation], ['mixture', { kind: 'mixture' }]);
  assert.deepEqual([parts.get('again')?.layersOf, parts.get('again')?.parameters], ['expert', 0]);
  assert.ok(!('layersOf' in (parts.get('expert') ?? {})));
});

test('a map is flattened once for all that read it; a vector is read as it is', () => {
  assert.equal(on(3).flat('input'), 'input');
  const wiring = on(5, 3);
  wiring.stack(part('expert', 'input'), layer(4));
  assert.deepEqual(
    ['input', 'input', 'expert', 'expert'].map((id) => wiring.flat(id)),
    ['flat', 'flat', 'expert/flat', 'expert/flat'],
  );
  assert.deepEqual([wiring.shapeOf('flat'), wiring.shapeOf('expert/flat')], [[15], [20]]);
  const parts = finished(wiring, 'expert', 'flat');
  assert.deepEqual([...parts.keys()], ['expert', 'flat', 'expert/flat']);
  const flat = parts.get('flat');
  assert.deepEqual([flat?.role, flat?.label, flat?.reads], ['gate', '', ['input']]);
  assert.deepEqual(flat?.layers.map(({ spec }) => spec.type), ['flatten']); // prettier-ignore
});

test('losses reach a part through its readers, and through who uses its layers again, in the order of the tasks', () => {
  const wiring = on(3);
  wiring.stack(part('low', 'input'), layer(4));
  wiring.stack(part('left', 'low'), layer(2));
  wiring.stack(part('right', 'low'), layer(2));
  wiring.stack(part('idle', 'low'), layer(2));
  wiring.again(part('twin', 'input'), 'left');
  const direct = finished(wiring, 'left', 'right');
  const tasks = (parts: ReadonlyMap<string, PlanPart>) => [...parts.values()].map((one) => one.tasks);
  assert.deepEqual(tasks(direct), [['c', 'b', 'a'], ['a'], ['c', 'b'], [], []]);
  assert.deepEqual(tasks(finished(wiring, 'right', 'twin')), [['a'], ['c', 'b'], ['a'], [], ['c', 'b']]);
});

test('what a block gives has the shape of its first result; ties are there where there are some', () => {
  const wiring = on(3);
  wiring.stack(part('one', 'input'), layer(4));
  wiring.stack(part('two', 'input'), layer(2));
  const outputs = byConsumer(consumers, ({ id }, index) => `${id}${String(index)}`);
  assert.deepEqual([...outputs], [['task:a', 'a0'], ['task:b', 'b1']]); // prettier-ignore
  const { sharing, output } = wiring.finish('ple', new Map([['task:a', 'two'], ['task:b', 'one']])); // prettier-ignore
  assert.deepEqual([sharing.type, output, 'ties' in sharing], ['ple', [2], false]);
  assert.deepEqual(wiring.finish('ple', new Map()).output, [null]);
  assert.deepEqual(
    allLayers(blockOn(null)).map(({ pointer }) => pointer),
    ['/0', '/1'],
  );
  assert.deepEqual(dense(3, 'sigmoid'), { type: 'dense', units: 3, activation: 'sigmoid', useBias: true });
  assert.deepEqual([sizeOf([2, 3]), sizeOf([2, null])], [6, null]);
});

test('index numbers are refused where gates would calculate with them', () => {
  const refused = refuseIndices(blockOn({ shape: [5], indices: { vocabulary: null } }));
  assert.equal(refused?.code, 'sharing-input');
  assert.match(refused.message.en, /The gates of "trunk" would calculate with index numbers/);
  assert.match(refused.message.zh, /“trunk” 的门控/);
  assert.equal(refuseIndices(blockOn({ shape: [5] })), null);
  assert.equal(refuseIndices(blockOn(null)), null);
});
