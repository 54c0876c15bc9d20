/** Weights by the last run: which records are read, and what is said of them. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { EventInput } from '../../../../src/runs/events.ts';
import { encodeRecord } from '../../../../src/runs/records.ts';
import type { PreparedSplit, PreparedTarget } from '../../../../src/samples/contract.ts';
import type { FactSource } from '../../../../src/trainer/baselines/facts.ts';
import { performanceShares } from '../../../../src/trainer/suggest/performance.ts';
import { constantOf, digits, positive } from '../../../../src/trainer/suggest/shares.ts';
import { SuggestError } from '../../../../src/trainer/suggest/suggestion.ts';
import type { Task } from '../../../../src/trainer/tasks/contract.ts';
import { lossNamed } from '../resolved.ts';
import { startBody, temporaryFolder } from '../../runs/helpers.ts';
import { readyStore } from '../../../../src/samples/row-stores.ts';

/** Labels 1 and −1: the best constant 0 has the loss 1. */
const target: PreparedTarget = {
  values: readyStore(Float32Array.of(1, -1), [1]),
  mask: Uint8Array.of(1, 1),
  weight: Float32Array.of(1, 1),
  labeled: 2,
};
const taskOf = (name: string): Task =>
  ({
    name,
    loss: lossNamed('regression', 'mse', {}, { width: 1 }),
    labelShape: [1],
    bestConstant: ({ weights }: { weights: ArrayLike<number> }) =>
      weights.length > 0 ? Float32Array.of(0) : undefined,
  }) as unknown as Task;
function sourceOf(targets: Readonly<Record<string, PreparedTarget | undefined>>): FactSource {
  const known = Object.entries(targets).flatMap(([name, own]) => (own ? [[name, own] as const] : []));
  const train: PreparedSplit = { n: 2, rows: new Int32Array(2), inputs: new Map(), targets: new Map(known) };
  return { tasks: Object.keys(targets).map(taskOf), data: { splits: { train } } } as unknown as FactSource;
}

function runOf(context: TestContext, records: readonly object[]): string {
  const folder = temporaryFolder(context);
  const lines = records.map((record, seq) => encodeRecord(seq, seq, record as EventInput));
  fs.writeFileSync(path.join(folder, 'events.ndjson'), `${lines.join('\n')}\n`);
  return folder;
}
const start = (...tasks: readonly (readonly [name: string, primary: string])[]) => ({
  ...startBody(1),
  tasks: tasks.map(([name, primary]) => ({
    name,
    type: 'x',
    loss: 'x',
    metrics: [primary],
    primary,
    higherIsBetter: true,
  })),
});
const epoch = (number: number, train: object, validation: object | null = null) => ({
  ...{ kind: 'epoch', epoch: number, seconds: 1, train },
  validation: validation && { ...validation, total: 1, skill: null },
});
const options = { power: 1, initial: null, split: 'train' } as const;
const refused = (work: () => unknown): SuggestError => {
  try {
    work();
  } catch (error) {
    if (error instanceof SuggestError) return error;
    throw error;
  }
  assert.fail('nothing was refused');
};

test('numbers and words: the last κ, what it is, of which split, over how many epochs, and the running mean', (context) => {
  const split = (loss: number, accuracy: number) => ({
    losses: { a: loss, b: 9 },
    metrics: { a: { mae: 5 }, b: { accuracy } },
  });
  const run = runOf(context, [
    start(['b', 'accuracy'], ['a', 'mae']),
    epoch(1, split(0.8, 0.5), split(0.6, 0.25)),
    epoch(2, split(0.3, 0.9), split(0.4, 0.75)),
  ]);
  const source = sourceOf({ a: target, b: target });
  const { shares, formula, warnings } = performanceShares(source, { ...options, run });
  assert.equal(formula, 'κ̄ ← .1 κ + .9 κ̄, w = −(1 − κ̄) ln κ̄');
  assert.deepEqual(warnings, []);
  // a: 1 − L/L⁰ = .2, .7 and .1 · .7 + .9 · .2 = .25; b: .5, .9 and .54.
  assert.deepEqual(
    shares.map(({ task, text }) => [task, text.en, text.zh]),
    [
      [
        'a',
        'κ = 0.7 (1 − L/L⁰, training, last of 2 epochs), κ̄ = 0.25',
        'κ = 0.7（1 − L/L⁰，训练集，共 2 轮的最后一轮），κ̄ = 0.25',
      ],
      [
        'b',
        'κ = 0.9 (accuracy, training, last of 2 epochs), κ̄ = 0.54',
        'κ = 0.9（accuracy，训练集，共 2 轮的最后一轮），κ̄ = 0.54',
      ],
    ],
  );
  const [a] = shares;
  assert.deepEqual(
    ['performance', 'running', 'epochs', 'constantLoss'].map((name) => digits(a?.numbers.get(name) ?? NaN)),
    ['0.7', '0.25', '2', '1'],
  );
  assert.ok(Math.abs((a?.share ?? NaN) + 0.75 * Math.log(0.25)) < 1e-9);
  const validation = performanceShares(source, { ...options, run, split: 'validation' });
  assert.equal(validation.shares[1]?.text.en, 'κ = 0.75 (accuracy, validation, last of 2 epochs), κ̄ = 0.3');
  assert.match(validation.shares[1].text.zh, /验证集/);
  assert.deepEqual(validation.warnings.map(({ en }) => en), ['Weights from validation metrics have seen the validation split: its metrics are no longer an independent check.']); // prettier-ignore
});

test('epochs that say nothing of a task do not count; of a task that no epoch tells of it is said', (context) => {
  const run = runOf(context, [
    start(['a', 'mae'], ['b', 'mae']),
    epoch(1, { losses: { a: 0.5, b: 0.5 }, metrics: {} }),
    epoch(2, { losses: { a: null, b: 'NaN' }, metrics: {} }),
    epoch(3, { losses: { toString: 1 }, metrics: {} }),
  ]);
  const { shares } = performanceShares(sourceOf({ a: target, b: target }), { ...options, run });
  assert.deepEqual(shares.map(({ numbers }) => [numbers.get('epochs'), numbers.get('performance')]), [[1, 0.5], [1, 0.5]]); // prettier-ignore
  for (const [name, split] of [
    ['c', 'train'],
    ['a', 'validation'],
  ] as const)
    assert.equal(
      refused(() => performanceShares(sourceOf({ [name]: target }), { ...options, run, split })).message,
      `The last run says nothing of the task "${name}" on the ${split} split. Train this spec again, or name another run with --run DIR.`,
    );
  // An own name that every object has.
  assert.match(refused(() => performanceShares(sourceOf({ toString: target }), { ...options, run })).message, /"toString"/); // prettier-ignore
});

test('the newest start counts; without a run, a start or an epoch it is said what to do', (context) => {
  const told = { losses: { a: 0.5 }, metrics: { a: { accuracy: 0.75 } } };
  const source = sourceOf({ a: target });
  const again = runOf(context, [start(['a', 'mae']), epoch(1, told), start(['a', 'accuracy'])]);
  assert.equal(performanceShares(source, { ...options, run: again }).shares[0]?.numbers.get('performance'), 0.75);
  for (const run of [null, runOf(context, [start(['a', 'mae'])]), runOf(context, [epoch(1, told)])])
    assert.match(refused(() => performanceShares(source, { ...options, run })).message, /there is none with an epoch\. Train it first \(mtl train\)/); // prettier-ignore
});

test('what weights are divided by must be a number above 0', () => {
  const task = taskOf('a');
  assert.equal(positive(task, 0.5, 'loss', '损失'), 0.5);
  assert.deepEqual(refused(() => positive(task, NaN, 'loss', '损失')).text, {
    en: 'Task "a" has no label in the training split, so its loss is not known. Give it labels.',
    zh: '任务“a”在训练集中没有标签，损失 未知。请补充标签。',
  });
  for (const value of [0, -1, Infinity])
    assert.equal(
      refused(() => positive(task, value, 'loss', '损失')).message,
      `Task "a": its loss is ${String(value)}, so nothing can be divided by it. Is its target always the same?`,
    );
  assert.equal(constantOf(task, sourceOf({ a: target })), 1);
  assert.match(refused(() => constantOf(task, sourceOf({ a: undefined }))).message, /so its L⁰ is not known/);
  assert.deepEqual([digits(1 / 3), digits(1234567), digits(2)], ['0.3333', '1235000', '2']);
});
