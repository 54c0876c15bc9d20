import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { tf } from '../../../../../src/engine/tfjs.ts';
import { tf as tfjs } from '../../../../../src/engine/tfjs.ts';
import { addTieGradients, tiePenalty } from '../../../../../src/trainer/model/sharing/ties.ts';
import {
  csvOf,
  distance,
  embeddedEngine,
  parameters,
  recordsOf,
  type Row,
  sampleRows,
  trainThrough,
  trial,
} from '../../training-helpers.ts';
import { mechanisms, treeSpec, vectorSpec } from './mechanisms.ts';

const rows = sampleRows(64);
const split = { train: 0.75, validation: 0.25, test: 0 };

function withData(spec: object): object {
  return { ...spec, data: { ...(spec as { data: object }).data, split } };
}

/** Every second label of `kind` and no label of `value` at all. */
const partial: readonly Row[] = rows.map((row, index) => ({ ...row, kind: index % 2 ? '' : (row['kind'] ?? '') }));

describe('sharing mechanisms in training, on the embedded engine', () => {
  before(async () => {
    await embeddedEngine();
  });

  for (const [name, sharing] of Object.entries(mechanisms)) {
    it(`${name} learns, every parameter of it, also with partial labels`, async () => {
      for (const table of [rows, partial]) {
        const one = await trial(withData(vectorSpec(sharing)), { 'table.csv': csvOf(table) });
        const before = parameters(one.prepared);
        const live = tfjs.memory().numTensors;
        trainThrough(one.training);
        const after = parameters(one.prepared);
        for (const [path, values] of before) {
          assert.ok(after.get(path)?.every(Number.isFinite), path);
          assert.notDeepEqual(after.get(path), values, path);
        }
        // The optimizer's slots, the best snapshot, and nothing else.
        assert.ok(tfjs.memory().numTensors - live <= 4 * before.size, 'no tensors are left behind');
        const epochs = recordsOf(one.records, 'epoch').map((record) => Number(record.validation?.total));
        // Learned branching tries branches while it trains, so that its last epoch need not be its best.
        assert.ok(Math.min(...epochs.slice(1)) < (epochs[0] ?? NaN), `validation loss falls: ${epochs.join(' ')}`);
        one.dispose();
      }
    });

    it(`${name} in a tree: the same run twice gives the same numbers`, async () => {
      const values: Map<string, Float32Array>[] = [];
      for (let run = 0; run < 2; run++) {
        const one = await trial(withData(treeSpec(sharing)), { 'table.csv': csvOf(rows) });
        trainThrough(one.training);
        values.push(parameters(one.prepared));
        one.dispose();
      }
      assert.equal(distance(values[0] ?? new Map(), values[1] ?? new Map()), 0);
    });
  }

  it('soft sharing: λ Σ_{i<j} ‖θ_i − θ_j‖² and its gradient, copies without a gradient left alone', () => {
    const numbers = [
      [1, 2],
      [3, 5],
      [-1, 0.5],
    ];
    const copies = numbers.map((value, index) => ({
      path: `c${String(index)}`,
      variable: tfjs.variable(tfjs.tensor1d(value)),
    }));
    const ties = [{ strength: 0.3, copies }];
    const pair = (i: number, j: number): number =>
      (numbers[i] ?? []).reduce((sum, value, at) => sum + (value - (numbers[j]?.[at] ?? NaN)) ** 2, 0);
    const expected = 0.3 * (pair(0, 1) + pair(0, 2) + pair(1, 2));
    assert.ok(Math.abs(tiePenalty(ties) - expected) < 1e-5);
    const gradients = new Map<string, tf.Tensor>([
      ['c0', tfjs.zeros([2])],
      ['c2', tfjs.ones([2])],
    ]);
    addTieGradients(gradients, ties);
    assert.deepEqual([...gradients.keys()], ['c0', 'c2']);
    const pull = (i: number, at: number): number =>
      numbers.reduce((sum, other) => sum + 2 * 0.3 * ((numbers[i]?.[at] ?? NaN) - (other[at] ?? NaN)), 0);
    const close = (values: ArrayLike<number> | undefined, wanted: readonly number[]): void =>
      wanted.forEach((value, at) => assert.ok(Math.abs((values?.[at] ?? NaN) - value) < 1e-5));
    close(gradients.get('c0')?.dataSync(), [pull(0, 0), pull(0, 1)]);
    close(gradients.get('c2')?.dataSync(), [1 + pull(2, 0), 1 + pull(2, 1)]);
  });

  it('a tie none of whose copies has a gradient does not keep the next one from pulling', () => {
    const copy = (path: string, value: number) => ({ path, variable: tfjs.variable(tfjs.tensor1d([value])) });
    const absent = { strength: 1, copies: [copy('a', 1), copy('b', 2)] };
    const present = { strength: 0.5, copies: [copy('c', 1), copy('d', 4)] };
    const gradients = new Map<string, tf.Tensor>([['c', tfjs.zeros([1])]]);
    addTieGradients(gradients, [absent, present]);
    // 2 · λ · (θ_c − θ_d)
    assert.deepEqual([...(gradients.get('c')?.dataSync() ?? [])], [-3]);
    assert.deepEqual([...gradients.keys()], ['c']);
  });

  it('learned branching chooses nothing in its first hundredth of the epochs: of one epoch, in none of its steps', async () => {
    const spec = vectorSpec(
      { type: 'branch' },
      { training: { epochs: 1, batchSize: 16, learningRate: 0.02, seed: 3 } },
    );
    const one = await trial(withData(spec), { 'table.csv': csvOf(rows) });
    trainThrough(one.training);
    const choices = [...parameters(one.prepared)].filter(([path]) => path.endsWith('alpha'));
    assert.ok(choices.length > 0);
    for (const [path, values] of choices) assert.ok(values.every((value) => value === 0), path); // prettier-ignore
    one.dispose();
  });

  it('a strong penalty makes the copies of soft sharing one', async () => {
    const spread = async (strength: number): Promise<number> => {
      const spec = vectorSpec(
        { type: 'soft', strength },
        { training: { epochs: 40, batchSize: 16, learningRate: 0.02, seed: 3 } },
      );
      const one = await trial(withData(spec), { 'table.csv': csvOf(rows) });
      trainThrough(one.training);
      const value = tiePenalty(one.prepared.model.ties.map((tie) => ({ ...tie, strength: 1 })));
      one.dispose();
      return value;
    };
    assert.ok((await spread(1)) < 0.05 * (await spread(0.000001)));
  });
});
