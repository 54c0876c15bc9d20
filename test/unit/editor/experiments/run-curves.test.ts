import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { pointsOf, RunCurves } from '../../../../src/editor/experiments/run-curves.ts';

type Epochs = Parameters<typeof pointsOf>[0];

const epoch = (number: number, value: unknown, validation?: number) => ({
  ...{ v: 1, seq: number, t: 1000 + number, kind: 'epoch', epoch: number, seconds: 1 },
  train: { losses: { 分类: value }, metrics: {} },
  validation:
    validation === undefined
      ? null
      : { losses: { 分类: validation }, metrics: { 分类: { f1: 1 - validation / 2 } }, total: 1, skill: 0 },
});
const epochs = (...all: readonly ReturnType<typeof epoch>[]): Epochs => all as unknown as Epochs;

test('training loss, validation loss and the metric, by epoch', () => {
  const all = epochs(epoch(1, 0.9, 0.5), epoch(2, 0.8), epoch(3, 0.7, 0.6));
  assert.deepEqual(pointsOf(all, '分类', 'f1', 'train'), { x: [1, 2, 3], y: [0.9, 0.8, 0.7] });
  assert.deepEqual(pointsOf(all, '分类', 'f1', 'validation'), { x: [1, 3], y: [0.5, 0.6] });
  assert.deepEqual(pointsOf(all, '分类', 'f1', 'metric'), { x: [1, 3], y: [0.75, 0.7] });
});

test('what is no finite number leaves a gap; a task that is not there no point', () => {
  const all = epochs(epoch(1, 'NaN'), epoch(2, null), epoch(3, 'Infinity'), epoch(4, 1));
  assert.deepEqual(pointsOf(all, '分类', 'f1', 'train'), { x: [1, 2, 3, 4], y: [null, null, null, 1] });
  assert.deepEqual(pointsOf(all, '回归', 'f1', 'train'), { x: [], y: [] });
  assert.deepEqual(pointsOf(all, 'constructor', 'f1', 'train'), { x: [], y: [] });
  assert.deepEqual(pointsOf(epochs(epoch(1, 1, 0.5)), '分类', 'toString', 'metric'), { x: [], y: [] });
});

test('long curves are thinned out evenly, the last point stays', () => {
  const all = epochs(...Array.from({ length: 1001 }, (_, at) => epoch(at + 1, at)));
  const { x, y } = pointsOf(all, '分类', 'f1', 'train');
  // Every third of them, and the 1001st.
  assert.deepEqual([x.length, x[0], x[1], x.at(-2), x.at(-1), y.at(-1)], [335, 1, 4, 1000, 1001, 1000]);
  const short = epochs(...Array.from({ length: 400 }, (_, at) => epoch(at + 1, at)));
  assert.equal(pointsOf(short, '分类', 'f1', 'train').x.length, 400);
});

test('a run is read from its records, and further when they have grown; what a resume supersedes is dropped', async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-curves-'));
  const file = path.join(directory, 'events.ndjson');
  const write = (...records: readonly object[]): void => fs.appendFileSync(file, records.map((one) => `${JSON.stringify(one)}\n`).join('')); // prettier-ignore
  const curves = new RunCurves();
  assert.deepEqual(await curves.of(directory, '分类', 'f1', 'train'), { x: [], y: [] });
  write(epoch(1, 0.9), epoch(2, 0.8));
  assert.deepEqual((await curves.of(directory, '分类', 'f1', 'train')).x, [1, 2]);
  const start = {
    ...{ v: 1, seq: 3, t: 2000, kind: 'start', attempt: 2, stepsPerEpoch: 1, epochs: 2, strategy: 'static', seed: 1 },
    engine: { name: 'wasm', device: 'cpu', detail: '', graph: false, threads: 1, deterministic: true },
    ...{ tasks: [], parameters: { total: 1, shared: 1, byTask: {} } },
    samples: { train: 1, validation: 0, test: 0, labelled: {} },
    resumedFrom: { step: 1, epoch: 1, seq: 1 },
  };
  write(start, { ...epoch(2, 0.5), seq: 4 });
  assert.deepEqual(await curves.of(directory, '分类', 'f1', 'train'), { x: [1, 2], y: [0.9, 0.5] });
  fs.rmSync(directory, { recursive: true });
});
