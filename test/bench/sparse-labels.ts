/**
 * Many tasks with few labels in small batches, so that nearly every batch has another set of tasks: processor time of a
 * whole training with captured steps, step by step, and on the embedded engine, in one process, as ratios.
 */
import { runtimeFolder } from '../../src/runtime/layout.ts';
import { openEngine } from '../../src/engine/open.ts';
import { keyed } from '../../src/numbers/random.ts';
import { half, takeSteps } from '../unit/trainer/step/executors/captured/pair.ts';
import { assetsDirectory } from '../unit/engine/support.ts';

const steps = 200;
const rows = 240;

function filesOf(tasks: number, share: number): Readonly<Record<string, string>> {
  const random = keyed(1, 'sparse-labels');
  const names = Array.from({ length: tasks }, (_, task) => `y${String(task)}`);
  const lines = Array.from({ length: rows }, (_, row) => {
    const [a, b] = [random.uniform(-1, 1), random.uniform(-1, 1)];
    const labels = names.map((_, task) =>
      random.uniform() < share || row % tasks === task ? (a * (task + 1) + b).toFixed(3) : '',
    );
    return [a.toFixed(4), b.toFixed(4), ...labels].join();
  });
  return { 'd.csv': [['a', 'b', ...names].join(), ...lines, ''].join('\n') };
}

function specOf(tasks: number): object {
  const all = Array.from({ length: tasks }, (_, task) => [
    `t${String(task)}`,
    { type: 'regression', input: 'trunk', target: `y${String(task)}`, metrics: ['mae'] },
  ]);
  return {
    data: { source: 'd.csv', inputs: { x: { type: 'number', from: ['a', 'b'] } } },
    network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 8, activation: 'relu' }] } },
    tasks: Object.fromEntries(all) as object,
    training: { steps, batchSize: 4, seed: 1, learningRate: 0.01 },
  };
}

/** Milliseconds of processor time, preparation and graphs included. */
async function cost(name: 'native' | 'wasm', captured: boolean, tasks: number, share: number): Promise<number> {
  const engine = await openEngine(name, { assetsDirectory, runtimeFolder: runtimeFolder() });
  const before = process.cpuUsage();
  const training = await half(engine, specOf(tasks), filesOf(tasks, share), captured, undefined, false);
  takeSteps(training, steps);
  const { user, system } = process.cpuUsage(before);
  training.dispose();
  engine.dispose();
  return (user + system) / 1000;
}

interface Result {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly note?: string;
}

export async function run(): Promise<Result[]> {
  const results: Result[] = [];
  // The first training of a process also compiles its code.
  await cost('wasm', false, 8, 0.5);
  for (const tasks of [8, 12, 20]) {
    for (const share of [0.05, 0.5]) {
      const wasm = await cost('wasm', false, tasks, share);
      const eager = await cost('native', false, tasks, share);
      const captured = await cost('native', true, tasks, share);
      const note = [captured, eager, wasm].map((ms) => (ms / 1000).toFixed(2)).join(', ');
      const label = `${String(tasks)} tasks, ${String(share * 100)} % labeled`;
      results.push(
        { name: `captured ÷ step by step, ${label}`, value: captured / eager, unit: '', note: `s: ${note}` },
        { name: `captured ÷ embedded, ${label}`, value: captured / wasm, unit: '' },
      );
    }
  }
  return results;
}
