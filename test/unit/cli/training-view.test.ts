// Every line that `mtl train` can say, in both languages.
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { setLanguage } from '../../../src/cli/language.ts';
import { numberText, resultLines, seconds, TrainingView } from '../../../src/cli/training-view.ts';
import type { EventRecord, SplitResult, StartEvent } from '../../../src/runs/events.ts';

let seq = 0;
const at = (): { v: 1; seq: number; t: number } => ({ v: 1, seq: seq++, t: 0 });
const names = ['分类', '10'];
const named = <T>(first: T, second: T): Record<string, T> => Object.fromEntries<T>([[names[0] ?? '', first], [names[1] ?? '', second]]); // prettier-ignore
const start = (more: Partial<StartEvent> = {}): EventRecord => ({
  ...at(),
  ...{ kind: 'start', attempt: 1, stepsPerEpoch: 4, epochs: 3, strategy: 'static', seed: 0 },
  engine: { name: 'native', device: 'cpu', detail: 'why', graph: false, threads: 1, deterministic: true },
  tasks: names.map((name, place) => ({ name, type: '', loss: '', metrics: [], primary: place === 0 ? 'f1' : 'mae', higherIsBetter: false })),
  parameters: { total: 77, shared: 0, byTask: {} },
  samples: { train: 8, validation: 4, test: 2, labelled: {} },
  ...more,
}); // prettier-ignore
const step = (number: number, more: object = {}): EventRecord => ({
  ...at(),
  ...{ kind: 'step', step: number, steps: 1, epoch: 2, total: 1.25, objective: 1, penalty: 0, learningRate: 0.1 },
  ...{ stepsPerSecond: 2, weights: named(0.5, 2), losses: named<number | null>(0.75, null) },
  ...more,
}); // prettier-ignore
const result = (loss: number, metric: number | null): SplitResult & { total: number; skill: null } => ({
  losses: named(loss, loss * 2),
  metrics: { [names[0] ?? '']: { f1: metric, auc: 1 }, [names[1] ?? '']: { mae: 5 } },
  ...{ total: loss * 3, skill: null },
});
const epoch = (validation: object | null): EventRecord => ({
  ...{ ...at(), kind: 'epoch', epoch: 2, seconds: 61, train: { losses: named(0.25, 4), metrics: {} }, validation },
}) as EventRecord; // prettier-ignore
const record = (body: object): EventRecord => ({ ...at(), ...body }) as EventRecord;

beforeEach(() => setLanguage('en'));
const inChinese = <T>(work: () => T): T => {
  setLanguage('zh');
  try {
    return work();
  } finally {
    setLanguage('en');
  }
};

describe('plain lines', () => {
  test('the start: engine, samples, parameters; graphs, disk and where it goes on', () => {
    const view = new TrainingView();
    assert.equal(view.startLine(), '');
    assert.equal(
      view.take(start()),
      'Engine native (cpu: why); 8 training, 4 validation, 2 test samples; 77 parameters',
    );
    const engine = { name: 'native', device: 'gpu', detail: 'why', graph: true, threads: 1, deterministic: true };
    const more = { engine, storage: { streamed: true, memory: 512 * 2 ** 20 }, resumedFrom: { step: 5, epoch: 2, seq: 3 } }; // prettier-ignore
    const all = start(more as Partial<StartEvent>);
    const line = view.take(all) ?? '';
    assert.match(line, /^Engine native \(gpu, steps as graphs: why\); .*; data from disk \(512 MB in memory\), resumed at step 5$/); // prettier-ignore
    assert.match(inChinese(() => view.take(all)) ?? '', /^引擎 native（gpu，训练步为计算图：why）；训练 8、验证 4、测试 2 个样本；77 个参数；数据从磁盘读取（内存上限 512 MB），从第 5 步继续$/); // prettier-ignore
    const both = start({ engine: { ...engine, zh: '原因' } });
    assert.match(view.take(both) ?? '', /graphs: why\);/);
    assert.match(inChinese(() => view.take(both)) ?? '', /计算图：原因）；/);
  });

  test('an epoch, with and without validation', () => {
    const view = new TrainingView();
    view.take(start());
    const with_ = epoch(result(0.5, 0.875));
    assert.equal(
      view.take(with_),
      'epoch 2/3  val total 1.5  分类 0.25 (val 0.5, f1 0.875)  10 4 (val 1, mae 5)  1:01',
    );
    assert.equal(view.take(epoch(null)), 'epoch 2/3  分类 0.25  10 4  1:01');
    assert.equal(inChinese(() => view.take(with_)), '轮次 2/3  验证总损失 1.5  分类 0.25（验证 0.5，F1 0.875）  10 4（验证 1，平均绝对误差 5）  1:01'); // prettier-ignore
    assert.equal(new TrainingView().take(epoch(null)), 'epoch 2/?    1:01');
  });

  test('a phase is told once, a state each time, the rest not at all', () => {
    const view = new TrainingView();
    const phase = (name: string, done: number, total: number): EventRecord =>
      record({ kind: 'progress', phase: name, done, total });
    assert.equal(view.take(phase('read', 1, 3)), 'Preparing: reading the data 33 %');
    assert.equal(view.headline(), 'Preparing: reading the data 33 %');
    assert.equal(view.take(phase('read', 2, 3)), null);
    assert.equal(view.headline(), 'Preparing: reading the data 67 %');
    assert.equal(view.take(phase('fitting', 0, 0)), 'Preparing: fitting');
    assert.equal(
      inChinese(() => view.headline()),
      '准备中：fitting',
    );
    assert.equal(inChinese(() => view.take(phase('model', 1, 2))), '准备中：构建模型 50 %'); // prettier-ignore
    const states = ['paused', 'stopping', 'resumed'].map((state) => record({ kind: 'state', state }));
    assert.deepEqual(states.map((one) => view.take(one)), ['paused', 'stopping after a checkpoint', 'going on']); // prettier-ignore
    assert.deepEqual(inChinese(() => states.map((one) => view.take(one))), ['已暂停', '写完检查点后停止', '继续训练']); // prettier-ignore
    const quiet = [step(1), record({ kind: 'best', epoch: 1 }), record({ kind: 'warning', message: 'x' }), record({ kind: 'end', status: 'failed', seconds: 1 })]; // prettier-ignore
    assert.deepEqual(quiet.map((one) => view.take(one)), [null, null, null, null]); // prettier-ignore
  });
});

describe('the live table', () => {
  test('before the start only its headline', () => {
    assert.deepEqual(new TrainingView().table(80), ['Starting…']);
    assert.deepEqual(inChinese(() => new TrainingView().table(80)), ['正在启动…']); // prettier-ignore
  });

  test('weights of the step, else of the spec, else 1; losses of the step, else of the epoch', () => {
    const view = new TrainingView([['分类', 3]]);
    view.take(start());
    assert.deepEqual(view.table(79).map((row) => row.trim().split(/\s{2,}/)), [
      ['training · epoch 0/3 · step 0/12 · 0.0 steps/s · left ? · native cpu'],
      ['task', 'weight', 'train loss', 'val loss', 'metric'],
      ['分类', '3', '–', '–', 'f1 –'],
      ['10', '1', '–', '–', 'mae –'],
      ['total', '–', '–'],
    ]); // prettier-ignore
    view.take(epoch(result(0.5, 0.875)));
    view.take(step(6));
    view.take(record({ kind: 'best', epoch: 2, monitor: 'm', value: 1 }));
    assert.deepEqual(view.table(79).map((row) => row.trim().split(/\s{2,}/)), [
      ['training · epoch 2/3 · step 6/12 · 2.0 steps/s · left 1:31 · native cpu'],
      ['task', 'weight', 'train loss', 'val loss', 'metric'],
      ['分类', '0.5', '0.75', '0.5', 'f1 0.875'],
      ['10', '2', '4', '1', 'mae 5'],
      ['total', '1.25', '1.5', 'best: epoch 2'],
    ]); // prettier-ignore
    const chinese = inChinese(() => view.table(79)).map((row) => row.trim().split(/\s{2,}/));
    assert.deepEqual(chinese[0], ['训练中 · 轮次 2/3 · 步 6/12 · 2.0 步/秒 · 剩余 1:31 · native cpu']);
    assert.deepEqual(chinese[1], ['任务', '权重', '训练损失', '验证损失', '指标']);
    assert.deepEqual(chinese[4], ['总计', '1.25', '1.5', '最佳轮次 2']);
    for (const row of view.table(30)) assert.ok(row.length <= 30);
  });

  test('a resumed run stands where it goes on; a state is said until it is over', () => {
    const view = new TrainingView();
    view.take(start({ resumedFrom: { step: 5, epoch: 2, seq: 3 } }));
    assert.match(view.headline(), /^training · epoch 0\/3 · step 5\/12/);
    view.take(record({ kind: 'state', state: 'paused' }));
    assert.match(view.headline(), /^paused · /);
    view.take(record({ kind: 'state', state: 'resumed' }));
    assert.match(view.headline(), /^training · /);
    view.take(record({ kind: 'state', state: 'stopping' }));
    assert.match(view.headline(), /^stopping after a checkpoint · /);
    view.take(start());
    assert.match(view.headline(), /^training · /);
  });
});

describe('the closing words', () => {
  const closing = (end: object): readonly string[] => {
    const view = new TrainingView();
    view.take(start());
    view.take(record({ kind: 'end', seconds: 3, best: null, ...end }));
    return view.closing();
  };
  const best = { epoch: 2, monitor: 'validation/skill', value: 0.5 };

  test('each ending has its words; without a best epoch it is said which is kept', () => {
    assert.deepEqual(new TrainingView().closing(), []);
    const none = ', no best epoch: the last is kept';
    assert.deepEqual(closing({ status: 'completed' }), [`Completed, 3.0 s${none}`]);
    assert.deepEqual(closing({ status: 'early-stopped' }), [`Stopped early: no more improvement, 3.0 s${none}`]);
    assert.deepEqual(closing({ status: 'stopped' }), ['Stopped after a checkpoint, 3.0 s']);
    assert.deepEqual(closing({ status: 'failed', error: { code: 'x', message: 'No space.' } }), ['Failed, 3.0 s', 'No space.']); // prettier-ignore
    assert.deepEqual(closing({ status: 'completed', best }), ['Completed, 3.0 s, best epoch 2 (validation/skill 0.5)']);
    const words = ['completed', 'early-stopped', 'stopped', 'failed'].map((status) => inChinese(() => closing({ status }))[0]); // prettier-ignore
    const kept = '，无最佳轮次：保留最后一轮';
    assert.deepEqual(words, [`训练完成，3.0 s${kept}`, `提前停止：不再有改进，3.0 s${kept}`, '已在写完检查点后停止，3.0 s', '训练失败，3.0 s']); // prettier-ignore
  });

  test('losses and metrics of the test split, in the order of the tasks', () => {
    const [, ...rest] = closing({ status: 'completed', best, test: result(0.5, null) });
    assert.deepEqual(rest.map((line) => line.trim().split(/\s{2,}/)), [
      ['test'], ['分类', 'loss 0.5', 'f1 –', 'auc 1'], ['10', 'loss 1', 'mae 5'],
    ]); // prettier-ignore
    const chinese = inChinese(() => closing({ status: 'completed', best, test: result(0.5, null) }));
    assert.match(chinese[1] ?? '', /^测试$/);
    assert.match(chinese[2] ?? '', /损失 0\.5/);
  });

  test('a task that a split says nothing of has dashes', () => {
    assert.deepEqual(resultLines('title', [{ task: 'a\u001bb', loss: null, metrics: [] }]), ['title', '  a\\u001bb  loss –']); // prettier-ignore
  });
});

test('numbers: four digits, powers of ten outside 0.001 … 1,000,000', () => {
  const texts = [[0, '0'], [0.001, '0.001'], [0.0009999, '9.999e-4'], [-0.0005, '-5.000e-4'], [123456, '123500'], [999999, '1000000'], [1e6, '1.000e+6'], [undefined, '–'], ['Infinity', 'Infinity']] as const; // prettier-ignore
  for (const [value, text] of texts) assert.equal(numberText(value), text);
});

test('times: seconds, minutes, hours', () => {
  const texts = [[0, '0.0 s'], [59.94, '59.9 s'], [60, '1:00'], [3599, '59:59'], [3600, '1:00:00'], [36_061, '10:01:01'], [-1, '?'], [Infinity, '?']] as const; // prettier-ignore
  for (const [value, text] of texts) assert.equal(seconds(value), text);
});

test('what is left goes by the pace, also of less than a step a second; without one it is not known', () => {
  const left = (stepsPerSecond: number): string => {
    const view = new TrainingView();
    view.take(start());
    view.take(step(4, { stepsPerSecond }));
    return /left (.*?) ·/.exec(view.headline())?.[1] ?? '';
  };
  // 8 of 12 steps are left.
  assert.deepEqual([left(2), left(0.5), left(0)], ['4.0 s', '16.0 s', '?']);
  // Once an epoch has ended by whole epochs, evaluation included: of three epochs two are left.
  const view = new TrainingView();
  view.take(start());
  view.take(step(4, { stepsPerSecond: 100 }));
  view.take(record({ kind: 'epoch', epoch: 1, seconds: 3, train: { losses: {}, metrics: {} }, validation: null }));
  assert.match(view.headline(), /left 6\.0 s ·/);
});

test('a run that goes on has not ended; names of tasks are cut to 40 columns', () => {
  const view = new TrainingView();
  view.take(start());
  view.take(record({ kind: 'end', status: 'stopped', seconds: 65.9 }));
  assert.deepEqual(view.closing(), ['Stopped after a checkpoint, 1:05']);
  view.take(start());
  assert.deepEqual(view.closing(), []);
  const [, line = ''] = resultLines('test', [{ task: 'a'.repeat(41), loss: 1, metrics: [] }]);
  assert.match(line, /^ {2}a{39}… {2}loss 1$/);
});
