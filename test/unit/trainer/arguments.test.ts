/**
 * Every argument of every strategy, mechanism and schedule of the tables is read: away from its default a small training
 * comes out otherwise. That it comes out right is other tests' business; this one finds a new row or a new argument by itself.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sharings } from '../../../src/spec/schema/network.ts';
import { schedules } from '../../../src/spec/schema/schedules.ts';
import { strategies } from '../../../src/spec/schema/strategies.ts';
import type { Engine } from '../../../src/engine/contract.ts';
import { TrainingError } from '../../../src/trainer/errors.ts';
import { embeddedEngine, parameters, type Trial } from './training-helpers.ts';
import { fullRows, smallTrial, takeSteps, threeTasks, type Overrides } from './step/helpers.ts';

let engine: Engine;
before(async () => {
  engine = await embeddedEngine();
});
after(() => engine.dispose());

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

/** A small training, whose steps are taken when somebody asks for what comes of them. */
class Course {
  readonly #made: Trial | undefined;
  readonly #texts: string[] = [];
  readonly #refused: string | undefined;

  private constructor(made: Trial | undefined, refused?: string) {
    this.#made = made;
    this.#refused = refused;
  }

  /** Why it does not begin is an outcome, too: an argument may be read for that. */
  static async of(overrides: Overrides): Promise<Course> {
    const training = { optimizer: 'sgd', learningRate: 0.05, steps: 1000, ...overrides.training };
    try {
      return new Course(await smallTrial({ network, ...overrides, training }, rows));
    } catch (error) {
      if (!(error instanceof TrainingError)) throw error;
      return new Course(undefined, error.message);
    }
  }

  get refused(): boolean {
    return this.#refused !== undefined;
  }

  /** All parameters after so many steps. */
  at(step: number): string {
    const made = this.#made;
    if (made === undefined) return `refused: ${this.#refused ?? ''}`;
    while (this.#texts.length < step) {
      takeSteps(made, 1);
      this.#texts.push([...parameters(made.prepared)].map(([name, values]) => `${name} ${values.join()}`).join('\n'));
    }
    return this.#texts[step - 1] ?? '';
  }

  end(): void {
    this.#made?.dispose();
  }
}

/** Whether another run comes out otherwise within some steps: most do at the first, and nothing more is computed then. */
async function differs(base: Course, overrides: Overrides, steps: number): Promise<boolean> {
  const other = await Course.of(overrides);
  try {
    for (let step = 1; step <= steps; step++) if (base.at(step) !== other.at(step)) return true;
    return false;
  } finally {
    other.end();
  }
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

/** Arguments that this run cannot show, and why. */
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
      const overridesOf = (given: Fields, weights?: object): Overrides => ({
        strategy: { name, ...required[name], ...given },
        ...(weights ? { weights } : {}),
      });
      const bases = new Map<string, Course>();
      const baseOf = async (given: Fields): Promise<Course> => {
        const key = JSON.stringify(given);
        const base = bases.get(key) ?? (await Course.of(overridesOf(given)));
        bases.set(key, base);
        return base;
      };
      const unread: string[] = [];
      for (const [argument, schema] of Object.entries(fields)) {
        if (unseen.has(`${name}.${argument}`)) continue;
        const onlyWhen = schema.mtl?.onlyWhen;
        const condition = onlyWhen ? { [onlyWhen.key]: onlyWhen.is[0] } : {};
        const others = around[`${name}.${argument}`] ?? away(schema).map((value) => ({ [argument]: value }));
        const weights = argument === 'prescale' ? { kind: 1, value: 2, other: 3 } : undefined;
        const base = await baseOf(condition);
        let read = false;
        for (const given of others) read ||= await differs(base, overridesOf({ ...condition, ...given }, weights), 12);
        // Where both are refused the argument has no place.
        if (!read && !base.refused) unread.push(argument);
      }
      for (const base of bases.values()) base.end();
      assert.deepEqual(unread, []);
    });
  }
});

test('arguments of sharing mechanisms', async () => {
  const dense = { type: 'dense', units: 4, activation: 'tanh' };
  const unread: string[] = [];
  for (const [type, entry] of Object.entries(sharings)) {
    const { type: _, ...fields } = (entry as unknown as { properties: Record<string, Schema> }).properties;
    const overridesOf = (given: Fields): Overrides => {
      const staged = ['cross-stitch', 'ple', 'mtan', 'branch'].includes(type);
      const layers = staged ? { stages: [[dense], [dense]] } : { layers: [dense] };
      return { network: { trunk: { input: 'x', ...layers, sharing: { type, ...given } } }, tasks: threeTasks };
    };
    const base = await Course.of(overridesOf({}));
    for (const [argument, schema] of Object.entries(fields)) {
      if (!(await differs(base, overridesOf({ [argument]: away(schema)[0] }), 3))) unread.push(`${type}.${argument}`);
    }
    base.end();
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
    const overridesOf = (given: Fields): Overrides => ({
      training: { schedule: { name, ...quick, ...given }, steps: 24 },
    });
    const base = await Course.of(overridesOf({}));
    for (const [argument, schema] of Object.entries(fields)) {
      // Which number is watched is shown by the tests of monitors.
      if (argument === 'monitor') continue;
      const value = others[`${name}.${argument}`] ?? away(schema)[0];
      if (!(await differs(base, overridesOf({ [argument]: value }), 24))) unread.push(`${name}.${argument}`);
    }
    base.end();
  }
  assert.deepEqual(unread, []);
});
