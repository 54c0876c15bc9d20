/** A bias that batch normalization takes away again gets a remark, with a fix that mends it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '../../../src/spec/index.ts';
import { header, planText, specText, squiggles } from './helpers.ts';

const normalization = { type: 'batchNormalization' };
const dense = (more: object = {}): object => ({ type: 'dense', units: 4, ...more });
const trunk = (layers: readonly object[], more: object = {}): Record<string, unknown> => ({
  network: { trunk: { input: 'measures', layers, ...more } },
});

test('a bias right before batch normalization is remarked at its layer; the fix leaves nothing to remark', () => {
  const layers = [dense(), normalization, dense({ useBias: true, activation: 'linear' }), normalization];
  const reading = planText(specText(trunk(layers)));
  assert.deepEqual(
    reading.problems.map(({ code, severity, pointer }) => [code, severity, pointer]),
    [0, 2].map((place) => ['bias-before-normalization', 'information', `/network/trunk/layers/${String(place)}`]),
  );
  assert.match(squiggles(reading)[0]?.[1] ?? '', /^\{\s*"type": "dense"/);
  const [message] = reading.problems.map((problem) => problem.message);
  assert.match(message?.en ?? '', /takes this bias away again.*the offset β/);
  assert.match(message?.zh ?? '', /批量归一化会随均值减去这个偏置.*偏移 β/);
  const fixes = reading.problems.flatMap((problem) => problem.fixes);
  assert.deepEqual(fixes[0]?.title, { en: 'Set "useBias": false', zh: '设置 "useBias": false' });
  const mended = planText(
    applyEdits(
      reading.source,
      fixes.flatMap((fix) => fix.edits),
    ),
  );
  assert.deepEqual(mended.problems, []);
  const written = mended.plan.spec.network.get('trunk')?.layers ?? [];
  assert.deepEqual(
    written.map((layer) => ('useBias' in layer ? layer.useBias : null)),
    [false, null, false, null],
  );
});

test('tasks, stages and convolutions too; without an offset β none is named', () => {
  const image = { image: { type: 'image', from: 'pixels' } };
  const reading = planText(
    specText({
      data: { source: 'table.npz', inputs: image },
      network: {
        trunk: {
          input: 'image',
          layers: [
            { type: 'conv2d', filters: 2, kernelSize: 3 },
            { type: 'batchNormalization', center: false },
            { type: 'flatten' },
          ],
        },
      },
      tasks: { mass: { type: 'regression', target: 'mass', input: 'trunk', layers: [dense(), normalization] } },
      weights: {},
    }),
    header(['mass'], { pixels: [8, 8, 1] }),
  );
  assert.deepEqual(
    reading.problems.map(({ code, pointer }) => `${code} ${pointer}`),
    ['bias-before-normalization /network/trunk/layers/0', 'bias-before-normalization /tasks/mass/layers/0'],
  );
  assert.doesNotMatch(reading.problems[0]?.message.en ?? '', /β/);
  assert.doesNotMatch(reading.problems[0]?.message.zh ?? '', /β/);
  const staged = { stages: [[dense()], [dense(), normalization]], sharing: 'ple' };
  const stages = planText(specText({ network: { trunk: { input: 'measures', ...staged } } }));
  assert.deepEqual(
    stages.problems.map(({ pointer }) => pointer),
    ['/network/trunk/stages/1/0'],
  );
});

test('behind a block whose weights are kept others are looked at', () => {
  const layers = [dense(), normalization];
  const network = {
    frozen: { input: 'measures', layers, trainable: false },
    trunk: { input: 'frozen', layers },
  };
  const told = planText(specText({ network })).problems.map(({ code, pointer }) => `${code} ${pointer}`);
  assert.deepEqual(told, [
    'frozen-noise /network/frozen/trainable',
    'bias-before-normalization /network/trunk/layers/0',
  ]);
});

test('a bias that does something is left alone', () => {
  for (const [layers, more] of [
    [[dense({ useBias: false }), normalization]],
    [[dense({ activation: 'relu' }), normalization]],
    [[dense(), { type: 'activation', activation: 'relu' }, normalization]],
    [[normalization, dense()]],
    [[dense(), normalization], { trainable: false }],
  ] as const) {
    const codes = planText(specText(trunk(layers, more))).problems.map(({ code }) => code);
    assert.ok(!codes.includes('bias-before-normalization'), JSON.stringify(layers));
  }
});
