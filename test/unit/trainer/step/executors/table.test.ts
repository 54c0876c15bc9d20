/** Which executor computes, how it is told, and what becomes of those that cannot. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { text, type Text } from '../../../../../src/common/text.ts';
import { CaptureError } from '../../../../../src/engine/capture-error.ts';
import type { Engine } from '../../../../../src/engine/contract.ts';
import type { Model } from '../../../../../src/trainer/model/build.ts';
import type { StepContext, StepExecutor } from '../../../../../src/trainer/step/contract.ts';
import type {
  Candidate,
  ExecutorRow,
  Inference,
  Rehearsal,
  StepsOptions,
} from '../../../../../src/trainer/step/executors/contract.ts';
import { eager } from '../../../../../src/trainer/step/executors/eager/row.ts';
import { chooseExecutor, executors, openInference } from '../../../../../src/trainer/step/executors/table.ts';
import type { Update } from '../../../../../src/trainer/step/passes/update.ts';

function engineOf(name: 'native' | 'wasm'): Engine {
  const description = {
    name,
    device: 'cpu',
    graph: false,
    threads: 1,
    deterministic: true,
    detail: text('plain', '简单'),
  } as const;
  return { backend: {}, description } as unknown as Engine;
}

const model = { variables: [], kept: [], tasks: [] } as unknown as Model;
const context: StepContext = { model, tasks: [], reduction: 'labelled-mean' };
const update = { options: {} } as Update;
const noInference: Inference = { infer: () => assert.fail('no pass was asked for'), refusal: () => undefined, dispose: () => undefined }; // prettier-ignore

/** An executor of the embedded engine that writes down what it is asked. */
function planned(make: (options: StepsOptions) => Candidate, can: ExecutorRow['can'] = () => null): ExecutorRow {
  return {
    name: 'planned',
    engines: ['wasm'],
    can,
    open: () => Promise.resolve({ steps: make, inference: () => noInference }),
  };
}

/** @param found what it refuses when it takes the step for trial */
function rehearsed(found: readonly Text[]): { candidate: Candidate; calls: string[] } {
  const calls: string[] = [];
  let refusals: readonly Text[] = [];
  let retired = false;
  const rehearsal: Rehearsal = {
    get refusals() {
      return refusals;
    },
    take: (step) => {
      calls.push('take');
      step();
      refusals = found;
    },
    retire: () => {
      calls.push('retire');
      retired = true;
    },
  };
  const executor = {
    get captured() {
      return !retired;
    },
  } as StepExecutor;
  return { candidate: { executor, rehearsal }, calls };
}

const silent = { onRefusal: ({ en }: Text) => assert.fail(en) };

let before: string | undefined;
beforeEach(() => {
  before = process.env['MTL_CAPTURE'];
  delete process.env['MTL_CAPTURE'];
});
afterEach(() => {
  if (before !== undefined) process.env['MTL_CAPTURE'] = before;
  else delete process.env['MTL_CAPTURE'];
});

describe('the table', () => {
  test('its last row computes on every engine', () => {
    const last = executors.at(-1);
    assert.equal(last, eager);
    assert.equal(last.engines, undefined);
    assert.equal(last.can(engineOf('wasm')), null);
  });

  test('names are there once', () => {
    const names = executors.map(({ name }) => name);
    assert.deepEqual([...new Set(names)], names);
  });
});

test('on the embedded engine steps run operation by operation without a word, and a rehearsal takes no step', async () => {
  const engine = engineOf('wasm');
  const chosen = await chooseExecutor(engine, silent);
  assert.equal(chosen.factory(context, update).captured, false);
  assert.deepEqual(
    chosen.rehearse(() => assert.fail('a step was taken')),
    engine.description,
  );
});

test('a native engine without access to its graphs says why', async () => {
  const chosen = await chooseExecutor(engineOf('native'), silent);
  assert.equal(chosen.factory(context, update).captured, false);
  const { graph, detail } = chosen.rehearse(() => undefined);
  assert.equal(graph, false);
  assert.equal(detail.en, 'plain; steps run operation by operation: the engine gives no access to its graphs');
  assert.match(detail.zh, /^简单；训练步逐个运算执行：[^A-Za-z]+$/);
});

test('the environment switches every executor off but the last', async () => {
  process.env['MTL_CAPTURE'] = '0';
  const rows = [planned(() => assert.fail('it is switched off')), eager];
  const chosen = await chooseExecutor(engineOf('wasm'), { ...silent, rows });
  assert.equal(chosen.factory(context, update).captured, false);
  assert.equal(chosen.rehearse(() => undefined).detail.en, 'plain; steps run operation by operation: MTL_CAPTURE=0');
});

test('a third executor is a row: it is rehearsed, and computes where it is right', async () => {
  const { candidate, calls } = rehearsed([]);
  const rows = [planned(() => candidate), eager];
  const chosen = await chooseExecutor(engineOf('wasm'), { ...silent, rows });
  assert.equal(chosen.factory(context, update), candidate.executor);
  let steps = 0;
  const told = chosen.rehearse(() => steps++);
  assert.deepEqual([steps, calls, told.graph, told.detail], [1, ['take'], true, text('plain', '简单')]);
  const elsewhere = await chooseExecutor(engineOf('native'), { ...silent, rows });
  assert.notEqual(elsewhere.factory(context, update), candidate.executor);
});

test('one whose steps are not right retires, and the start record says why', async () => {
  const { candidate, calls } = rehearsed([
    text('its losses differ', '损失不同'),
    text('so do its weights', '权重也不同'),
  ]);
  const chosen = await chooseExecutor(engineOf('wasm'), { ...silent, rows: [planned(() => candidate), eager] });
  chosen.factory(context, update);
  const told = chosen.rehearse(() => undefined);
  assert.deepEqual([calls, told.graph], [['take', 'retire'], false]);
  assert.deepEqual(
    told.detail,
    text(
      'plain; steps run operation by operation: its losses differ; so do its weights',
      '简单；训练步逐个运算执行：损失不同；权重也不同',
    ),
  );
});

test('one that refuses this run leaves it to the next row', async () => {
  const refuse = (): never => {
    throw new CaptureError('w does not hold float32 numbers', 'w 的类型不是 float32');
  };
  const chosen = await chooseExecutor(engineOf('wasm'), { ...silent, rows: [planned(refuse), eager] });
  assert.equal(chosen.factory(context, update).captured, false);
  const { detail } = chosen.rehearse(() => undefined);
  assert.equal(detail.en, 'plain; steps run operation by operation: w does not hold float32 numbers');
  const broken = [planned(() => assert.fail('a fault')), eager];
  const faulty = await chooseExecutor(engineOf('wasm'), { ...silent, rows: broken });
  assert.throws(() => faulty.factory(context, update), /a fault/);
});

test('refusals are told one by one only once the rehearsal is over', async () => {
  const told: Text[] = [];
  let tell: ((reason: Text) => void) | undefined;
  const rows = [
    planned((options) => {
      tell = options.onRefusal;
      return rehearsed([]).candidate;
    }),
    eager,
  ];
  const chosen = await chooseExecutor(engineOf('wasm'), { onRefusal: (reason) => told.push(reason), rows });
  chosen.factory(context, update);
  tell?.(text('before', '之前'));
  chosen.rehearse(() => tell?.(text('during', '期间')));
  const after = text('after', '之后');
  tell?.(after);
  assert.deepEqual(told, [after]);
});

test('passes of a trained model are those of the first row that can; operation by operation there is nothing to refuse', async () => {
  const inference = await openInference(engineOf('wasm'), model, [], [planned(() => assert.fail('no step')), eager]);
  assert.equal(inference, noInference);
  const cannot = [planned(() => assert.fail('no step'), () => text('it cannot', '不能')), eager]; // prettier-ignore
  const plain = await openInference(engineOf('wasm'), model, [], cannot);
  assert.notEqual(plain, noInference);
  assert.equal(plain.refusal(), undefined);
  plain.dispose();
});
