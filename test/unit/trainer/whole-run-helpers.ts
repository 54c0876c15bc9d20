// One finished run with everything that is awkward in it: names like numbers, classes like properties of every object,
// partial labels, rows without inputs.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { isOrderedMap, type OrderedValue } from '../../../src/runs/json.ts';
import type { evaluateRun } from '../../../src/trainer/trained/evaluate.ts';
import type { predictRun } from '../../../src/trainer/trained/predict.ts';
import { generator } from '../../../src/numbers/random.ts';
import { bundles, endedWell, makeWorkplace, newRun, start, type Workplace } from './run-helpers.ts';

export interface WorkerBundle {
  readonly evaluateRun: typeof evaluateRun;
  readonly predictRun: typeof predictRun;
}

/** The bundle as the command line loads it. */
export function worker(): WorkerBundle {
  return createRequire(import.meta.url)(path.join(bundles, 'worker.cjs')) as WorkerBundle;
}

/** In the order of the training rows' first appearance; none of them is a class of its own in an object. */
export const classNames = ['__proto__', 'constructor', 'toString'];

export interface RawRow {
  readonly a: string;
  readonly b: string;
  readonly kind: string;
  readonly mass: string;
  readonly part: string;
}

export function rawRows(count = 200): RawRow[] {
  const random = generator(21, 22, 23, 24);
  return Array.from({ length: count }, (_, index) => {
    const [a, b] = [random.normal(), random.normal()];
    const kind = classNames[a > 0.4 ? 0 : b > 0 ? 1 : 2] ?? '';
    const mass = 4000 + 800 * a - 300 * b;
    const part = ['train', 'train', 'train', 'train', 'validation', 'test'][index % 6] ?? '';
    return {
      // Two test rows and two training rows have no input.
      a: [6, 7, 11, 17].includes(index) ? '' : String(a),
      b: String(b),
      kind: random.uniform() < 0.25 ? '' : kind,
      mass: random.uniform() < 0.25 ? '' : String(mass),
      part,
    };
  });
}

export function tableOf(rows: readonly RawRow[]): string {
  const names = ['a', 'b', 'kind', 'mass', 'part'] as const;
  return `${[names, ...rows.map((row) => names.map((name) => row[name]))].map((cells) => cells.join(',')).join('\n')}\n`;
}

/** As text, since an object would put "2" before "10". */
export const awkwardSpec = `{
  "name": "awkward",
  "data": {
    "source": "rows.csv",
    "inputs": { "x": { "type": "number", "from": ["a", "b"], "missing": "drop" } },
    "split": { "column": "part" }
  },
  "network": { "trunk": { "input": "x", "layers": [
    { "type": "dense", "units": 8, "activation": "tanh" },
    { "type": "batchNormalization" },
    { "type": "dropout", "rate": 0.1 }
  ] } },
  "tasks": {
    "10": { "type": "classification", "target": "kind", "input": "trunk" },
    "2": { "type": "regression", "target": "mass", "input": "trunk" },
    "toString": { "type": "regression", "target": "mass", "input": "trunk", "loss": "huber" }
  },
  "weights": { "10": 1, "2": 0.5, "toString": 0.25 },
  "training": {
    "optimizer": "adam", "learningRate": 0.02, "batchSize": 32, "epochs": 4, "seed": 1,
    "checkpoint": { "every": 2, "unit": "epoch" }
  }
}`;

export const taskNames = ['10', '2', 'toString'];

export interface WholeRun {
  readonly place: Workplace;
  readonly directory: string;
}

/** Trains it through; the caller removes the place. */
export async function wholeRun(): Promise<WholeRun> {
  const place = makeWorkplace(1);
  fs.writeFileSync(path.join(place.folder, 'rows.csv'), tableOf(rawRows()));
  const directory = newRun(place, 'whole', awkwardSpec);
  await endedWell(await start(directory, place));
  return { place, directory };
}

/** The value under these keys, or undefined. */
export function at(value: OrderedValue | undefined, ...keys: string[]): OrderedValue | undefined {
  return keys.reduce<OrderedValue | undefined>(
    (inner, key) => (isOrderedMap(inner) ? inner.get(key) : undefined),
    value,
  );
}
