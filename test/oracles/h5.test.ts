/**
 * Oracle H5: what must not change a whole run of the real trainer: the order of tasks, the unit of a loss, a task that never
 * has a label, how a batch is cut into parts; and tasks without a common label are trained in turn. Embedded engine, and
 * where a runtime is installed the native one, operation by operation and captured.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openEngine } from '../../src/engine/open.ts';
import { tf } from '../../src/engine/tfjs.ts';
import type { Engine } from '../../src/engine/contract.ts';
import type { Prepared } from '../../src/trainer/prepare/prepare.ts';
import type { Loss } from '../../src/trainer/tasks/losses/contract.ts';
import { strategyNames as names } from '../../src/spec/index.ts';
import { half, takeSteps, valuesOf, type Half } from '../unit/trainer/step/executors/captured/pair.ts';
import { installedFolder, nativeSuite } from '../unit/engine/native/support.ts';
import { assetsDirectory } from '../unit/engine/support.ts';
import {
  fullRows,
  partialRows,
  specOf,
  threeTasks,
  type Fields,
  type Overrides,
} from '../unit/trainer/step/helpers.ts';
import { csvOf, embeddedEngine, recordsOf, sampleRows, type Row } from '../unit/trainer/training-helpers.ts';
import { assign } from './replay.ts';

interface Place {
  readonly engine: Engine;
  readonly captured: boolean;
}

/** Four epochs of three steps. */
const steps = 12;
const training = { optimizer: 'momentum', learningRate: 0.02, batchSize: 16, steps, seed: 5 };
const validation = sampleRows(60).slice(48);
const withValidation = (rows: readonly Row[]): string =>
  csvOf([...rows, ...validation.map((row) => ({ ...row, part: 'val' }))]);

type Adjust = (prepared: Prepared) => Prepared;

function made({ engine, captured }: Place, overrides: Overrides, table: string, adjust?: Adjust): Promise<Half> {
  const spec = specOf({ ...overrides, training: { ...training, ...overrides.training } });
  return half(engine, spec, { 'data.csv': table }, captured, adjust);
}

/** Values of all parameters after a whole run, evaluations and ends of epochs included. */
async function ran(place: Place, overrides: Overrides, rows: readonly Row[], adjust?: Adjust): Promise<Run> {
  const one = await made(place, overrides, withValidation(rows), adjust);
  try {
    assert.equal(one.graph, place.captured, one.detail);
    takeSteps(one, steps);
    assert.ok(one.training.isDone());
    assert.deepEqual(one.refusals, []);
    // How many steps a record tells of depends on the clock; an epoch's last one is always told.
    const last = new Map(recordsOf(one.records, 'step').map((record) => [record.epoch, record]));
    const weights = [...last.values()].flatMap((record) => [...(record.weights?.values() ?? [])]);
    const paths = new Set(one.prepared.model.variables.map(({ path }) => path));
    const values = new Map([...valuesOf(one)].filter(([path]) => paths.has(path)));
    for (const [path, list] of values) assert.ok(list.every(Number.isFinite), path);
    return { values, weights: weights.map(Number) };
  } finally {
    one.dispose();
  }
}

interface Run {
  readonly values: ReadonlyMap<string, Float32Array>;
  /** Effective weights at the ends of epochs, task by task. */
  readonly weights: readonly number[];
}

function assertNear(found: Run, wanted: Run, tolerance: number): void {
  assert.ok(wanted.values.size > 0, 'there is something to compare');
  for (const [path, list] of wanted.values) {
    const other = found.values.get(path);
    assert.equal(other?.length, list.length, path);
    list.forEach((value, index) => {
      const apart = Math.abs(value - (other[index] ?? NaN));
      assert.ok(apart <= tolerance * Math.max(1, Math.abs(value)), `${path} ${String(index)}: ${String(apart)}`);
    });
  }
}

const settings: Readonly<Record<string, Fields>> = {
  pcd: { primary: 'value' },
  gradnorm: { measured: 'shared' },
  'cr-mogm': { of: { name: 'mgda' } },
};
/** Those that run different code: none, losses, learned numbers, looks ahead, Gram matrices, rows, memory of rows. */
const quick = ['static', 'dwa', 'uncertainty', 'famo', 'gradnorm', 'cagrad', 'nash-mtl', 'graddrop', 'db-mtl'];
const strategyOf = (name: string): Fields => ({ name, ...settings[name] });

/**
 * Draw an order of the tasks or a number for each place, or take several batches, one for each role; of three tasks krum
 * has two that are as near to each other, of which it takes the first.
 */
const drawn = ['krum', 'random', 'pcgrad', 'gradvac', 'cosmos', 'modo', 'sdmgrad', 'moml', 'auto-lambda', 'forum'];

/** Refuse unequal weights, which mean nothing to them. */
const impartial = ['mgda', 'imtl-g', 'imtl', 'krum', 'pcd', 'cr-mogm', 'graddrop', 'trimmed-mean'];

function permutations(place: () => Place, chosen: readonly string[]): void {
  const { kind, value, other } = threeTasks;
  for (const name of chosen.filter((one) => !drawn.includes(one))) {
    test(`the order of the tasks: ${name}`, async () => {
      const weights = impartial.includes(name) ? {} : { weights: { kind: 0.5, value: 0.3, other: 0.2 } };
      const overrides = { strategy: strategyOf(name), ...weights };
      const one = await ran(place(), { ...overrides, tasks: { kind, value, other } }, partialRows);
      const two = await ran(place(), { ...overrides, tasks: { other, kind, value } }, partialRows);
      assertNear(two, one, 5e-5);
    });
  }
}

/** One task's loss in another unit. */
function inUnit(name: string, factor: number): Adjust {
  const scaled = (own: Loss): Loss => ({
    evaluate: (raw, target, weights) => {
      const { sum, weight } = own.evaluate(raw, target, weights);
      return { sum: tf.mul(sum, factor), weight };
    },
    sample: (raw, target) => {
      const { loss, weight } = own.sample(raw, target);
      return { loss: factor * loss, weight };
    },
  });
  return (prepared) => ({
    ...prepared,
    tasks: prepared.tasks.map((task) => (task.name === name ? { ...task, loss: scaled(task.loss) } : task)),
  });
}

const adam = { name: 'adam', epsilon: 1e-14 };
/**
 * Steps of one size whatever the length of the gradient: imtl-g (Σα = 1) and config (‖d‖ = Σ gᵢ·d̂) keep the direction
 * alone.
 */
const signs = { name: 'adam', beta1: 0, beta2: 0, epsilon: 1e-14 };

const unitless: readonly (readonly [Fields, object])[] = [
  [{ name: 'nash-mtl', heads: 'weighted' }, { name: 'sgd' }],
  [{ name: 'nash-mtl' }, adam],
  [{ name: 'imtl-g' }, signs],
  [{ name: 'config' }, signs],
  [{ name: 'mgda', gradientNormalization: 'l2' }, adam],
  [{ name: 'geometric' }, adam],
];

function units(place: () => Place, factors: readonly number[]): void {
  const { value, kind } = threeTasks;
  for (const [strategy, optimizer] of unitless) {
    for (const factor of factors) {
      test(`the unit of a loss: ${JSON.stringify(strategy)}, ${JSON.stringify(optimizer)}, ${String(factor)}`, async () => {
        const overrides = { strategy, tasks: { value, kind }, training: { optimizer, learningRate: 0.003 } };
        const one = await ran(place(), overrides, fullRows);
        assertNear(await ran(place(), overrides, fullRows, inUnit('value', factor)), one, 1e-4);
      });
    }
  }
  test('the unit of a loss: the weights of dwa', async () => {
    // Tasks that share nothing: under Adam each takes its own path whatever its weight.
    const block = { input: 'x', layers: [{ type: 'dense', units: 4, activation: 'tanh' }] };
    const tasks = { value: { ...value, input: 'left' }, kind: { ...kind, input: 'right' } };
    const overrides = {
      ...{ network: { left: block, right: block }, tasks },
      ...{ strategy: { name: 'dwa' }, training: { optimizer: adam } },
    };
    const [one, two] = [
      await ran(place(), overrides, fullRows),
      await ran(place(), overrides, fullRows, inUnit('value', 1e3)),
    ];
    assertNear(two, one, 1e-4);
    assert.equal(two.weights.length, one.weights.length);
    assert.ok(one.weights.some((weight) => Math.abs(weight - 1) > 1e-3));
    one.weights.forEach((weight, index) => assert.ok(Math.abs(weight - (two.weights[index] ?? NaN)) < 1e-4));
  });
}

/** Read a fact of every task, which needs a label. */
const factual = ['complexity', 'data-size', 'initial-loss', 'performance', 'pcd', 'modo', 'sdmgrad'];

function neverLabeled(place: () => Place, chosen: readonly string[]): void {
  const { other: _, ...two } = threeTasks;
  const rows = partialRows.map((row) => ({ ...row, other: '' }));
  for (const name of chosen.filter((one) => !factual.includes(one))) {
    test(`a task that never has a label: ${name}`, async () => {
      const strategy = strategyOf(name);
      const without = await ran(place(), { strategy, tasks: two }, rows);
      assertNear(await ran(place(), { strategy }, rows), without, 1e-6);
    });
  }
}

function accumulation(place: () => Place, chosen: readonly string[]): void {
  for (const name of chosen) {
    test(`two half batches as one: ${name}`, async () => {
      const strategy = strategyOf(name);
      const whole = await ran(place(), { strategy }, partialRows);
      const halves = await ran(place(), { strategy, training: { batchSize: 8, accumulate: 2 } }, partialRows);
      assertNear(halves, whole, 5e-5);
    });
  }
}

/** Alone, a task is trained as it is: its weight is 1, or learned. */
const alternating: readonly Fields[] = [
  ...['sum', 'uncertainty', 'geometric', 'mgda', 'pcgrad', 'imtl-g', 'config', 'upgrad', 'aligned-mtl'],
  ...['graddrop', 'gradvac', 'dualproj', 'krum'],
].map((name): Fields => ({ name }));
/** (1 + c) g, divided by 1 + c. */
const cagrad = { name: 'cagrad', rescale: 2 };

/** The trunk is handed over between two runs of one task each. */
function disjoint(place: () => Place, chosen: readonly Fields[]): void {
  const rows = fullRows.map((row, index) => ({ ...row, [index % 2 === 0 ? 'other' : 'value']: '' }));
  const { value, other } = threeTasks;
  /** Rows with a label of the task whose turn it is. */
  const batch = (step: number): Int32Array =>
    Int32Array.from({ length: 8 }, (_, k) => 16 * (Math.floor(step / 2) % 3) + 2 * k + (step % 2));
  for (const strategy of chosen) {
    const name = String(strategy['name']);
    test(`tasks without a common batch take turns: ${name}`, async () => {
      const own = { optimizer: 'sgd', learningRate: 0.05, batchSize: 8 };
      const open = (used: Fields, tasks: object): Promise<Half> =>
        made(place(), { strategy: used, tasks, training: own }, csvOf(rows));
      // A method on shared gradients is refused for one task.
      const single = name === 'uncertainty' ? strategy : { name: 'sum' };
      const both = await open(strategy, { value, other });
      const turns = [await open(single, { value }), await open(single, { other })];
      try {
        let trunk: Record<string, number[]> = {};
        for (let step = 0; step < steps; step += 1) {
          both.training.step([batch(step)]);
          const turn = turns[step % 2];
          assert.ok(turn);
          turn.training.pull();
          assign(turn.prepared.model, trunk);
          turn.training.continueFrom({ progress: turn.training.state().progress, best: null, memory: {} });
          turn.training.step([batch(step)]);
          turn.training.pull();
          trunk = Object.fromEntries(
            [...valuesOf(turn)].filter(([path]) => path.startsWith('trunk/')).map(([path, list]) => [path, [...list]]),
          );
        }
        both.training.pull();
        const [found, first, second] = [both, ...turns].map((one) => new Map(valuesOf(one)));
        assert.ok(found && first && second);
        const wanted = new Map([...first, ...second]);
        for (const [path, list] of Object.entries(trunk)) wanted.set(path, Float32Array.from(list));
        const run = (values: Map<string, Float32Array>): Run => ({ values, weights: [] });
        assertNear(run(found), run(wanted), 1e-5);
      } finally {
        for (const one of [both, ...turns]) one.dispose();
      }
    });
  }
}

function suite(open: () => Promise<Engine>, captured: boolean, chosen: readonly string[]): void {
  const all = chosen === names;
  let engine: Engine | undefined;
  before(async () => {
    engine = await open();
  });
  after(() => engine?.dispose());
  const place = (): Place => {
    assert.ok(engine);
    return { engine, captured };
  };
  permutations(place, chosen);
  units(place, all ? [1e-3, 1e3] : [1e3]);
  neverLabeled(place, chosen);
  // Several batches as one are no graph.
  if (!captured) accumulation(place, quick);
  disjoint(place, all ? [...alternating, cagrad] : [...alternating.slice(0, 4), cagrad]);
}

const native = (): Promise<Engine> => openEngine('native', { assetsDirectory, runtimeFolder: installedFolder });

describe('a whole run is the same', () => {
  suite(embeddedEngine, false, names);
});
nativeSuite('on the native engine too', () => {
  suite(native, false, quick);
});
nativeSuite('and captured', () => {
  suite(native, true, ['static', 'uncertainty', 'famo', 'cagrad', 'db-mtl']);
});
