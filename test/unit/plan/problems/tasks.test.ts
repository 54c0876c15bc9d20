// Tasks and blocks one by one: keys that contradict each other or the data.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DataFacts } from '../../../../src/plan/plan.ts';
import { fixed, planText, specText, squiggles, table, type Reading } from '../helpers.ts';

const kind = (more: object = {}): object => ({ type: 'classification', target: 'kind', input: 'trunk', ...more });
const read = (task: object, classes?: readonly string[], parts: object = {}): Reading => {
  const facts: DataFacts = { ...table, ...(classes ? { classes: new Map([['kind', classes]]) } : {}) };
  return planText(specText({ tasks: { kind: task }, weights: {}, ...parts }), facts, true);
};
const told = ({ problems }: Reading): string[] => problems.map(({ code, pointer }) => `${code} ${pointer}`);
const texts = ({ problems }: Reading): readonly [string, string] => [
  problems[0]?.message.en ?? '',
  problems[0]?.message.zh ?? '',
];

describe('classes', () => {
  test('two are needed to tell anything apart', () => {
    assert.deepEqual(told(read(kind(), ['x', 'y'])), []);
    const one = read(kind(), ['x']);
    assert.deepEqual(told(one), ['too-few-classes /tasks/kind/target']);
    assert.match(texts(one)[0], /^"kind" has 1 class in its training rows/);
    assert.match(texts(one)[1], /^“kind” 的训练行中只有 1 个类别/);
    assert.match(texts(read(kind(), []))[0], /^"kind" has 0 classes in its training rows/);
    assert.deepEqual(told(read(kind())), []);
  });

  test('the k most probable of k classes are all of them', () => {
    const metrics = (k: number): object => kind({ classes: 4, metrics: ['accuracy', { type: 'topK', k }] });
    assert.deepEqual(told(read(metrics(3))), []);
    for (const k of [4, 5]) {
      const reading = read(metrics(k));
      assert.deepEqual(told(reading), ['top-k-trivial /tasks/kind/metrics/1']);
      assert.equal(reading.problems[0]?.severity, 'warning');
      assert.match(texts(reading)[0], new RegExp(`^With 4 classes, the ${k} most probable`));
      assert.match(texts(reading)[1], new RegExp(`^只有 4 个类别，前 ${k} 个`));
    }
  });
});

describe('weights of classes', () => {
  const weighted = (classWeights: object, classes?: unknown): object =>
    kind({ loss: { type: 'weighted-cross-entropy', classWeights }, ...(classes === undefined ? {} : { classes }) });

  test('name classes that are written, counted or found', () => {
    assert.deepEqual(told(read(weighted({ a: 1, b: 2 }, ['a', 'b']))), []);
    assert.deepEqual(told(read(weighted({ 0: 1, 2: 2 }, 3))), []);
    assert.deepEqual(told(read(weighted({ 3: 1 }, 3))), ['unknown-class /tasks/kind/loss/classWeights/3']);
    assert.deepEqual(told(read(weighted({ x: 1 }), ['x', 'y'])), []);
    assert.deepEqual(told(read(weighted({ z: 1 }), ['x', 'y'])), ['unknown-class /tasks/kind/loss/classWeights/z']);
    assert.deepEqual(told(read(weighted({ z: 1 }))), [], 'who knows');
    // 1.0 and 1 are one class.
    assert.deepEqual(told(read(weighted({ '1.0': 1 }, [1, 2]))), []);
  });

  test('a wrong one is renamed to the nearest', () => {
    const reading = read(weighted({ Europa: 1 }, ['USA', 'Europe']));
    assert.deepEqual(squiggles(reading), [['unknown-class', '"Europa"']]);
    assert.equal(texts(reading)[0], '"kind" has no class "Europa". Did you mean "Europe"?');
    assert.equal(texts(reading)[1], '“kind” 没有类别 “Europa”。是否想写 “Europe”？');
    assert.match(fixed(reading), /"Europe": 1/);
    const strange = read(weighted({ qqqqqq: 1 }, ['USA', 'Europe']));
    assert.equal(texts(strange)[0], '"kind" has no class "qqqqqq". There are: USA, Europe.');
    assert.deepEqual(strange.problems[0]?.fixes, []);
  });

  test('so do the factors of the focal loss', () => {
    const focal = (alpha: unknown): object => kind({ classes: ['a', 'b'], loss: { type: 'focal', alpha } });
    assert.deepEqual(told(read(focal({ a: 0.2, c: 0.8 }))), ['unknown-class /tasks/kind/loss/alpha/c']);
    assert.deepEqual(told(read(focal({ a: 0.2, b: 0.8 }))), []);
  });
});

test('a gradient is only cut where a prediction is read', () => {
  const tasks = (input: unknown): object => ({
    kind: kind({ classes: 3 }),
    mass: { type: 'regression', target: 'mass', input, stopGradient: true },
  });
  const of = (input: unknown): Reading => planText(specText({ tasks: tasks(input), weights: {} }), table);
  const reading = of(['trunk', 'measures']);
  assert.deepEqual(told(reading), ['ignored-key /tasks/mass/stopGradient']);
  assert.deepEqual(squiggles(reading), [['ignored-key', '"stopGradient"']]);
  for (const text of texts(reading)) assert.match(text, /["“]mass["”]/);
  assert.deepEqual(told(of(['trunk', 'task:kind'])), []);
});

test('a frozen block needs weights from somewhere, unless it has no layers', () => {
  const dense = [{ type: 'dense', units: 4 }];
  const of = (block: object): Reading =>
    read(kind({ classes: 3 }), undefined, { network: { trunk: { input: 'measures', ...block } } });
  const frozen = of({ layers: dense, trainable: false });
  assert.deepEqual(told(frozen), ['frozen-noise /network/trunk/trainable']);
  for (const text of texts(frozen)) assert.match(text, /^["“]trunk["”]/);
  assert.deepEqual(told(of({ stages: [dense, dense], trainable: false, sharing: 'hard' })), ['frozen-noise /network/trunk/trainable']); // prettier-ignore
  assert.deepEqual(told(of({ layers: dense })), []);
  assert.deepEqual(told(of({ layers: [], trainable: false })), []);
  assert.deepEqual(told(of({ layers: dense, trainable: false, weightsFrom: 'runs/1' })), []);
  // Behind a block that trains, too.
  const network = { stem: { input: 'measures', layers: dense }, trunk: { input: 'stem', layers: dense, trainable: false } }; // prettier-ignore
  assert.deepEqual(told(read(kind({ classes: 3 }), undefined, { network })), ['frozen-noise /network/trunk/trainable']);
});
