/**
 * Growth of a step's time with the number of shared parameters, on the embedded engine, where a strategy wants the Gram
 * matrix of the tasks' gradients: each is read out of the engine piece by piece, and the combined one taken to pieces
 * again. Linear growth keeps the last column of ratios near 1, whatever the machine and its load.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEngine } from '../../src/engine/open.ts';
import { half, takeSteps } from '../unit/trainer/step/executors/captured/pair.ts';

interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly note?: string;
}

const assetsDirectory = path.join(
  fileURLToPath(new URL('../../', import.meta.url)),
  'node_modules/@tensorflow/tfjs-backend-wasm/dist',
);

/** Width w gives about w² shared parameters: 2.2, 4.8 and 9.6 million, all beyond a processor's caches. */
const widths = [1480, 2200, 3100];
const rows =
  'x,kind,value,part\n' +
  Array.from({ length: 8 }, (_, at) => `${String(at)},${at % 2 ? 'a' : 'b'},${String(at / 7)},train\n`).join('');

function specOf(width: number): object {
  return {
    data: {
      source: 'rows.csv',
      inputs: { x: { type: 'number', from: ['x'] } },
      split: { column: 'part' },
    },
    network: {
      trunk: {
        input: 'x',
        layers: [
          { type: 'dense', units: width, activation: 'tanh' },
          { type: 'dense', units: width },
        ],
      },
    },
    tasks: {
      kind: { type: 'classification', input: 'trunk', target: 'kind' },
      value: { type: 'regression', input: 'trunk', target: 'value' },
    },
    strategy: 'mgda',
    training: { batchSize: 8, steps: 100, optimizer: 'sgd', learningRate: 1e-6, seed: 1 },
  };
}

/** Milliseconds of the quickest of a few steps. */
async function stepOf(engine: Awaited<ReturnType<typeof openEngine>>, width: number): Promise<number> {
  const running = await half(engine, specOf(width), { 'rows.csv': rows }, false);
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    const began = performance.now();
    takeSteps(running, 1);
    times.push(performance.now() - began);
  }
  running.dispose();
  return Math.min(...times);
}

export async function run(): Promise<Measurement[]> {
  const engine = await openEngine('wasm', { assetsDirectory });
  const measured: { readonly millions: number; readonly time: number }[] = [];
  for (const width of widths) {
    measured.push({ millions: (width * (width + 3)) / 1e6, time: await stepOf(engine, width) });
  }
  engine.dispose();
  const [first] = measured;
  const unit = (at: (typeof measured)[number]): number => at.time / at.millions;
  return measured.map((at) => ({
    name: `MGDA step, ${at.millions.toFixed(1)} million shared parameters`,
    value: Math.round(at.time * 10) / 10,
    unit: 'ms',
    note: `${(unit(at) / unit(first ?? at)).toFixed(2)} times the first's time for a parameter`,
  }));
}
