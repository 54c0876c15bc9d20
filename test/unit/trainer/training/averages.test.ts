/** Moving averages of batch normalization in whole runs: near the data from the second epoch, and said where not. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Text } from '../../../../src/common/text.ts';
import { tellAverages, type Averaged } from '../../../../src/trainer/training/averages.ts';
import { loadBatch } from '../../../../src/trainer/prepare/load-batch.ts';
import { sourceBatches } from '../../../../src/samples/order.ts';
import { tf } from '../../../../src/engine/tfjs.ts';
import type { Engine } from '../../../../src/engine/contract.ts';
import { generator } from '../../../../src/numbers/random.ts';
import type { WarningAbout } from '../../../../src/trainer/training/warnings.ts';
import { csvOf, embeddedEngine, trial, type Trial } from '../training-helpers.ts';

let engine: Engine;
before(async () => {
  engine = await embeddedEngine();
});
after(() => {
  engine.dispose();
});

const features = Array.from({ length: 6 }, (_, index) => `f${String(index)}`);

/** 1,050 training rows make 17 steps of 64. */
function table(): string {
  const random = generator(5, 6, 7, 8);
  const rows = Array.from({ length: 1150 }, (_, index) => {
    const x = features.map(() => random.normal());
    const [a = 0, b = 0, c = 0, d = 0] = x;
    const kind = `${a * b > 0 ? 'a' : 'b'}${c + d > 0 ? 'x' : 'y'}`;
    const part = index < 1050 ? 'train' : 'validation';
    return { ...Object.fromEntries(features.map((name, place) => [name, x[place] ?? 0])), kind, part };
  });
  return csvOf(rows);
}

function started(training: object, normalization: object = {}): Promise<Trial> {
  const norm = { type: 'batchNormalization', ...normalization };
  const dense = { type: 'dense', units: 48, useBias: false };
  const relu = { type: 'activation', activation: 'relu' };
  const spec = {
    data: { source: 'data.csv', inputs: { x: { type: 'number', from: features } }, split: { column: 'part' } },
    network: { trunk: { input: 'x', layers: [dense, norm, relu, dense, norm, relu] } },
    tasks: { kind: { type: 'classification', target: 'kind', input: 'trunk' } },
    training: { optimizer: 'adam', learningRate: 0.002, batchSize: 64, epochs: 6, seed: 1, ...training },
  };
  return trial(spec, { 'data.csv': table() });
}

function epoch({ training }: Trial): void {
  for (const positions of training.steps()) training.step(positions);
  training.pull();
}

/** Loss on the training rows with the batches' own statistics, by the weights of now. */
function trainingMode({ prepared: { data, model, tasks } }: Trial): number {
  let [sum, weight] = [0, 0];
  model.setStep(0, { updateStatistics: false });
  for (const positions of sourceBatches(data.splits.train, 64)) {
    const batch = loadBatch(data.splits.train, positions, model.inputs, ['kind']);
    tf.tidy(() => {
      const target = batch.targets[0];
      const [raw] = model.forward(batch.inputs, true);
      const loss = target && raw ? tasks[0]?.loss.evaluate(raw, target.target, target.weights) : undefined;
      sum += loss?.sum.dataSync()[0] ?? NaN;
      weight += loss?.weight.dataSync()[0] ?? NaN;
    });
    batch.dispose();
  }
  return sum / weight;
}

describe('with 17 steps an epoch', () => {
  for (const conventions of ['tf', 'pytorch'] as const) {
    test(`evaluation on training rows is within 10 % of training from the second epoch, under ${conventions}`, async () => {
      const made = await started({ conventions });
      assert.equal(made.training.stepsPerEpoch, 17);
      while (!made.training.isDone()) {
        epoch(made);
        const [own, evaluated] = [trainingMode(made), made.training.evaluate('train').losses.get('kind') ?? NaN];
        const { epoch: number } = made.training.progress;
        if (number >= 2) {
          const say = `epoch ${String(number)}: ${String(evaluated)} in evaluation, ${String(own)} in training`;
          assert.ok(Math.abs(evaluated / own - 1) < 0.1, say);
        }
        made.training.endEpoch();
      }
      made.dispose();
    });
  }

  test('without debias under the constants of TensorFlow it is not, and that is said once, in both languages', async () => {
    const made = await started({ epochs: 3 }, { debias: false });
    let worst = 0;
    while (!made.training.isDone()) {
      epoch(made);
      const evaluated = made.training.evaluate('train').losses.get('kind') ?? NaN;
      worst = Math.max(worst, Math.abs(evaluated / trainingMode(made) - 1));
      made.training.endEpoch();
    }
    assert.ok(worst > 0.1, String(worst));
    const warnings = made.records.filter((record) => record.kind === 'warning');
    assert.equal(warnings.length, 1);
    const [warning] = warnings;
    assert.ok(warning);
    assert.equal(warning.code, 'averages-lag');
    // .99¹⁷ = .843; .99³⁴⁹ is the first below .03.
    assert.match(
      warning.message,
      /"\/network\/trunk\/layers\/1" and another layer still hold 84 % .* after 17 updates.* after 349 updates/,
    );
    assert.match(
      warning.zh ?? '',
      /"\/network\/trunk\/layers\/1" 等 2 层的滑动平均在 17 次更新后仍含有 84 % 的初始值.*349 次/,
    );
    assert.equal(warning.severity, undefined);
    made.dispose();
  });

  test("PyTorch's constants are there after 34 steps: a remark, since the training goes on beyond", async () => {
    const made = await started({ conventions: 'pytorch', epochs: 3 });
    while (!made.training.isDone()) {
      epoch(made);
      made.training.endEpoch();
    }
    const warnings = made.records.filter((record) => record.kind === 'warning');
    assert.deepEqual(
      warnings.map(({ code, severity }) => [code, severity]),
      [['averages-lag', 'information']],
    );
    // .9¹⁷ = .167; .9³⁴ = .028.
    assert.match(warnings[0]?.message ?? '', /still hold 17 % .* after 17 updates.* after 34 updates/);
    made.dispose();
  });
});

/** What is told of layers with these averages when `step` of 100 steps are taken. */
function told(
  step: number,
  ...layers: readonly { momentum: number; debias: boolean; updates: number }[]
): readonly (readonly [string, Text, WarningAbout])[] {
  const warnings: [string, Text, WarningAbout][] = [];
  let pulled = false;
  const averages = layers.map(({ updates, ...rest }, index) => ({
    ...rest,
    path: `b/${String(index)}`,
    pointer: `/network/b/layers/${String(index)}`,
    updates: tf.variable(tf.scalar(updates), false),
  }));
  const training: Averaged = {
    prepared: { model: { averages } },
    progress: { step },
    totalSteps: 100,
    pull: () => (pulled = true),
    warnings: {
      warn: (code, message, about = {}) => {
        assert.ok(pulled);
        warnings.push([code, message, about]);
      },
    },
  };
  tellAverages(training);
  for (const { updates } of averages) updates.dispose();
  return warnings;
}

describe('what is said of averages', () => {
  test('nothing where there are none, or where they have arrived', () => {
    assert.deepEqual(told(10), []);
    assert.deepEqual(told(10, { momentum: 0.99, debias: true, updates: 1 }), []);
    assert.deepEqual(told(34, { momentum: 0.9, debias: false, updates: 34 }), []);
    assert.deepEqual(told(1, { momentum: 0, debias: false, updates: 1 }), []);
  });

  test('the layer furthest behind is named, with its own count: that of a task which was absent', () => {
    const layers = [
      { momentum: 0.9, debias: false, updates: 10 },
      { momentum: 0.9, debias: false, updates: 2 },
      { momentum: 0.9, debias: true, updates: 10 },
      { momentum: 0.8, debias: false, updates: 10 },
    ];
    const [[code, message, about] = [], ...rest] = told(10, ...layers);
    assert.deepEqual(rest, []);
    assert.equal(code, 'averages-lag');
    // .9² = .81; .8¹⁰ = .107 lags too.
    assert.match(message?.en ?? '', /"\/network\/b\/layers\/1" and 2 other layers still hold 81 % .* after 2 updates/);
    assert.match(message?.zh ?? '', /等 3 层.* 2 次更新后仍含有 81 %/);
    // Twenty updates until the end leave .9²⁰ = .12 of the first values.
    assert.equal(about?.severity, undefined);
    assert.equal(about?.about, '');
    assert.equal(told(10, { momentum: 0.9, debias: false, updates: 10 })[0]?.[2].severity, 'information');
  });

  test('before its first update a layer has nothing but its first values, debiased or not', () => {
    const [[, message] = []] = told(10, { momentum: 0.99, debias: true, updates: 0 });
    assert.match(message?.en ?? '', /layers\/0" still hold 100 % .* after 0 updates.* after 1 update\./);
  });

  test('words for one layer, two and more; the share at its border, the count at which it is small', () => {
    const lagging = (momentum: number, updates: number) => ({ momentum, debias: false, updates });
    const said = (...layers: Parameters<typeof told> extends [number, ...infer Rest] ? Rest : never) => {
      const [[, message] = []] = told(10, ...layers);
      return [message?.en ?? '', message?.zh ?? ''];
    };
    const [one = '', oneZh = ''] = said(lagging(0.5, 1));
    // ½⁵ = .031, ½⁶ = .016.
    assert.match(one, /averages of "\/network\/b\/layers\/0" still hold 50 % of .*, after 1 update, .* under 3 % after 6 updates\./); // prettier-ignore
    assert.match(oneZh, /^"\/network\/b\/layers\/0" 的滑动平均在 1 次更新后仍含有 50 % .*6 次更新后才低于 3 %/);
    const [two = '', twoZh = ''] = said(lagging(0.5, 2), lagging(0.5, 1));
    assert.match(two, /layers\/1" and another layer still hold 50 %/);
    assert.match(twoZh, /等 2 层的滑动平均/);
    assert.deepEqual(told(10, lagging(0.5, 6)), []);
    assert.equal(told(10, lagging(0.5, 5)).length, 1);
  });
});
