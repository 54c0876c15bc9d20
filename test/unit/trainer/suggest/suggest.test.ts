/** Suggestions against closed forms on data whose answer is known (conventions 5). */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { EventInput } from '../../../../src/runs/events.ts';
import { encodeRecord } from '../../../../src/runs/records.ts';
import { readSpec, resolveStrategy } from '../../../../src/spec/index.ts';
import { factNeeds, strategyFacts } from '../../../../src/trainer/baselines/facts.ts';
import { planFor } from '../../../../src/trainer/prepare/prepare.ts';
import { loadDataset } from '../../../../src/samples/dataset.ts';
import { generator } from '../../../../src/numbers/random.ts';
import { suggest, type SuggestRequest } from '../../../../src/trainer/suggest/suggest.ts';
import type { Suggestion } from '../../../../src/trainer/suggest/suggestion.ts';
import { countClasses, createTasks } from '../../../../src/trainer/tasks/facts.ts';
import { createStrategy } from '../../../golden/runner/strategies.ts';
import { assetsDirectory } from '../../engine/support.ts';
import { startBody } from '../../runs/helpers.ts';

/** `line` is linear in the inputs, `noise` has nothing to do with them, `kind` is 3 to 1 by chance, `rare` is half labeled. */
function rowsOf(count: number) {
  const random = generator(5, 6, 7, 8);
  return Array.from({ length: count }, (_, row) => {
    const [a, b] = [random.normal(), random.normal()];
    return {
      ...{ a, b, line: 2 * a - b + 3, noise: random.normal(), kind: row % 4 === 0 ? 'x' : 'y' },
      rare: row % 2 === 0 ? random.normal() : '',
      part: 'train',
    };
  });
}

function csvOf(rows: readonly Readonly<Record<string, string | number>>[]): string {
  return `${[Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))].map((cells) => cells.join(',')).join('\n')}\n`;
}

const tasks = {
  line: { type: 'regression', target: 'line', input: 'trunk' },
  noise: { type: 'regression', target: 'noise', input: 'trunk' },
  kind: { type: 'classification', target: 'kind', input: 'trunk' },
  rare: { type: 'regression', target: 'rare', input: 'trunk' },
};

function setUp(context: TestContext, changes: object = {}) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-suggest-'));
  context.after(() => fs.rmSync(directory, { recursive: true, force: true }));
  fs.writeFileSync(path.join(directory, 'data.csv'), csvOf(rowsOf(200)));
  const written = {
    data: { source: 'data.csv', inputs: { x: { type: 'number', from: ['a', 'b'] } }, split: { column: 'part' } },
    network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 2 }] } },
    tasks,
    ...changes,
  };
  const { spec, problems } = readSpec(JSON.stringify(written));
  assert.ok(spec, JSON.stringify(problems));
  const place = { specFile: path.join(directory, 's.mtl.json'), root: directory, allowOutside: false };
  const ask = async (request: Partial<SuggestRequest>) => {
    const [found] = await suggest(spec, place, { run: null, assetsDirectory, ...request });
    assert.ok(found);
    return found;
  };
  return { directory, spec, place, ask };
}

async function suggested(found: Promise<Awaited<ReturnType<typeof suggest>>[number]>): Promise<Suggestion> {
  const result = await found;
  assert.ok(!('refused' in result), JSON.stringify(result));
  return result;
}

const weightsOf = ({ details }: Suggestion) => Object.fromEntries(details.map(({ task, weight }) => [task, weight]));
const entropy = -(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75));
const near = (actual: number | undefined, expected: number, tolerance = 1e-6): void =>
  assert.ok(Math.abs((actual ?? NaN) - expected) <= tolerance, `${String(actual)} for ${expected}`);

test('by data: n^p', async (context) => {
  const { ask } = setUp(context);
  // n = 200, 200, 200, 100
  assert.deepEqual(weightsOf(await suggested(ask({ by: 'data' }))), {
    line: 1.15,
    noise: 1.14,
    kind: 1.14,
    rare: 0.57,
  });
  // √2 to 1
  const softened = await suggested(ask({ by: 'data', power: 0.5 }));
  assert.deepEqual(weightsOf(softened), { line: 1.08, noise: 1.08, kind: 1.08, rare: 0.76 });
  assert.equal(softened.details[3]?.numbers.get('samples'), 100);
});

test('by data is refused with batch-mean', async (context) => {
  const { ask } = setUp(context, { training: { reduction: 'batch-mean' } });
  const refused = await ask({ by: 'data' });
  assert.ok('refused' in refused);
  assert.match(
    refused.refused.en,
    /^With "reduction": "batch-mean" every label counts the same already.*another method\.$/,
  );
  assert.match(refused.refused.zh, /^"reduction": "batch-mean" 已使.*请改用 "labelled-mean"，或换用其他方法。$/);
});

test('by initial loss: 1/L⁰, the variance 1 of a normalized target and the entropy of a class', async (context) => {
  const { ask } = setUp(context);
  const found = await suggested(ask({ by: 'initial-loss' }));
  near(found.details[0]?.numbers.get('constantLoss'), 1);
  near(found.details[2]?.numbers.get('constantLoss'), entropy);
  const total = 3 + 1 / entropy;
  near(weightsOf(found)['kind'], 4 / entropy / total, 0.006);
  near(weightsOf(found)['line'], 4 / total, 0.006);
  assert.match(found.details[0]?.text.en ?? '', /L⁰ = 1 → /);
});

test('by initial loss of the first batches: means of losses at initialization', async (context) => {
  const { ask } = setUp(context, { training: { engine: 'wasm', batchSize: 50 } });
  const found = await suggested(ask({ by: 'initial-loss', batches: 20 }));
  const losses = found.details.map(({ numbers }) => numbers.get('initialLoss') ?? NaN);
  // 20 batches are asked for and 4 are there: all rows once.
  assert.ok(
    losses.every((loss) => loss > 0.3 && loss < 10),
    String(losses),
  );
  const inverse = losses.map((loss) => 1 / loss);
  const sum = inverse.reduce((total, value) => total + value, 0);
  found.details.forEach(({ weight }, index) => near(weight, (4 * (inverse[index] ?? 0)) / sum, 0.011));
});

test('by complexity: what a line explains counts least, what nothing explains counts whole', async (context) => {
  const { ask } = setUp(context);
  const found = await suggested(ask({ by: 'complexity' }));
  const difficulty = found.details.map(({ numbers }) => numbers.get('difficulty') ?? NaN);
  assert.equal(difficulty[0], 0.05);
  for (const value of difficulty.slice(1)) assert.ok(value > 0.97 && value <= 1, String(difficulty));
  const shares = found.details.map(
    ({ numbers }) => (numbers.get('difficulty') ?? 0) / (numbers.get('constantLoss') ?? 0),
  );
  const sum = shares.reduce((total, value) => total + value, 0);
  found.details.forEach(({ weight }, index) => near(weight, (4 * (shares[index] ?? 0)) / sum, 0.011));
});

test('by complexity: labels of every loss', async (context) => {
  const changed = {
    ...tasks,
    noise: { ...tasks.noise, loss: { type: 'quantile', quantiles: [0.1, 0.9] } },
    kind: { ...tasks.kind, loss: 'focal' },
    rare: { ...tasks.rare, loss: 'huber' },
  };
  const { ask } = setUp(context, { tasks: changed });
  const found = await suggested(ask({ by: 'complexity' }));
  for (const { numbers } of found.details.slice(1)) {
    const ratio = (numbers.get('linearLoss') ?? NaN) / (numbers.get('constantLoss') ?? NaN);
    assert.ok(ratio > 0.95 && ratio < 1.1, String(ratio));
  }
});

test('by complexity: too few labels for a linear model count as a task that none explains, and it is said', async (context) => {
  const { ask } = setUp(context, {
    tasks: { ...tasks, rare: { ...tasks.rare, when: { column: 'kind', equals: 'none' } } },
  });
  const refused = await ask({ by: 'complexity' });
  assert.ok('refused' in refused);
  assert.match(
    refused.refused.en,
    /"rare" has no label in the training split, so its L⁰ is not known\. Give it labels\.$/,
  );
  assert.match(refused.refused.zh, /^任务“rare”在训练集中没有标签，L⁰ 未知。请补充标签。$/);
  const uncounted = await ask({ by: 'data' });
  assert.ok('refused' in uncounted);
  assert.match(
    uncounted.refused.en,
    /"rare" has no label in the training split, so no weight can be made of their number/,
  );
  assert.match(uncounted.refused.zh, /^任务“rare”在训练集中没有标签，无法据此确定权重。/);
  const few = setUp(context, {
    data: {
      source: 'data.csv',
      inputs: { x: { type: 'number', from: ['a', 'b'] } },
      split: { train: 0.04, validation: 0.48, test: 0.48 },
    },
  });
  const found = await suggested(few.ask({ by: 'complexity' }));
  assert.equal(found.details[3]?.numbers.get('difficulty'), 1);
  assert.match(found.warnings.map(({ en }) => en).join(' '), /"rare": no linear model/);
  const data = await loadDataset(few.spec, few.place);
  const plan = planFor(few.spec, data);
  const made = createTasks(plan, data.preparation, countClasses(data.preparation, data.splits.train));
  const facts = strategyFacts(
    { spec: few.spec, plan, tasks: made, data },
    new Set(['samples', 'constantLoss', 'linearLoss'] as const),
  );
  assert.equal(facts['rare']?.assumed, true);
  assert.equal(facts['rare'].linearLoss, facts['rare'].constantLoss);
});

test('by performance: without a run it says what to do; with one it follows the paper', async (context) => {
  const { ask, directory } = setUp(context);
  const refused = await ask({ by: 'performance' });
  assert.ok('refused' in refused);
  assert.match(refused.refused.en, /mtl train/);
  const run = path.join(directory, 'run');
  fs.mkdirSync(run);
  const start = {
    ...startBody(1),
    tasks: Object.entries(tasks).map(([name, { type }]) => ({
      ...{ name, type, loss: 'any', metrics: [], higherIsBetter: type === 'classification' },
      primary: type === 'classification' ? 'accuracy' : 'mae',
    })),
  };
  const epoch = (number: number, loss: number, accuracy: number) => ({
    kind: 'epoch',
    epoch: number,
    train: {
      losses: { line: loss, noise: 1, kind: 0.5, rare: 2 },
      metrics: { line: { mae: 1 }, noise: { mae: 1 }, kind: { accuracy }, rare: { mae: 1 } },
    },
    validation: null,
    seconds: 1,
  });
  const records = [start, epoch(1, 0.8, 0.5), epoch(2, 0.3, 0.9)];
  const lines = records.map((record, seq) => encodeRecord(seq, seq, record as EventInput));
  fs.writeFileSync(path.join(run, 'events.ndjson'), `${lines.join('\n')}\n`);
  const found = await suggested(ask({ by: 'performance', run }));
  const running = found.details.map(({ numbers }) => numbers.get('running') ?? NaN);
  // κ = 1 − L/L⁰ with L⁰ = 1: .2 then .7; 1 − 1 and 1 − 2 are kept at .01; accuracy .5 then .9.
  const expected = [0.1 * 0.7 + 0.9 * 0.2, 0.01, 0.1 * 0.9 + 0.9 * 0.5, 0.01];
  expected.forEach((value, index) => near(running[index], value));
  const focal = expected.map((mean) => -(1 - mean) * Math.log(mean));
  const sum = focal.reduce((total, value) => total + value, 0);
  found.details.forEach(({ weight }, index) => near(weight, (4 * (focal[index] ?? 0)) / sum, 0.011));
});

test('a strategy gets the same facts', async (context) => {
  const { spec, place, ask } = setUp(context);
  const data = await loadDataset(spec, place);
  const plan = planFor(spec, data);
  const made = createTasks(plan, data.preparation, countClasses(data.preparation, data.splits.train));
  const source = { spec, plan, tasks: made, data };
  for (const [name, by] of [
    ['complexity', 'complexity'],
    ['data-size', 'data'],
    ['initial-loss', 'initial-loss'],
  ] as const) {
    const wanted = factNeeds(resolveStrategy(name));
    const facts = strategyFacts(source, wanted);
    const names = made.map((task) => task.name);
    const strategy = createStrategy(name, { parameters: {}, tasks: names, facts });
    const ones = names.map(() => 1);
    const { weights } = strategy.weigh({ step: 0, tasks: names, losses: ones, weights: ones }, strategy.initialState);
    const found = await suggested(ask({ by }));
    found.details.forEach(({ weight }, index) => near(weight, weights[index] ?? NaN, 0.011));
  }
  assert.deepEqual([...factNeeds(spec.strategy)], []);
});

test('formulas and numbers are told, so that the arithmetic can be checked by hand; in both languages', async (context) => {
  const { ask } = setUp(context);
  const found = await suggested(ask({ by: 'complexity' }));
  assert.equal(found.formula, 'w ∝ d/L⁰, d = clip(L^lin/L⁰, .05, 1)');
  const [line, noise, kind] = found.details;
  assert.match(
    line?.text.en ?? '',
    /^L⁰ = 1, L\^lin = \S+ \(ridge regression, 200 rows, 5 folds\), d = 0\.05 → [\d.]+$/,
  );
  assert.match(line?.text.zh ?? '', /^L⁰ = 1，L\^lin = \S+（岭回归，200 行，5 折），d = 0\.05 → [\d.]+$/);
  assert.match(kind?.text.en ?? '', /\(logistic regression, 200 rows, 5 folds\)/);
  assert.match(kind?.text.zh ?? '', /（逻辑回归，200 行，5 折）/);
  assert.deepEqual(line?.numbers.get('rows'), 200);
  assert.ok((line.numbers.get('penalty') ?? 0) > 0);
  // No linear model of noise does better than its mean.
  near(noise?.numbers.get('difficulty'), Math.min(1, (noise?.numbers.get('linearLoss') ?? NaN) / (noise?.numbers.get('constantLoss') ?? NaN))); // prettier-ignore
  assert.equal((await suggested(ask({ by: 'initial-loss' }))).formula, 'w ∝ 1/L⁰');
  const data = await suggested(ask({ by: 'data', power: 2 }));
  assert.equal(data.formula, 'w ∝ n^2');
  assert.match(data.details[3]?.text.en ?? '', /^n = 100 labeled training rows → /);
  assert.match(data.details[3]?.text.zh ?? '', /^n = 100 个有标签的训练行 → /);
});
