/**
 * Memory of a long captured training: `node --import tsx test/bench/captured-memory.ts [STEPS]` (50,000 by default). Prints
 * resident memory every tenth of the way, and TensorFlow's count of live tensors, both of which must stay where they are.
 */
import { openEngine } from '../../src/engine/open.ts';
import { nodeBackend } from '../../src/engine/native/kernels.ts';
import { runtimeFolder } from '../../src/runtime/layout.ts';
import { filesOf, specOf } from '../unit/matrix/cases.ts';
import { half, takeSteps } from '../unit/trainer/step/executors/captured/pair.ts';

const steps = Number(process.argv[2] ?? 50_000);
const strategy = process.argv[3] ?? 'static';
process.env['TF_NUM_INTEROP_THREADS'] ??= '-1';
process.env['TF_NUM_INTRAOP_THREADS'] ??= '1';
const engine = await openEngine('native', { assetsDirectory: '', runtimeFolder: runtimeFolder() });
const made = specOf({ strategy, mechanism: 'hard', task: 'classification', labels: 'half', engine: 'native' });
const training = { batchSize: 16, steps: 10 * steps, seed: 3, evaluateEvery: { every: 1000, unit: 'step' } };
const running = await half(engine, { ...made, training }, filesOf({ labels: 'half' }), true);
const { binding } = nodeBackend(engine.backend);
console.log(running.detail);
const megabytes = (): string => (process.memoryUsage.rss() / 2 ** 20).toFixed(1);
takeSteps(running, Math.ceil(steps / 50));
console.log(
  `after ${String(Math.ceil(steps / 50))} steps: ${megabytes()} MB, ${String(binding.getNumOfTensors())} tensors`,
);
const began = performance.now();
for (let part = 1; part <= 10; part++) {
  takeSteps(running, steps / 10);
  // The list of records is this program's, not the training's.
  (running.records as unknown[]).length = 0;
  console.log(
    `after ${String((part * steps) / 10)} more: ${megabytes()} MB, ${String(binding.getNumOfTensors())} tensors, ${((performance.now() - began) / ((part * steps) / 10)).toFixed(3)} ms a step`,
  );
}
running.dispose();
engine.dispose();
