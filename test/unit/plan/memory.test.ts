/** Expected numbers are the formulas at the head of src/plan/memory.ts, by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineOn, estimateMemory, heapLimit, judgeMemory, makePlan, type Machine } from '../../../src/plan/index.ts';
import { optimizerMemory, readSpec, type Problem } from '../../../src/spec/index.ts';
import { planText, specText, table } from './helpers.ts';

const GB = 2 ** 30;
const machine: Machine = { total: 64 * GB, available: 48 * GB, native: false };
const dense = (...units: number[]): object => ({
  trunk: { input: 'measures', layers: units.map((one) => ({ type: 'dense', units: one })) },
});

function planOf(parts: Readonly<Record<string, unknown>> = {}) {
  return planText(specText(parts), table).plan;
}

function problemsOn(
  machine: Machine | undefined,
  parts: Readonly<Record<string, unknown>>,
): readonly [Problem, string][] {
  const source = specText(parts);
  const { spec, tree } = readSpec(source);
  assert.ok(spec);
  const { problems } = makePlan(spec, tree, table, machine);
  return problems.map((problem) => [problem, source.slice(problem.range.start, problem.range.end)]);
}

function close(actual: number | undefined, expected: number): void {
  assert.ok(actual !== undefined && Math.abs(actual - expected) < 1, `${String(actual)} is not ${String(expected)}`);
}

// 3 → 8, heads 8 → 3 and 8 → 1: W = 32 + 27 + 9 = 68, P = 32, L = 24, outputs 8 + 3 + 1 = 12, Adam S = 2, U = 3.
test('the embedded engine: weights, gradients, slots, copies, activations', () => {
  const estimate = estimateMemory(planOf(), 'wasm');
  assert.ok(estimate.heap);
  close(estimate.heap.least, 4 * (3 * 68 + 68 + 12 / 2));
  close(estimate.heap.likely, 1.2 * 4 * (3 * 68 + (68 + 5 * 24) + 2 * 256 * 12));
  close(estimate.activations, 1.2 * 4 * 2 * 256 * 12);
  close(estimate.process.least, estimate.heap.least + 4 * 2 * 3 * 68);
  close(estimate.process.likely, estimate.heap.likely + 4 * 11 * 68 + 90 * 2 ** 20);
});

test('the native engine has no limit of its own', () => {
  const estimate = estimateMemory(planOf(), 'native');
  assert.equal(estimate.heap, null);
  close(estimate.process.least, 4 * (9 * 68 + 68 + 12 / 2));
  close(estimate.process.likely, 4 * ((8 + 21) * 68 + 4 * 2 * 32 + 2 * 2 * 256 * 12) + 500 * 2 ** 20);
});

test('batches are no larger than the training split, and count once they are large', () => {
  const plan = planOf({ training: { batchSize: 1000, optimizer: 'sgd' } });
  const [all, few] = [estimateMemory(plan, 'native'), estimateMemory(plan, 'native', 100)];
  close(all.activations, 4 * 6 * 1000 * 12);
  close(few.activations, 4 * 6 * 100 * 12);
  close(all.process.least, 4 * (3 * 68 + 68 + 12 / 2));
  close(few.process.least, 4 * (3 * 68 + 68 + (100 * 12) / 2));
});

test('strategies on gradients hold a row of the shared parameters for each task, some keep vectors', () => {
  const likely = (strategy: unknown, engine: 'wasm' | 'native' = 'native'): number =>
    estimateMemory(planOf({ strategy, weights: {}, training: { batchSize: 1 } }), engine, 1).process.likely;
  const plain = likely('static');
  close(likely('pcgrad') - plain, 4 * 4 * 2 * 32);
  close(likely({ name: 'cr-mogm', of: 'pcgrad' }) - plain, 4 * 4 * 2 * 32);
  close(likely('moco') - likely('pcgrad'), 4 * 4 * 32);
  close(likely('db-mtl') - likely('pcgrad'), 4 * 4 * 32);
  close(likely({ name: 'config', momentum: true }) - likely('config'), 4 * 4 * 32);
  close(likely('modo') - likely('pcgrad'), 4 * 8 * 2 * 32);
  // W + 5L = 188 against 2 (2P + W + L) = 312.
  close(likely('pcgrad', 'wasm') - likely('static', 'wasm'), 1.2 * 4 * 124);
});

test('parts of a shared block count each for itself, and what only hands on does not', () => {
  const parts = (sharing: object, layers: object[]): number =>
    estimateMemory(planOf({ network: { trunk: { input: 'measures', sharing, layers } } }), 'wasm', 1).heap?.least ??
    NaN;
  const layers = [{ type: 'dense', units: 8 }];
  // Two columns of 32 weights; W = 100, outputs 8 + 8 + 3 + 1.
  close(parts({ type: 'soft' }, layers), 4 * (4 * 100 + 20 / 2));
  const map = { network: { trunk: { input: 'x', layers: [{ type: 'flatten' }] } } };
  const images = { data: { source: 't.npz', inputs: { x: { type: 'image', from: 'x' } } } };
  const facts = { columns: new Map([...table.columns, ['x', { shape: [4, 4, 1], dtype: 'uint8' }] as const]) };
  const { plan } = planText(specText({ ...map, ...images }), facts);
  // Heads 16 → 3 and 16 → 1: 68 weights, outputs 3 + 1.
  close(estimateMemory(plan, 'wasm', 1).heap?.least, 4 * (4 * 68 + 4 / 2));
});

test('sizes that only the data can tell count as nothing', () => {
  const tasks = {
    kind: { type: 'classification', target: 'kind', input: 'trunk' },
    mass: { type: 'regression', target: 'mass', input: 'trunk' },
  };
  // Trunk 32 and the head 8 → 1: 41 weights, outputs 8 + 1.
  close(estimateMemory(planOf({ tasks }), 'wasm').heap?.least, 4 * (4 * 41 + 9 / 2));
});

test('the engine is what was asked for, then the spec’s, then what auto takes here', () => {
  const [auto, wasm] = [planOf(), planOf({ training: { engine: 'wasm' } })];
  assert.equal(engineOn(auto, machine), 'wasm');
  assert.equal(engineOn(auto, { ...machine, native: true }), 'native');
  assert.equal(engineOn(wasm, { ...machine, native: true }), 'wasm');
  assert.equal(engineOn(wasm, { ...machine, engine: 'native' }), 'native');
  assert.equal(engineOn(wasm, { ...machine, native: true, engine: 'auto' }), 'wasm');
});

test('only what is certain is beyond; near begins at 85 % of what there is', () => {
  const of = (heap: [number, number] | null, [least, likely]: [number, number]) => ({
    ...{ engine: 'wasm' as const, activations: 0, process: { least, likely } },
    heap: heap === null ? null : { least: heap[0], likely: heap[1] },
  });
  const here = { total: 10 * GB, available: 4 * GB, native: false };
  assert.equal(judgeMemory(of([heapLimit, 3 * GB], [0, 3 * GB]), here), 'fits');
  assert.equal(judgeMemory(of([heapLimit + 1, 3 * GB], [0, 3 * GB]), here), 'beyond-engine');
  assert.equal(judgeMemory(of(null, [10 * GB, 3 * GB]), here), 'fits');
  assert.equal(judgeMemory(of(null, [10 * GB + 1, 3 * GB]), here), 'beyond-machine');
  assert.equal(judgeMemory(of(null, [0, 0.86 * 4 * GB]), here), 'near');
  assert.equal(judgeMemory(of([0, 0.86 * 4 * GB], [0, 2 * GB]), here), 'near');
  assert.equal(judgeMemory(of([0, 0.84 * 4 * GB], [0, 3.3 * GB]), here), 'fits');
  // A small training is not remarked on, however full the machine is.
  assert.equal(judgeMemory(of(null, [0, GB]), { ...here, available: 1 }), 'fits');
});

test('check tells it at the largest layer, with what to change', () => {
  const near = problemsOn(machine, { network: dense(9500, 9500) });
  assert.deepEqual(near.map(([{ code, severity }]) => [code, severity]), [['memory-near', 'warning']]); // prettier-ignore
  const [first, under] = near[0] ?? assert.fail();
  assert.match(under, /"units": 9500/);
  assert.equal(first.pointer, '/network/trunk/layers/1');
  assert.match(
    first.message.en,
    /^This run may take about 3\.\d GB in the embedded engine, which can hold 4 GB\. Make the layers smaller \(90259500 of \d+ parameters are here\), lower batchSize, take the optimizer "sgd" or take the native engine/,
  );
  assert.match(
    first.message.zh,
    /内置引擎.*4 GB。请缩小各层（\d+ 个参数中此处占 90259500 个）、减小 batchSize.*“mtl runtime install”/,
  );
  assert.deepEqual(problemsOn(undefined, { network: dense(9500, 9500) }), []);
  assert.deepEqual(problemsOn({ ...machine, native: true }, { network: dense(9500, 9500) }), []);
});

test('what cannot fit is an error where the spec names the engine, otherwise a warning: another machine may hold it', () => {
  const network = dense(17_000, 17_000);
  const told = (machine: Machine, training: object): unknown =>
    problemsOn(machine, { network, training }).map(([{ code, severity, message }]) => [
      ...[code, severity],
      /at least ([\d.]+ GB).*?((?:hold|has) [\d.]+ GB)/.exec(message.en)?.slice(1),
    ]);
  // (3 + 1) · 4 · 289 million bytes are 4.3 GB.
  const engine = ['4.3 GB', 'hold 4 GB'];
  assert.deepEqual(told(machine, { engine: 'wasm' }), [['memory', 'error', engine]]);
  assert.deepEqual(told(machine, {}), [['memory', 'warning', engine]]);
  const small = { ...machine, native: true, total: 8 * GB };
  assert.deepEqual(told(small, {}), [['memory', 'warning', ['11 GB', 'has 8 GB']]]);
  assert.deepEqual(told(small, { engine: 'native' }), [['memory', 'warning', ['11 GB', 'has 8 GB']]]);
});

test('where the batch is what takes it, that is said first, and stands there', () => {
  const tight = { ...machine, available: 2 * GB };
  const [[problem, under] = assert.fail(), ...others] = problemsOn(tight, {
    network: dense(2000),
    training: { batchSize: 65_536, optimizer: 'sgd' },
  });
  assert.deepEqual(others, []);
  assert.deepEqual([problem.code, problem.pointer, under], ['memory-near', '/training/batchSize', '65536']);
  assert.match(
    problem.message.en,
    /about 1\.\d GB of memory, and 2 GB are free here\. Lower batchSize or make the layers/,
  );
  assert.match(problem.message.zh, /约 1\.\d GB 内存，而本机可用 2 GB。请减小 batchSize、缩小各层/);
});

test('WebAssembly addresses 4 GB, less one page', () => {
  assert.equal(heapLimit, 4_294_967_296 - 65_536);
});

// Slots are the tensors that an optimizer keeps for a variable: none, velocity, or first and second moment.
test('what each optimizer keeps and what an update makes', () => {
  const of = (optimizer: unknown): unknown => {
    const { slots, scratch } = optimizerMemory(planOf({ training: { optimizer } }).spec.training.optimizer);
    return [slots, scratch];
  };
  const rows: Readonly<Record<string, readonly [number, number]>> = {
    ...{ sgd: [0, 2], momentum: [1, 4], nesterov: [1, 6], adam: [2, 3], adamw: [2, 3], adamax: [2, 11] },
    ...{ adagrad: [1, 7], adadelta: [2, 16], rmsprop: [1, 9] },
  };
  for (const [name, row] of Object.entries(rows)) assert.deepEqual(of(name), row, name);
  assert.deepEqual(of({ name: 'rmsprop', momentum: 0.9 }), [2, 11]);
  assert.deepEqual(of({ name: 'rmsprop', centered: true }), [2, 15]);
  assert.deepEqual(of({ name: 'rmsprop', momentum: 0.9, centered: true }), [3, 17]);
});

test('a run counts as near just above its share, of memory or of the engine, and above one GB', () => {
  const verdict = (heap: number | null, likely: number, available: number): string =>
    judgeMemory(
      {
        ...{ engine: 'wasm', activations: 0, process: { least: 0, likely } },
        heap: heap === null ? null : { least: 0, likely: heap },
      },
      { total: 99 * GB, available, native: false },
    );
  const [share, engine] = [0.85 * 4 * GB, 0.85 * heapLimit];
  assert.equal(verdict(null, share, 4 * GB), 'fits');
  assert.equal(verdict(null, share + 1, 4 * GB), 'near');
  assert.equal(verdict(engine, 2 * GB, 4 * GB), 'fits');
  assert.equal(verdict(engine + 1, 2 * GB, 4 * GB), 'near');
  assert.equal(verdict(engine + 1, GB, 4 * GB), 'fits');
  assert.equal(verdict(engine + 1, GB + 1, 4 * GB), 'near');
  assert.equal(verdict(null, GB, 1), 'fits');
  assert.equal(verdict(null, GB + 1, 1), 'near');
});

test('rows of task gradients: none for one task, twice as many for strategies on two batches, none for representations', () => {
  const likely = (parts: Readonly<Record<string, unknown>>, engine: 'wasm' | 'native' = 'native'): number =>
    estimateMemory(planOf({ training: { batchSize: 1 }, weights: {}, ...parts }), engine, 1).process.likely;
  const P = 32;
  const strategies: readonly (readonly [unknown, number, number])[] = [
    // Rows and kept vectors, in rows of shared parameters; copies are 8 where rows are combined, else 4.
    ['static', 4 * 2, 0],
    ['upgrad', 8 * 2, 0],
    ...['moco', 'db-mtl', 'excess-mtl', 'adatask'].map((name) => [name, 8 * 2, 4] as const),
    ...['modo', 'sdmgrad'].map((name) => [name, 8 * 4, 0] as const),
    ...['moml', 'auto-lambda', 'forum'].map((name) => [name, 4 * 4, 0] as const),
    [{ name: 'mgda', over: 'representation' }, 4 * 2, 0],
    [{ name: 'mgda', over: 'shared' }, 8 * 2, 0],
    [{ name: 'config', momentum: false }, 8 * 2, 0],
    [{ name: 'cr-mogm', of: { name: 'config', momentum: true } }, 8 * 2, 4],
  ];
  // 8 W + 7 (1 + S) W with Adam, 6 · 12 activations: W = 68.
  const rest = 4 * ((8 + 21) * 68 + 6 * 12) + 500 * 2 ** 20;
  for (const [strategy, rows, kept] of strategies) close(likely({ strategy }), rest + 4 * (rows + kept) * P);
  const alone = { tasks: { mass: { type: 'regression', target: 'mass', input: 'trunk' } } };
  // 3 → 8 and 8 → 1: W = 41, outputs 9; nothing is shared.
  close(likely({ ...alone, strategy: 'static' }), 4 * (29 * 41 + 6 * 9) + 500 * 2 ** 20);
});

test('the embedded engine where rows are combined: the larger of rows beside an update, and rows weighed', () => {
  const heap = (units: number, optimizer: string): number =>
    estimateMemory(
      planOf({ network: dense(units), strategy: 'upgrad', weights: {}, training: { batchSize: 1, optimizer } }),
      'wasm',
      1,
    ).heap?.likely ?? NaN;
  // units 8: W = 68, P = 32, L = 24, A = 12: 2 P + W + 2 L + U L against 2 (2 P + W + L) = 312.
  close(heap(8, 'sgd'), 1.2 * 4 * (68 + 312 + 3 * 12));
  // Adadelta, U = 16: 64 + 68 + 18 · 24 = 564; S = 2.
  close(heap(8, 'adadelta'), 1.2 * 4 * (3 * 68 + 564 + 3 * 12));
});

test('without shared rows the embedded engine takes the larger of an update and the rows that are measured', () => {
  const heap = (optimizer: string): number =>
    estimateMemory(planOf({ training: { batchSize: 1, optimizer }, weights: {} }), 'wasm', 1).heap?.likely ?? NaN;
  // SGD: W + 4 L = 164 against R P + W = 132. Nothing is kept.
  close(heap('sgd'), 1.2 * 4 * (68 + 164 + 3 * 12));
});
