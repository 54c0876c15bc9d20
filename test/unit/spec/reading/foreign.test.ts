import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nearestWord } from '../../../../src/spec/reading/foreign.ts';
import { readSpec } from '../../../../src/spec/index.ts';
import { layers } from '../../../../src/spec/schema/layers.ts';

/** The one fix of the one problem of this kind, carried out. */
function mended(text: string, code: string): string {
  const found = readSpec(text).problems.filter((problem) => problem.code === code);
  assert.equal(found.length, 1, JSON.stringify(readSpec(text).problems));
  const edits = found[0]?.fixes[0]?.edits ?? assert.fail('no fix');
  return edits.reduceRight((done, { start, end, text: by }) => done.slice(0, start) + by + done.slice(end), text);
}

const spec = (parts: { layer?: string; training?: string; task?: string }): string => `{
  "data": { "source": "d.csv", "inputs": { "x": { "type": "number", "from": ["a"] } } },
  "network": { "trunk": { "input": "x", "layers": [${parts.layer ?? '{"type": "dense", "units": 4}'}] } },
  "tasks": { "t": { "type": "regression", "target": "b", "input": "trunk"${parts.task ?? ''} } },
  "training": { ${parts.training ?? '"epochs": 2'} }
}`;

describe('names of other libraries', () => {
  test('PyTorch’s and Keras’s layers', () => {
    const names = Object.keys(layers);
    const pairs = {
      ...{ 'nn.Linear': 'dense', Linear: 'dense', Dense: 'dense', 'torch.nn.LSTM': 'lstm' },
      ...{ BatchNorm2d: 'batchNormalization', MaxPool2d: 'maxPooling2d', MaxPooling2D: 'maxPooling2d' },
      ...{ 'tf.keras.layers.Conv2D': 'conv2d', AdaptiveAvgPool2d: 'globalAveragePooling2d', ReLU: 'activation' },
      ...{
        ConvTranspose2d: 'conv2dTranspose',
        Upsample: 'upSampling2d',
        GlobalAveragePooling2D: 'globalAveragePooling2d',
      },
    };
    for (const [theirs, ours] of Object.entries(pairs)) assert.equal(nearestWord(theirs, names), ours, theirs);
    assert.equal(nearestWord('Transformer', names), undefined);
    // Modules as they are imported under a name of one's own; in front only.
    assert.equal(nearestWord('F.mse_loss', ['huber', 'mse']), 'mse');
    assert.equal(nearestWord('NN.Linear', names), 'dense');
    assert.equal(nearestWord('Linear.nn.', ['dense', 'lstm']), undefined);
  });

  test('a fix writes our word', () => {
    assert.match(mended(spec({ layer: '{"type": "nn.Linear", "units": 4}' }), 'unknown-value'), /"type": "dense"/);
    assert.match(mended(spec({ layer: '{"type": "dense", "out_features": 4}' }), 'unknown-key'), /"units": 4/);
    assert.match(mended(spec({ training: '"lr": 0.1' }), 'unknown-key'), /"learningRate": 0.1/);
    assert.match(mended(spec({ training: '"num_epochs": 3' }), 'unknown-key'), /"epochs": 3/);
    assert.match(mended(spec({ task: ', "loss": "MSELoss"' }), 'unknown-value'), /"loss": "mse"/);
    assert.match(mended(spec({ task: ', "loss": "mean_absolute_error"' }), 'unknown-value'), /"loss": "mae"/);
    assert.match(mended(spec({ task: ', "metrics": ["r2_score"]' }), 'unknown-value'), /\["r2"\]/);
  });

  test('what means something else there has no word here', () => {
    // PyTorch's weight decay of λ is an `l2` of λ/2: a renamed key would train another model.
    assert.equal(nearestWord('weight_decay', ['l1', 'l2', 'learningRate']), undefined);
    assert.equal(nearestWord('weight_decay', ['weightDecay', 'l2']), 'weightDecay');
  });
});
