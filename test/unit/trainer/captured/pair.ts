/** The same training twice, operation by operation and captured, from the same first values on the same batches. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readSpec } from '../../../../src/spec/index.ts';
import { CapturedExecutor } from '../../../../src/trainer/captured/executor.ts';
import { loadBatch, type LoadedBatch } from '../../../../src/trainer/batch.ts';
import { batchesOf, epochOrder, stepsPerEpoch } from '../../../../src/trainer/batches/order.ts';
import { nodeBackend } from '../../../../src/trainer/engine/native/kernels.ts';
import type { Engine } from '../../../../src/trainer/engine/types.ts';
import { createOptimizer, type Optimizer } from '../../../../src/trainer/optimizers/optimizer.ts';
import { eagerExecutor } from '../../../../src/trainer/step/eager.ts';
import type { StepContext, StepExecutor } from '../../../../src/trainer/step/types.ts';
import { createUpdate } from '../../../../src/trainer/step/update.ts';
import { prepare, type Prepared } from '../../../../src/trainer/setup.ts';

export interface Half {
  readonly prepared: Prepared;
  readonly optimizer: Optimizer;
  readonly executor: StepExecutor;
  readonly context: StepContext;
  /** Why steps were not captured. */
  readonly refusals: readonly string[];
  dispose(): void;
}

/** One training's executor, from a spec and its files. */
export async function half(
  engine: Engine,
  spec: object,
  files: Readonly<Record<string, string>>,
  captured: boolean,
): Promise<Half> {
  const prepared = await prepareFrom(spec, files);
  const { model, tasks } = prepared;
  const { training: settings, weights } = prepared.spec;
  model.setSchedule(stepsPerEpoch(prepared.data.splits.train.n, settings.batchSize), settings.epochs ?? 1);
  const optimizer = createOptimizer(model.variables, settings);
  const options = { ...settings, optimizer, clipNorm: settings.clipNorm };
  const context: StepContext = {
    model,
    reduction: settings.reduction,
    tasks: tasks.map((task) => ({
      name: task.name,
      loss: task.loss,
      weight: weights.get(task.name) ?? 1,
      predict: (raw) => task.predict(raw),
    })),
  };
  const eager = eagerExecutor(context, createUpdate(model, options));
  const refusals: string[] = [];
  const executor = captured
    ? new CapturedExecutor({
        backend: nodeBackend(engine.backend),
        context,
        update: options,
        eager,
        onRefusal: (reason) => refusals.push(reason),
      })
    : eager;
  return {
    ...{ prepared, optimizer, executor, context, refusals },
    dispose: () => {
      executor.dispose();
      optimizer.dispose();
      model.dispose();
    },
  };
}

async function prepareFrom(spec: object, files: Readonly<Record<string, string>>): Promise<Prepared> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-pair-'));
  try {
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(directory, name), text);
    const read = readSpec(JSON.stringify(spec));
    const errors = read.problems.filter(({ severity }) => severity === 'error').map(({ message }) => message.en);
    assert.deepEqual(errors, []);
    assert.ok(read.spec);
    const place = { specFile: path.join(directory, 'spec.mtl.json'), root: directory, allowOutside: false };
    return await prepare({ spec: read.spec, hash: 'hash', place, name: 'pair' }, () => undefined);
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

/** Batches of a training, epoch after epoch. */
export function* batches({ prepared }: Half, steps: number): Generator<LoadedBatch> {
  const { data, model, tasks, spec } = prepared;
  const names = tasks.map((task) => task.name);
  for (let epoch = 1, step = 0; ; epoch++) {
    const order = epochOrder(spec.training.seed, epoch, data.splits.train.n);
    for (const positions of batchesOf(order, spec.training.batchSize, 0)) {
      if (step++ === steps) return;
      const batch = loadBatch(data.splits.train, positions, model.inputs, names);
      yield batch;
      batch.dispose();
    }
  }
}
