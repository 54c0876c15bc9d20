/** How many labels there are, and what is said of tasks that have none. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { countSamples, labelFacts, tellUnlabeled } from '../../../src/samples/labels.ts';
import { collectNotes, type PreparedSplit, type PreparedTarget } from '../../../src/samples/contract.ts';
import { readyStore } from '../../../src/samples/row-stores.ts';

/** A target with these sample weights; null has no label. */
function target(weights: readonly (number | null)[]): PreparedTarget {
  const mask = Uint8Array.from(weights, (weight) => (weight === null ? 0 : 1));
  return {
    values: readyStore(new Float32Array(weights.length), [1]),
    mask,
    weight: Float32Array.from(weights, (weight) => weight ?? 0),
    labeled: mask.reduce((sum, value) => sum + value, 0),
  };
}

function split(n: number, targets: Readonly<Record<string, readonly (number | null)[]>>): PreparedSplit {
  const entries = Object.entries(targets).map(([name, weights]) => [name, target(weights)] as const);
  return { n, rows: new Int32Array(n), inputs: new Map(), targets: new Map(entries) };
}

const splits = {
  train: split(4, { a: [1, null, 0.5, 0], b: [null, null, null, null], c: [0, null, null, null] }),
  validation: split(3, { a: [null, null, 1], b: [null, null, null], c: [0, 0, null] }),
  test: split(2, { a: [1, 1], b: [null, null], c: [0, 0] }),
};

test('labels are counted by task and split, those of weight 0 apart', () => {
  const facts = labelFacts(splits);
  assert.deepEqual([...facts.keys()], ['a', 'b', 'c']);
  assert.deepEqual(facts.get('a'), {
    train: { rows: 4, labeled: 3, weighted: 2 },
    validation: { rows: 3, labeled: 1, weighted: 1 },
    test: { rows: 2, labeled: 2, weighted: 2 },
  });
  assert.deepEqual(facts.get('c')?.validation, { rows: 3, labeled: 2, weighted: 0 });
  assert.deepEqual(countSamples(splits, facts), {
    train: 4,
    validation: 3,
    test: 2,
    labeled: {
      a: { train: 3, validation: 1, test: 2 },
      b: { train: 0, validation: 0, test: 0 },
      c: { train: 1, validation: 2, test: 2 },
    },
  });
});

test('a task without a label, or with labels of weight 0 alone, is told split by split with what follows', () => {
  const notes = collectNotes();
  tellUnlabeled(labelFacts(splits), notes);
  assert.deepEqual(
    notes.warnings.map(({ code, task, pointer, message }) => [code, task, pointer, message.en]),
    [
      ['no-labels-train', 'b', '/tasks/b/target', 'Task “b” has no label in the train split: it learns nothing.'],
      [
        'no-labels-validation',
        'b',
        '/tasks/b/target',
        'Task “b” has no label in the validation split: it has no metrics there, and validation/total and validation/skill leave it out.',
      ],
      ['no-labels-test', 'b', '/tasks/b/target', 'Task “b” has no label in the test split: it has no metrics there.'],
      [
        'zero-weights-train',
        'c',
        '/tasks/c/target',
        'Task “c” has 1 label in the train split, but all sample weights there are 0: it learns nothing.',
      ],
      [
        'zero-weights-validation',
        'c',
        '/tasks/c/target',
        'Task “c” has 2 labels in the validation split, but all sample weights there are 0: it has metrics there, but no loss, and validation/total and validation/skill leave it out.',
      ],
      [
        'zero-weights-test',
        'c',
        '/tasks/c/target',
        'Task “c” has 2 labels in the test split, but all sample weights there are 0: it has metrics there, but no loss.',
      ],
    ],
  );
  assert.equal(
    notes.warnings[1]?.message.zh,
    '任务“b”在验证集中没有标签：在那里没有指标，且 validation/total 与 validation/skill 不计入它。',
  );
  assert.equal(
    notes.warnings[4]?.message.zh,
    '任务“c”在验证集中有 2 个标签，但样本权重全为 0：在那里有指标而没有损失，且 validation/total 与 validation/skill 不计入它。',
  );
});

test('of a split without rows nothing is told', () => {
  const notes = collectNotes();
  const empty = split(0, { a: [] });
  tellUnlabeled(labelFacts({ train: splits.test, validation: empty, test: empty }), notes);
  assert.deepEqual(
    notes.warnings.map(({ code, task }) => [code, task]),
    [
      ['no-labels-train', 'b'],
      ['zero-weights-train', 'c'],
    ],
  );
});

test('a split that is empty or has labels hides nothing of those after it, nor a task of the next', () => {
  const told = (train: readonly (number | null)[], validation: readonly (number | null)[]): string[] => {
    const notes = collectNotes();
    const of = (weights: readonly (number | null)[]): PreparedSplit =>
      split(weights.length, { a: weights, b: weights.map(() => 1) });
    tellUnlabeled(labelFacts({ train: of(train), validation: of(validation), test: of([null]) }), notes);
    return notes.warnings.map(({ code, task }) => `${code} ${task ?? ''}`);
  };
  assert.deepEqual(told([1], [null]), ['no-labels-validation a', 'no-labels-test a']);
  assert.deepEqual(told([1], []), ['no-labels-test a']);
  assert.deepEqual(told([0], [0.5]), ['zero-weights-train a', 'no-labels-test a']);
});
