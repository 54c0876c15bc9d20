/**
 * Every argument of every strategy, mechanism and schedule of the tables is read: away from its default a small training
 * comes out otherwise. That it comes out right is other tests' business; this one finds a new row or a new argument by itself.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sharings } from '../../../src/spec/schema/network.ts';
import { schedules } from '../../../src/spec/schema/schedules.ts';
import { strategies } from '../../../src/spec/schema/strategies.ts';
import type { Engine } from '../../../src/trainer/engine/types.ts';
import { TrainingError } from '../../../src/trainer/errors.ts';
import { embeddedEngine, parameters, type Trial } from './training-helpers.ts';
import { fullRows, smallTrial, takeSteps, threeTasks, type Wishes } from './step/helpers.ts';

let engine: Engine;
before(async () => {
  engine = await embeddedEngine();
});
after(() => engine.dispose());

const refused = 'Refused:';

interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
  readonly mtl?: {
    readonly fallback?: unknown;
    readonly onlyWhen?: { readonly key: string; readonly is: readonly unknown[] };
  };
}
type Fields = Readonly<Record<string, unknown>>;

/** Other values than the default, within the limits: of words all others, since one may be what the paper does anyway. */
function away({ type, enum: words, mtl, maximum, exclusiveMaximum }: Schema): readonly unknown[] {
  const fallback = mtl?.fallback;
  if (words) return words.filter((word) => word !== fallback);
  if (type === 'boolean') return [fallback !== true];
  if (type === 'array') return [[0.3, 0.2, 0.1]];
  if (type === 'integer') return [typeof fallback === 'number' ? fallback + 1 : 3];
  if (type !== 'number') return [];
  if (typeof fallback !== 'number' || fallback === 0) return [0.25];
  const most = maximum ?? exclusiveMaximum ?? Infinity;
  return [fallback * 3 < most ? fallback * 3 : fallback / 3];
}

/** Two shared blocks, so that block by block is not all at once. */
const network = {
  first: { input: 'x', layers: [{ type: 'dense', units: 5, activation: 'tanh' }] },
  trunk: { input: 'first', layers: [{ type: 'dense', units: 4, activation: 'tanh' }] },
};
/** The last rows are for validation: schedules may watch it. */
const rows = fullRows.map((row, at) => ({
  ...row,
  // Fewer labels than the others have.
  kind: at % 4 === 0 ? '' : (row['kind'] ?? ''),
  part: at < 40 ? 'train' : 'validation',
}));

/** Everything a training says and becomes; or why it does not begin, which an argument may be read for as well. */
async function outcome(wishes: Wishes, steps = 12): Promise<string> {
  const training = { optimizer: 'sgd', learningRate: 0.05, steps: 1000, ...wishes.training };
  let made: Trial;
  try {
    made = await smallTrial({ network, ...wishes, training }, rows);
  } catch (error) {
    if (!(error instanceof TrainingError)) throw error;
    return `${refused} ${error.message}`;
  }
  takeSteps(made, steps);
  const text = [...parameters(made.prepared)].map(([name, values]) => `${name} ${values.join()}`).join('\n');
  made.dispose();
  return text;
}

/** What an argument needs around it to matter, and a value where the kind of value tells none. */
const around: Readonly<Record<string, readonly Fields[]>> = {
  'gradnorm.layer': [{ layer: 'first' }],
  'pcd.primary': [{ primary: 'value' }],
  'cr-mogm.of': [{ of: 'pcgrad' }],
  // Its weights sum to one already; its paper's scale is the sum; only a large tolerance is seen here.
  'uncertainty-softmax.normalize': [{ normalize: 'sum-to-tasks' }],
  'config.scale': [{ scale: 'mean' }],
  'upgrad.normEps': [{ normEps: 1000 }],
};

/** Arguments that this training cannot show, and why. */
const unseen: ReadonlySet<string> = new Set([
  // Tolerances, which the reference vectors hold.
  ...['cagrad.normEps', 'cagrad.traceEps', 'dualproj.normEps'],
  // The same task is chosen either way; equal weights are their own shares; the weights have not moved yet.
  ...['krum.over', 'pbi.preference', 'excess-mtl.warmup'],
]);

describe('arguments of strategies', () => {
  const required: Readonly<Record<string, Fields>> = { pcd: { primary: 'kind' }, 'cr-mogm': { of: 'mgda' } };
  for (const [name, entry] of Object.entries(strategies)) {
    test(name, async () => {
      const {
        name: _,
        observe: __,
        ...fields
      } = (entry as unknown as { properties: Record<string, Schema> }).properties;
      const known = new Map<string, Promise<string>>();
      const run = (given: Fields, weights?: object): Promise<string> => {
        const strategy = { name, ...required[name], ...given };
        const key = JSON.stringify([strategy, weights]);
        const found = known.get(key) ?? outcome({ strategy, ...(weights ? { weights } : {}) });
        known.set(key, found);
        return found;
      };
      const unread: string[] = [];
      for (const [argument, schema] of Object.entries(fields)) {
        if (unseen.has(`${name}.${argument}`)) continue;
        const onlyWhen = schema.mtl?.onlyWhen;
        const condition = onlyWhen ? { [onlyWhen.key]: onlyWhen.is[0] } : {};
        const others = around[`${name}.${argument}`] ?? away(schema).map((value) => ({ [argument]: value }));
        const weights = argument === 'prescale' ? { kind: 1, value: 2, other: 3 } : undefined;
        const base = await run(condition);
        const changed = await Promise.all(others.map((given) => run({ ...condition, ...given }, weights)));
        // Where both are refused the argument has no place.
        if (changed.every((each) => each === base) && !base.startsWith(refused)) unread.push(argument);
      }
      assert.deepEqual(unread, []);
    });
  }
});

test('arguments of sharing mechanisms', async () => {
  const dense = { type: 'dense', units: 4, activation: 'tanh' };
  const unread: string[] = [];
  for (const [type, entry] of Object.entries(sharings)) {
    const { type: _, ...fields } = (entry as unknown as { properties: Record<string, Schema> }).properties;
    const run = (given: Fields): Promise<string> => {
      const staged = ['cross-stitch', 'ple', 'mtan', 'branch'].includes(type);
      const layers = staged ? { stages: [[dense], [dense]] } : { layers: [dense] };
      return outcome(
        { network: { trunk: { input: 'x', ...layers, sharing: { type, ...given } } }, tasks: threeTasks },
        3,
      );
    };
    for (const [argument, schema] of Object.entries(fields)) {
      if ((await run({ [argument]: away(schema)[0] })) === (await run({}))) unread.push(`${type}.${argument}`);
    }
  }
  assert.deepEqual(unread, []);
});

test('arguments of schedules', async () => {
  const quickly: Readonly<Record<string, Fields>> = { step: { every: 1 }, plateau: { patience: 0, minDelta: 1 } };
  const others: Fields = { 'step.every': 2, 'plateau.patience': 1, 'plateau.minDelta': 0 };
  const unread: string[] = [];
  for (const [name, entry] of Object.entries(schedules)) {
    const { name: _, ...fields } = (entry as unknown as { properties: Record<string, Schema> }).properties;
    // Rising and falling within a few epochs.
    const quick = quickly[name] ?? {};
    const run = (given: Fields): Promise<string> =>
      outcome({ training: { schedule: { name, ...quick, ...given }, steps: 24 } }, 24);
    for (const [argument, schema] of Object.entries(fields)) {
      // Which number is watched is shown by the tests of monitors.
      if (argument === 'monitor') continue;
      const value = others[`${name}.${argument}`] ?? away(schema)[0];
      if ((await run({ [argument]: value })) === (await run({}))) unread.push(`${name}.${argument}`);
    }
  }
  assert.deepEqual(unread, []);
});
