// What is said of a run that does not fit, or hardly: why, where, and what to change first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sizeText } from '../../../../src/common/size.ts';
import { memoryProblem } from '../../../../src/plan/problems/memory.ts';
import { heapLimit, type Machine } from '../../../../src/plan/memory.ts';
import { planText, specText, table } from '../helpers.ts';

const GB = 2 ** 30;
const wide: Machine = { total: 640 * GB, available: 480 * GB, native: false };
const dense = (...units: number[]): object => ({
  trunk: { input: 'measures', layers: units.map((one) => ({ type: 'dense', units: one })) },
});
const planOf = (parts: object) => planText(specText({ weights: {}, ...parts }), table).plan;
const said = (parts: object, machine: Machine, rows?: number): readonly string[] => {
  const found = memoryProblem(planOf(parts), machine, rows);
  return found === null ? [] : [found.verdict, found.pointer, found.message.en, found.message.zh];
};

test('what fits is not remarked on', () => {
  assert.deepEqual(said({}, wide), []);
});

test('beyond the engine: its limit, the layer, and the other engine', () => {
  const [verdict, pointer, en = '', zh = ''] = said({ network: dense(17_000, 17_000) }, wide);
  assert.deepEqual([verdict, pointer], ['beyond-engine', '/network/trunk/layers/1']);
  // 17 000 · 17 000 + 17 000 weights.
  assert.match(en, new RegExp(`^This run needs at least 4\\.3 GB in the embedded engine, which can hold ${sizeText(heapLimit)}\\. Make the layers smaller \\(289017000 of \\d+ parameters are here\\), lower batchSize, take the optimizer "sgd" or take the native engine \\("mtl runtime install"\\)\\.$`)); // prettier-ignore
  assert.match(zh, /^此训练在内置引擎中至少需要 4\.3 GB 内存，而该引擎最多可用 4 GB。请缩小各层（\d+ 个参数中此处占 289017000 个）、减小 batchSize、改用优化器 "sgd"、改用原生引擎（“mtl runtime install”）（任选其一）。$/); // prettier-ignore
});

test('beyond the machine: what it has, and the other engine', () => {
  const machine = { ...wide, native: true, total: 8 * GB };
  const [verdict, pointer, en = '', zh = ''] = said({ network: dense(17_000, 17_000), training: { optimizer: 'sgd' } }, { ...machine, total: 4 * GB }); // prettier-ignore
  assert.deepEqual([verdict, pointer], ['beyond-machine', '/network/trunk/layers/1']);
  // SGD keeps nothing: 3 W + W of 289 million numbers.
  assert.match(en, /^This run needs at least 4\.3 GB of memory, and this machine has 4 GB\. Make the layers smaller \(289017000 of \d+ parameters are here\), lower batchSize or take the embedded engine \("wasm"\)\.$/); // prettier-ignore
  assert.match(zh, /^此训练至少需要 4\.3 GB 内存，而本机共有 4 GB。请缩小各层（\d+ 个参数中此处占 289017000 个）、减小 batchSize、改用内置引擎（"wasm"）（任选其一）。$/); // prettier-ignore
});

test('near the engine’s limit: that is said, unless less than that is free', () => {
  const network = dense(9500, 9500);
  const [verdict, , en = '', zh = ''] = said({ network }, wide);
  assert.equal(verdict, 'near');
  assert.match(en, /^This run may take about 3\.\d GB in the embedded engine, which can hold 4 GB\./);
  assert.match(zh, /^此训练在内置引擎中可能占用约 3\.\d GB 内存，而该引擎最多可用 4 GB。/);
  const [, , full = '', voll = ''] = said({ network }, { ...wide, available: 3 * GB });
  assert.match(
    full,
    /^This run may take about \d[.\d]* GB of memory, and 3 GB are free here\. .*"mtl runtime install"/,
  );
  assert.match(voll, /^此训练可能占用约 \d[.\d]* GB 内存，而本机可用 3 GB。/);
  // On the native engine the memory is what counts, though all is free but a little.
  const [near, , native = ''] = said({ network }, { ...wide, native: true, available: 11 * GB });
  assert.equal(near, 'near');
  assert.match(native, / GB of memory, and 11 GB are free here\. .*take the embedded engine \("wasm"\)\.$/);
});

test('where batches take more than half, they come first and are where it is told', () => {
  const parts = { network: dense(2000), training: { batchSize: 65_536, optimizer: 'sgd' } };
  const tight = { ...wide, available: 2 * GB };
  const [verdict, pointer, en = '', zh = ''] = said(parts, tight);
  assert.deepEqual([verdict, pointer], ['near', '/training/batchSize']);
  assert.match(en, / Lower batchSize or make the layers smaller \(8000 of \d+ parameters are here\)\.$/);
  assert.match(zh, /请减小 batchSize、缩小各层（\d+ 个参数中此处占 8000 个）（任选其一）。$/);
  assert.deepEqual(said(parts, tight, 100), [], 'of a hundred rows there is no larger batch');
});

test('the largest layer is looked for in blocks, in tasks and among heads', () => {
  const pointer = (parts: object): string | undefined => said(parts, { ...wide, available: 1 })[1];
  const tasks = (more: object): object => ({ mass: { type: 'regression', target: 'mass', input: 'trunk', ...more } });
  const training = { batchSize: 1 };
  assert.equal(pointer({ network: dense(9000, 9000, 100), tasks: tasks({}), training }), '/network/trunk/layers/1');
  const own = { layers: [{ type: 'dense', units: 9000 }] };
  assert.equal(pointer({ network: dense(9000), tasks: tasks(own), training }), '/tasks/mass/layers/0');
  const classes = { kind: { type: 'classification', target: 'kind', classes: 4096, input: 'trunk' } };
  assert.equal(pointer({ network: dense(25_000), tasks: classes, training }), '/tasks/kind');
});
