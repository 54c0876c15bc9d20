/**
 * Oracle H7: thirty steps of the real trainer beside PyTorch's, over optimizers, partial labels, strategies, clipping,
 * accumulation, batch normalization, dropout, trees and tasks that read tasks (`test/reference/h7.py`).
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Engine } from '../../src/engine/contract.ts';
import { member, taskNumbers } from '../../src/weighting/state.ts';
import type { Json } from '../../src/weighting/contract.ts';
import { openEngine } from '../../src/engine/open.ts';
import { half } from '../unit/trainer/step/executors/captured/pair.ts';
import { installedFolder, nativeSuite } from '../unit/engine/native/support.ts';
import { assetsDirectory } from '../unit/engine/support.ts';
import { embeddedEngine, parameters, recordsOf, type Row } from '../unit/trainer/training-helpers.ts';
import { assign } from './replay.ts';

type Extra = 'plain' | 'clip' | 'accumulate' | 'batch-norm' | 'dropout' | 'tree' | 'task-on-task';

interface Case {
  readonly case: readonly [optimizer: string, labels: string, strategy: string, extra: Extra];
  readonly losses: readonly (readonly (number | null)[])[];
  readonly after: Readonly<Record<string, readonly number[]>>;
  readonly state: readonly number[] | null;
}

interface Vectors {
  readonly learningRates: Readonly<Record<string, number>>;
  readonly clip: number;
  readonly decay: number;
  readonly x: readonly (readonly number[])[];
  readonly value: readonly number[];
  readonly kind: readonly number[];
  readonly labelled: Readonly<Record<string, readonly [readonly boolean[], readonly boolean[]]>>;
  readonly batches: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly starts: Readonly<Record<Extra, Readonly<Record<string, readonly number[]>>>>;
  readonly steps: readonly number[];
  readonly cases: readonly Case[];
}

const vectors = JSON.parse(readFileSync(new URL('../golden/h7/vectors.json', import.meta.url), 'utf8')) as Vectors;
const tolerance = 1e-4;

function rowsOf(labels: string): Row[] {
  const [values, kinds] = vectors.labelled[labels] ?? [[], []];
  const rows: Row[] = vectors.x.map((inputs, row) => ({
    ...Object.fromEntries(inputs.map((value, index) => [`x${String(index)}`, value])),
    value: values[row] ? (vectors.value[row] ?? '') : '',
    kind: kinds[row] ? `k${String(vectors.kind[row])}` : '',
    part: 'train',
  }));
  const [first = {}] = rows;
  return [...rows, { ...first, value: 0.5, kind: 'k1', part: 'val' }];
}

const dense = (units: number, activation = 'linear') => ({ type: 'dense', units, activation });

function networkOf(extra: Extra): object {
  const layers =
    extra === 'batch-norm'
      ? [{ ...dense(6), useBias: false }, { type: 'batchNormalization' }, { type: 'activation', activation: 'tanh' }]
      : [dense(6, 'tanh'), ...(extra === 'dropout' ? [{ type: 'dropout', rate: 0.5 }] : [])];
  const trunk = { input: 'x', layers };
  if (extra !== 'tree') return { trunk };
  return {
    trunk,
    left: { input: 'trunk', layers: [dense(5, 'tanh')] },
    right: { input: 'trunk', layers: [dense(4, 'tanh')] },
  };
}

function specOf({ case: [optimizer, , strategy, extra] }: Case): object {
  const tree = extra === 'tree';
  const weighed = strategy === 'static' || strategy === 'uncertainty';
  return {
    data: {
      source: 'data.csv',
      inputs: { x: { type: 'number', from: ['x0', 'x1', 'x2', 'x3'], normalize: 'none' } },
      split: { column: 'part' },
    },
    network: networkOf(extra),
    tasks: {
      value: { type: 'regression', target: 'value', input: tree ? 'left' : 'trunk', normalize: 'none' },
      kind: {
        ...{ type: 'classification', target: 'kind', classes: ['k0', 'k1', 'k2'] },
        input: extra === 'task-on-task' ? ['trunk', 'task:value'] : tree ? 'right' : 'trunk',
      },
    },
    weights: weighed ? { value: 0.6, kind: 0.4 } : { value: 1, kind: 1 },
    strategy,
    training: {
      optimizer: optimizer === 'adamw' ? { name: optimizer, weightDecay: vectors.decay } : optimizer,
      learningRate: vectors.learningRates[optimizer],
      conventions: 'pytorch',
      batchSize: 6,
      steps: 1000,
      seed: 0,
      ...(extra === 'clip' ? { clipNorm: vectors.clip } : {}),
      ...(extra === 'accumulate' ? { accumulate: 2 } : {}),
    },
  };
}

/** The strategy's numbers after the last step. */
function stateOf(strategy: Json, tasks: readonly string[], name: string): number[] {
  const own = member(member(strategy, 'own'), '');
  return taskNumbers(own, name === 'famo' ? 'logits' : 's', tasks, 0);
}

function near(found: number, wanted: number, what: string): void {
  const apart = Math.abs(found - wanted);
  assert.ok(
    apart <= tolerance * Math.max(1, Math.abs(wanted)),
    `${what}: ${String(found)} instead of ${String(wanted)}`,
  );
}

/** Records in memory are Maps, those read from a file objects. */
function lossOf(losses: unknown, task: number): unknown {
  const name = ['value', 'kind'][task] ?? '';
  return losses instanceof Map ? (losses.get(name) ?? null) : undefined;
}

async function follow(engine: Engine, captured: boolean, one: Case): Promise<void> {
  const [, labels, strategy, extra] = one.case;
  const table = rowsOf(labels);
  const names = Object.keys(table[0] ?? {});
  const csv = [names, ...table.map((row) => names.map((name) => row[name] ?? ''))].map((cells) => cells.join(','));
  const made = await half(engine, specOf(one), { 'data.csv': `${csv.join('\n')}\n` }, captured);
  const { prepared, training, records } = made;
  try {
    // Several batches as one are no graph, which is said; the numbers are the same.
    const graph = captured && extra !== 'accumulate';
    assert.equal(made.graph, graph, made.detail);
    training.pull();
    assign(prepared.model, vectors.starts[extra]);
    // Takes the values to where the steps are computed, as after a checkpoint.
    training.continueFrom({ progress: training.state().progress, best: null, memory: {} });
    const taken = extra === 'accumulate' ? 2 : 1;
    for (let step = 0; step < 30; step += 1) {
      const parts = (vectors.batches[labels] ?? []).slice(taken * step, taken * (step + 1));
      training.step(parts.map((positions) => Int32Array.from(positions)));
      // One record a step.
      training.flush();
    }
    training.pull();
    if (graph) assert.deepEqual(made.refusals, []);
    const told = recordsOf(records, 'step');
    for (const [place, step] of vectors.steps.entries()) {
      // Tasks and losses as the `step` records tell them.
      const record = told.find((candidate) => candidate.step === step + 1);
      assert.equal(record?.steps, 1);
      for (const [t, wanted] of (one.losses[place] ?? []).entries()) {
        const found = lossOf(record.losses, t);
        if (wanted === null || found === null) assert.equal(found, wanted, `loss ${String(t)} of step ${String(step)}`);
        else near(Number(found), wanted, `loss ${String(t)} of step ${String(step)}`);
      }
    }
    const values = parameters(prepared);
    for (const [path, wanted] of Object.entries(one.after)) {
      const found = values.get(path);
      assert.equal(found?.length, wanted.length, path);
      for (const [index, value] of wanted.entries()) near(found[index] ?? NaN, value, `${path} ${String(index)}`);
    }
    if (one.state) {
      const found = stateOf(training.progress.strategy, ['value', 'kind'], strategy);
      for (const [t, value] of one.state.entries()) near(found[t] ?? NaN, value, `state of task ${String(t)}`);
    }
  } finally {
    made.dispose();
  }
}

function suite(open: () => Promise<Engine>, captured: boolean): void {
  let engine: Engine | undefined;
  before(async () => {
    engine = await open();
  });
  after(() => engine?.dispose());
  for (const one of vectors.cases) {
    test(one.case.join(', '), async () => {
      assert.ok(engine);
      await follow(engine, captured, one);
    });
  }
}

const native = (): Promise<Engine> => openEngine('native', { assetsDirectory, runtimeFolder: installedFolder });

describe('thirty steps of the trainer are those of PyTorch', () => {
  suite(embeddedEngine, false);
});
nativeSuite('on the native engine too', () => {
  suite(native, false);
});
nativeSuite('and captured', () => {
  suite(native, true);
});
