/**
 * LibMTL's recorded runs (24 steps of a tiny model) through the real trainer, from the case's initial parameters: its
 * losses at every step and the parameters after the last. Cases whose random draws are recorded, whose solver is inexact
 * or whose heads follow another rule are compared in double precision by `npm run golden` alone.
 */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { after, before, describe, test } from 'node:test';
import { asFields, asList, asMatrix, asNumber, asNumbers, asText } from '../golden/runner/check.ts';
import type { Fields } from '../golden/runner/check.ts';
import { methods } from '../golden/runner/libmtl-methods.ts';
import { readReference } from '../golden/runner/run.ts';
import { tinyModel, type TinyModel } from '../golden/runner/tiny-model.ts';
import { openEngine } from '../../src/engine/open.ts';
import type { Engine } from '../../src/engine/contract.ts';
import { half } from '../unit/trainer/step/executors/captured/pair.ts';
import { installedFolder, nativeSuite } from '../unit/engine/native/support.ts';
import { assetsDirectory } from '../unit/engine/support.ts';
import { embeddedEngine, parameters, recordsOf } from '../unit/trainer/training-helpers.ts';
import { assign } from './replay.ts';

const replayed = [
  ...[
    'Aligned_MTL',
    'DB_MTL',
    'DWA',
    'EW',
    'ExcessMTL',
    'FAMO',
    'GLS',
    'GradNorm',
    'GradVac',
    'IMTL',
    'MoCo',
    'STCH',
    'UPGrad',
    'UW',
  ],
] as const;
const folder = fileURLToPath(new URL('../golden/reference/libmtl/', import.meta.url));

const transposed = (flat: readonly number[], rows: number, columns: number): number[] =>
  Array.from(
    { length: rows * columns },
    (_, place) => flat[(place % rows) * columns + Math.floor(place / rows)] ?? NaN,
  );

/** A dense layer of the reference, W [out][in] then b, as our kernel [in][out] and bias. */
function layer(path: string, flat: readonly number[], outputs: number, inputs: number): Record<string, number[]> {
  return {
    [`${path}/kernel`]: transposed(flat.slice(0, outputs * inputs), outputs, inputs),
    [`${path}/bias`]: flat.slice(outputs * inputs),
  };
}

function valuesOf(model: TinyModel, shared: readonly number[], heads: readonly (readonly number[])[]) {
  const all = layer('trunk/0', shared, model.width, model.inputWidth);
  model.tasks.forEach((task, t) =>
    Object.assign(all, layer(`tasks/t${String(t)}/head`, heads[t] ?? [], task.outputs, model.width)),
  );
  return all;
}

function csvOf(model: TinyModel): string {
  const names = [
    ...Array.from({ length: model.inputWidth }, (_, k) => `x${String(k)}`),
    ...model.tasks.flatMap((task, t) => columnsOf(task, t)),
    'part',
  ];
  const rows = model.inputs.flatMap((batch, b) =>
    batch.map((input, n) => [
      ...input,
      ...model.tasks.flatMap(({ kind, targets }): readonly (string | number)[] => {
        const target = targets[b]?.[n] ?? [];
        return kind === 'ce' ? [`k${String(target[0])}`] : target;
      }),
      'train',
    ]),
  );
  const validation = [...(rows[0] ?? []).slice(0, -1), 'val'];
  return `${[names, ...rows, validation].map((cells) => cells.join(',')).join('\n')}\n`;
}

const columnsOf = ({ kind, outputs }: TinyModel['tasks'][number], t: number): string[] =>
  kind === 'ce' ? [`t${String(t)}`] : Array.from({ length: outputs }, (_, k) => `t${String(t)}_${String(k)}`);

function specOf(model: TinyModel, strategy: object, optimizer: Fields): object {
  const tasks = model.tasks.map((task, t) => {
    const name = `t${String(t)}`;
    const own =
      task.kind === 'ce'
        ? {
            type: 'classification',
            target: name,
            classes: Array.from({ length: task.outputs }, (_, k) => `k${String(k)}`),
          }
        : { type: 'regression', target: columnsOf(task, t), normalize: 'none' };
    return [name, { ...own, input: 'trunk' }] as const;
  });
  return {
    data: {
      source: 'data.csv',
      inputs: {
        x: {
          type: 'number',
          from: Array.from({ length: model.inputWidth }, (_, k) => `x${String(k)}`),
          normalize: 'none',
        },
      },
      split: { column: 'part' },
    },
    network: { trunk: { input: 'x', layers: [{ type: 'dense', units: model.width, activation: 'tanh' }] } },
    tasks: Object.fromEntries(tasks),
    weights: Object.fromEntries(tasks.map(([name]) => [name, 1])),
    strategy,
    training: {
      optimizer: asText(optimizer['type']),
      learningRate: asNumber(optimizer['lr']),
      conventions: 'pytorch',
      batchSize: 6,
      epochs: 3,
      seed: 0,
    },
  };
}

function near(found: readonly number[], wanted: readonly number[], share: number, what: string): void {
  assert.equal(found.length, wanted.length, what);
  const size = Math.max(1, ...wanted.map(Math.abs));
  found.forEach((value, index) => {
    const expected = wanted[index] ?? NaN;
    assert.ok(Math.abs(value - expected) <= share * size, `${what}: ${String(value)} instead of ${String(expected)}`);
  });
}

async function follow(engine: Engine, captured: boolean, name: string, one: Fields): Promise<void> {
  const method = methods[name];
  assert.ok(method);
  const model = tinyModel(readReference(`${folder}${asText(one['model'])}.gz`));
  const representation = one['rep_grad'] === true ? { over: 'representation', inner: 'batch-sum' } : {};
  const strategy = { name: method.name, ...method.parameters(asFields(one['params'])), ...representation };
  const spec = specOf(model, strategy, asFields(one['optimizer']));
  const made = await half(engine, spec, { 'data.csv': csvOf(model) }, captured);
  const { prepared, training, records } = made;
  try {
    // Gradients by a block's output are no graph, which is said; the numbers are the same.
    const graph = captured && one['rep_grad'] !== true;
    assert.equal(made.graph, graph, made.detail);
    training.pull();
    assign(prepared.model, valuesOf(model, model.initial.shared, model.initial.heads));
    // Takes the values to where the steps are computed, as after a checkpoint.
    training.continueFrom({ progress: training.state().progress, best: null, memory: {} });
    const steps = asList(one['steps']).map(asFields);
    for (const [index, fields] of steps.entries()) {
      const [batch = 0] = asNumbers(fields['batches']);
      training.step([Int32Array.from({ length: 6 }, (_, n) => 6 * batch + n)]);
      training.flush();
      if (steps[index + 1]?.['epoch'] !== fields['epoch']) training.endEpoch();
    }
    training.pull();
    if (graph) assert.deepEqual(made.refusals, []);
    const told = recordsOf(records, 'step');
    for (const [index, fields] of steps.entries()) {
      const losses = told.find(({ step }) => step === index + 1)?.losses as unknown;
      assert.ok(losses instanceof Map);
      const found = model.tasks.map((_, t) => Number(losses.get(`t${String(t)}`)));
      near(found, asNumbers(fields['losses']), index < 2 ? 1e-4 : 1e-3, `losses of step ${String(index)}`);
    }
    const last = asFields(asList(one['after_epoch']).at(-1));
    const wanted = valuesOf(model, asNumbers(last['shared_params']), asMatrix(last['head_params']));
    const values = parameters(prepared);
    for (const [path, list] of Object.entries(wanted)) near([...(values.get(path) ?? [])], list, 1e-3, path);
  } finally {
    made.dispose();
  }
}

/**
 * Not: GradNorm on representations, where LibMTL leaves the trunk without a gradient in its first epoch; GradVac with
 * groups of its own, or with more than one other task, whose order is drawn.
 */
function isOurs(name: string, one: Fields): boolean {
  const group = asFields(one['params'])['GradVac_group_type'];
  if (name === 'GradVac') return asText(one['model']).includes('T2') && (group ?? 0) === 0;
  return name !== 'GradNorm' || one['rep_grad'] !== true;
}

function suite(open: () => Promise<Engine>, captured: boolean): void {
  let engine: Engine | undefined;
  before(async () => {
    engine = await open();
  });
  after(() => engine?.dispose());
  for (const name of replayed) {
    const cases = asList(readReference(`${folder}${name}.json.gz`)['cases']).map(asFields);
    for (const one of cases.filter((candidate) => isOurs(name, candidate))) {
      test(asText(one['id']), async () => {
        assert.ok(engine);
        await follow(engine, captured, name, one);
      });
    }
  }
}

const native = (): Promise<Engine> => openEngine('native', { assetsDirectory, runtimeFolder: installedFolder });

describe("the trainer walks LibMTL's recorded steps", () => {
  suite(embeddedEngine, false);
});
nativeSuite('on the native engine too', () => {
  suite(native, false);
});
nativeSuite('and captured', () => {
  suite(native, true);
});
