import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planSummary, sharesOf } from '../../../src/plan/index.ts';
import { fixed, header, planText, specText, squiggles, table } from './helpers.ts';

const image = { type: 'image', from: 'images' };
const pictures = {
  ...header([], { images: [28, 28], label: [], edge: [4], box: [4] }),
};
const article = (layers: readonly object[]): string =>
  specText({
    data: { source: 'boxes.npz', inputs: { image } },
    network: { 特征提取: { input: 'image', layers } },
    tasks: {
      分类: { type: 'classification', target: 'label', classes: 10, input: '特征提取' },
      回归: { type: 'regression', target: 'edge', input: '特征提取' },
      检测: { type: 'box', target: 'box', input: '特征提取' },
    },
    weights: { 分类: 0.5, 回归: 0.3, 检测: 0.2 },
  });
const conv = { type: 'conv2d', filters: 10, kernelSize: 3, activation: 'relu' };
const flatten = { type: 'flatten' };
const dense = { type: 'dense', units: 50, activation: 'relu' };

test("the article's network: shapes and counts", () => {
  const { plan, problems } = planText(article([conv, flatten, dense]), pictures);
  assert.deepEqual(problems, []);
  const block = plan.blocks.get('特征提取');
  assert.deepEqual(
    block?.layers.map((layer) => [layer.outputShape, layer.parameters]),
    [
      [[26, 26, 10], 100],
      [[6760], 0],
      [[50], 338_050],
    ],
  );
  assert.deepEqual(planSummary(plan), {
    parameters: { total: 339_068, shared: 338_150, byTask: { 分类: 510, 回归: 204, 检测: 204 } },
    blocks: { 特征提取: { shape: [50], parameters: 338_150, shared: true } },
  });
  assert.deepEqual([...sharesOf(plan).values()], [0.5, 0.3, 0.2]);
});

test('heads on a map: one problem for all tasks of the block, flatten inserted where it belongs', () => {
  const reading = planText(article([conv, dense]), pictures);
  assert.deepEqual(squiggles(reading), [['head-shape', '"特征提取"']]);
  assert.match(reading.problems[0]?.message.en ?? '', /"分类", "回归", "检测".*\[26, 26, 50\]/);
  const repaired = planText(fixed(reading), pictures);
  assert.deepEqual(repaired.problems, []);
  assert.equal(repaired.plan.parameters.total, 339_068);
  const pooled = planText(fixed(reading, 1), pictures);
  assert.deepEqual(pooled.problems, []);
  assert.equal(pooled.plan.blocks.get('特征提取')?.parameters, 100 + 550);
});

test('a map at the end of a block: flatten is appended', () => {
  assert.deepEqual(planText(fixed(planText(article([conv]), pictures)), pictures).problems, []);
});

test('a window larger than the map names both, and padding mends it', () => {
  const pool = { type: 'maxPooling2d', poolSize: 30 };
  const reading = planText(article([conv, pool, flatten]), pictures);
  assert.deepEqual(squiggles(reading), [['kernel-too-large', '30']]);
  assert.match(reading.problems[0]?.message.en ?? '', /30×30.*26×26.*layer 1 \(conv2d\)/);
  assert.deepEqual(planText(fixed(reading), pictures).problems, []);
});

test('strides and dilation of one convolution: refused under the dilation, and a fix', () => {
  const both = { ...conv, strides: [1, 2], dilationRate: 3 };
  const reading = planText(article([both, flatten]), pictures);
  assert.deepEqual(squiggles(reading), [['strides-and-dilation', '3']]);
  assert.match(reading.problems[0]?.message.en ?? '', /conv2d has strides of 1×2 and a dilationRate of 3×3/);
  assert.match(reading.problems[0]?.message.zh ?? '', /strides 为 1×2，dilationRate 为 3×3/);
  assert.deepEqual(planText(fixed(reading), pictures).problems, []);
  for (const one of [{ strides: 2 }, { dilationRate: 2 }, { strides: 1, dilationRate: [2, 1] }]) {
    assert.deepEqual(planText(article([{ ...conv, ...one }, flatten]), pictures).problems, []);
  }
});

test('a convolution after flatten: which layers, which shapes, and a fix', () => {
  const reading = planText(article([conv, flatten, conv, flatten]), pictures);
  assert.deepEqual(squiggles(reading), [['shape-mismatch', '"conv2d"']]);
  assert.match(reading.problems[0]?.message.en ?? '', /\[6760\].*layer 2 \(flatten\)/);
  assert.deepEqual(planText(fixed(reading), pictures).problems, []);
});

test('flattening twice: the second one goes', () => {
  const reading = planText(article([conv, flatten, flatten, dense]), pictures);
  assert.equal(reading.problems[0]?.code, 'shape-mismatch');
  assert.deepEqual(planText(fixed(reading), pictures).problems, []);
});

test('a slip in an input is one problem with the nearest name, however often it is made', () => {
  const tasks = {
    kind: { type: 'classification', target: 'kind', classes: 3, input: 'trunkk' },
    mass: { type: 'regression', target: 'mass', input: ['trunkk'] },
  };
  const reading = planText(specText({ tasks }), table);
  assert.deepEqual(squiggles(reading), [['unknown-name', '"trunkk"']]);
  assert.deepEqual(planText(fixed(reading), table).problems, []);
  assert.equal(reading.plan.blocks.get('trunk')?.shared, true, 'the picture goes on with what was meant');
});

test('an unknown task behind "task:" and a name like nothing else', () => {
  const tasks = {
    kind: { type: 'classification', target: 'kind', classes: 3, input: 'trunk' },
    mass: { type: 'regression', target: 'mass', input: ['trunk', 'task:knd'] },
  };
  const reading = planText(specText({ tasks }), table);
  assert.deepEqual(squiggles(reading), [['unknown-task', '"task:knd"']]);
  const repaired = planText(fixed(reading), table);
  assert.deepEqual(repaired.problems, []);
  assert.deepEqual(repaired.plan.tasks.get('mass')?.inputShape, [11]);
  const strange = planText(specText({ network: { trunk: { input: 'zzzzzz', layers: [] } } }), table);
  assert.deepEqual(squiggles(strange), [['unknown-name', '"zzzzzz"']]);
  assert.match(strange.problems[0]?.message.en ?? '', /There are: measures/);
  assert.equal(strange.problems[0]?.fixes.length, 0);
});

test('an input and a block of one name', () => {
  const network = { measures: { input: 'measures', layers: [] } };
  const tasks = { mass: { type: 'regression', target: 'mass', input: 'measures' } };
  const { problems } = planText(specText({ network, tasks, weights: {} }), table);
  assert.ok(problems.some((problem) => problem.code === 'name-clash' && problem.pointer === '/network/measures'));
});

test('a cycle is told once, with the whole path', () => {
  const network = {
    a: { input: ['measures', 'c'], layers: [] },
    b: { input: 'a', layers: [] },
    c: { input: 'b', layers: [] },
  };
  const tasks = { mass: { type: 'regression', target: 'mass', input: 'c' } };
  const reading = planText(specText({ network, tasks, weights: {} }), table);
  assert.deepEqual(
    reading.problems.map((problem) => problem.code),
    ['cycle'],
  );
  assert.match(reading.problems[0]?.message.en ?? '', /a → c → b → a/);
});

test('tasks that read each other are a cycle too', () => {
  const tasks = {
    kind: { type: 'classification', target: 'kind', classes: 3, input: ['trunk', 'task:mass'] },
    mass: { type: 'regression', target: 'mass', input: ['trunk', 'task:kind'] },
  };
  const reading = planText(specText({ tasks }), table);
  assert.match(reading.problems[0]?.message.zh ?? '', /task:kind → task:mass → task:kind/);
  assert.equal(reading.problems.length, 1);
});

test('unused inputs and blocks: the end of an idle chain is told, not what feeds it', () => {
  const data = {
    source: 'table.csv',
    inputs: { measures: { type: 'number', from: ['a', 'b'] }, idle: { type: 'number', from: 'c' } },
  };
  const network = {
    trunk: { input: 'measures', layers: [] },
    side: { input: 'trunk', layers: [] },
    end: { input: ['side', 'idle'], layers: [] },
  };
  const reading = planText(specText({ data, network }), table);
  assert.deepEqual(squiggles(reading), [['unused-block', '"end"']]);
  assert.match(reading.problems[0]?.message.en ?? '', /side/);
  assert.equal(reading.problems[0]?.severity, 'warning');
  const unread = planText(specText({ data }), table);
  assert.deepEqual(squiggles(unread), [['unused-input', '"idle"']]);
});

test('columns against the header: nearest name, patterns that fit nothing', () => {
  const data = (from: unknown) => ({ source: 'table.csv', inputs: { measures: { type: 'number', from } } });
  const wrong = planText(specText({ data: data(['a', 'bb', 'c']) }), header(['a', 'bbb', 'c', 'kind', 'mass']));
  assert.deepEqual(squiggles(wrong), [['unknown-column', '"bb"']]);
  const mended = fixed(
    planText(specText({ data: data(['a', 'b', 'idd']) }), header(['a', 'b', 'idx', 'kind', 'mass'])),
  );
  assert.match(mended, /"idx"/);
  const pattern = planText(specText({ data: data(['a', { match: 'q*' }]) }), table);
  assert.deepEqual(
    pattern.problems.map((problem) => [problem.code, problem.pointer]),
    [['pattern-matches-nothing', '/data/inputs/measures/from/1']],
  );
  const target = { kind: { type: 'classification', target: 'knid', classes: 3, input: 'trunk' } };
  assert.deepEqual(squiggles(planText(specText({ tasks: target, weights: {} }), table)), [
    ['unknown-column', '"knid"'],
  ]);
  const except = planText(specText({ data: data({ except: 'id' }) }), table);
  assert.deepEqual(except.problems, []);
  assert.deepEqual(except.plan.inputs.get('measures')?.columns, ['a', 'b', 'c']);
});

test('targets of the wrong width', () => {
  const tasks = { where: { type: 'box', target: ['a', 'b', 'c'], input: 'trunk' } };
  const reading = planText(
    specText({ tasks, weights: {}, data: { source: 't.csv', inputs: { measures: { type: 'number', from: 'id' } } } }),
    table,
  );
  assert.deepEqual(
    reading.problems.map((problem) => problem.code),
    ['target-width'],
  );
  const wide = planText(specText(), header(['a', 'b', 'c', 'mass'], { kind: [3] }));
  assert.deepEqual(squiggles(wide), [['target-width', '"kind"']]);
});

test('a target among the inputs is leakage', () => {
  const data = { source: 'table.csv', inputs: { measures: { type: 'number', from: ['a', 'mass'] } } };
  const reading = planText(specText({ data }), table);
  assert.deepEqual(squiggles(reading), [['target-as-input', '"mass"']]);
  assert.deepEqual(planText(fixed(reading), table).problems, []);
});

test('weights: unknown tasks, all zero, some missing', () => {
  const unknown = planText(specText({ weights: { kind: 0.5, mas: 0.5 } }), table);
  assert.deepEqual(squiggles(unknown), [['unknown-task', '"mas"']]);
  assert.deepEqual(planText(fixed(unknown), table).problems, []);
  assert.deepEqual(squiggles(planText(specText({ weights: { kind: 0, mass: 0 } }), table)), [
    ['weights-all-zero', '"weights"'],
  ]);
  const missing = planText(specText({ weights: { kind: 0.5 } }), table);
  assert.deepEqual(squiggles(missing), [['weight-missing', '"weights"']]);
  assert.equal(missing.problems[0]?.severity, 'warning');
  const repaired = planText(fixed(missing), table);
  assert.deepEqual(repaired.problems, []);
  assert.equal(repaired.plan.tasks.get('mass')?.weight, 1);
  assert.deepEqual(planText(specText({ weights: {} }), table).problems, []);
});

test('monitors that are not measured', () => {
  const training = (monitor: string) => specText({ training: { earlyStopping: { monitor } } });
  const reading = planText(training('validation/mass/rmes'), table);
  assert.deepEqual(squiggles(reading), [['unknown-monitor', '"validation/mass/rmes"']]);
  assert.deepEqual(planText(fixed(reading), table).problems, []);
  for (const monitor of ['validation/skill', 'validation/total', 'validation/kind/loss', 'validation/kind/accuracy']) {
    assert.deepEqual(planText(training(monitor), table).problems, []);
  }
  const difference = planText(training('validation/deltaM'), table);
  assert.deepEqual(squiggles(difference), [['unknown-monitor', '"validation/deltaM"']]);
  assert.match(difference.problems[0]?.message.en ?? '', /does not know the single-task baselines/);
  const mended = fixed(difference);
  assert.match(mended, /"validation\/skill"/);
  assert.deepEqual(planText(mended, table).problems, []);
});

test('early stopping without validation rows', () => {
  const data = {
    source: 'table.csv',
    inputs: { measures: { type: 'number', from: ['a', 'b'] } },
    split: { train: 0.8, validation: 0, test: 0.2 },
  };
  const reading = planText(specText({ data, training: { earlyStopping: { patience: 3 } } }), table);
  assert.deepEqual(squiggles(reading), [['no-validation', '"earlyStopping"']]);
});

test('a frozen block without weights of its own', () => {
  const network = { trunk: { input: 'measures', layers: [{ type: 'dense', units: 4 }], trainable: false } };
  const reading = planText(specText({ network }), table);
  assert.deepEqual(squiggles(reading), [['frozen-noise', 'false']]);
  assert.equal(reading.problems[0]?.severity, 'warning');
});

test('embedding takes indices, and knows the vocabulary once the data are read', () => {
  const data = {
    source: 'table.csv',
    inputs: { code: { type: 'category', encoding: 'index', from: 'a' } },
  };
  const network = {
    trunk: { input: 'code', layers: [{ type: 'embedding', outputDim: 5 }, { type: 'flatten' }] },
  };
  const open = planText(specText({ data, network }), table);
  assert.deepEqual(open.problems, []);
  assert.equal(open.plan.blocks.get('trunk')?.parameters, null);
  const known = planText(specText({ data, network }), { ...table, vocabularies: new Map([['code', 7]]) });
  assert.equal(known.plan.blocks.get('trunk')?.parameters, 35);
  assert.deepEqual(known.plan.blocks.get('trunk')?.outputShape, [5]);
  const wrong = planText(specText({ network: { trunk: { ...network.trunk, input: 'measures' } } }), table);
  assert.deepEqual(squiggles(wrong), [['not-index', '"embedding"']]);
  const quantity = planText(
    specText({ data, network: { trunk: { input: 'code', layers: [{ type: 'dense', units: 2 }] } } }),
    table,
  );
  assert.deepEqual(squiggles(quantity), [['index-as-number', '"code"']]);
});

test('indices may pass through a block on their way to an embedding', () => {
  const data = { source: 'table.csv', inputs: { code: { type: 'category', encoding: 'index', from: ['a', 'b'] } } };
  const embedding = { type: 'embedding', outputDim: 2 };
  const network = { pass: { input: 'code', layers: [] }, trunk: { input: 'pass', layers: [embedding, flatten] } };
  assert.deepEqual(planText(specText({ data, network }), table).problems, []);
  const mixed = {
    source: 'table.csv',
    inputs: { ...data.inputs, measures: { type: 'number', from: 'c' } },
  };
  const both = { trunk: { input: ['measures', 'code'], layers: [dense] } };
  assert.deepEqual(squiggles(planText(specText({ data: mixed, network: both }), table)), [
    ['index-as-number', '"code"'],
  ]);
});

test('what cannot be joined', () => {
  const data = {
    source: 'boxes.npz',
    inputs: { image, label: { type: 'number', from: 'label' } },
  };
  const network = { trunk: { input: ['image', 'label'], layers: [{ type: 'flatten' }] } };
  const tasks = { box: { type: 'box', target: 'box', input: 'trunk' } };
  const reading = planText(specText({ data, network, tasks, weights: {} }), pictures);
  assert.deepEqual(squiggles(reading), [['shape-mismatch', '"label"']]);
  assert.match(reading.problems[0]?.message.en ?? '', /\[28, 28, 1\].*\[1\]/);
});

test('a prediction read by another task is shared, unless the gradient is cut', () => {
  const tasks = (stopGradient: boolean) => ({
    kind: { type: 'classification', target: 'kind', classes: 3, input: 'trunk' },
    mass: {
      type: 'regression',
      target: 'mass',
      input: ['trunk', 'task:kind'],
      ...(stopGradient ? { stopGradient } : {}),
    },
  });
  const joined = planText(specText({ tasks: tasks(false) }), table).plan;
  assert.deepEqual(joined.tasks.get('kind')?.tasks, ['kind', 'mass']);
  assert.equal(joined.parameters.shared, 4 * 8 + 9 * 3);
  const cut = planText(specText({ tasks: tasks(true) }), table, true).plan;
  assert.deepEqual(cut.tasks.get('kind')?.tasks, ['kind']);
  assert.equal(cut.parameters.shared, 4 * 8);
  assert.equal(cut.parameters.byTask.get('kind'), 9 * 3);
  assert.deepEqual(
    cut.order.map((entry) => entry.name),
    ['trunk', 'kind', 'mass'],
  );
});

test('one class in the training rows', () => {
  const tasks = { kind: { type: 'classification', target: 'kind', input: 'trunk' } };
  const facts = { ...table, classes: new Map([['kind', ['only']]]) };
  assert.deepEqual(
    planText(specText({ tasks, weights: {} }), facts).problems.map((problem) => problem.code),
    ['too-few-classes'],
  );
  const open = planText(specText({ tasks, weights: {} }), table);
  assert.deepEqual(open.plan.tasks.get('kind')?.outputShape, [null]);
  assert.equal(open.plan.parameters.total, null);
});

test('class weights for classes that are not there', () => {
  const loss = { type: 'weighted-cross-entropy', classWeights: { USA: 2, Eurpe: 1 } };
  const tasks = {
    kind: { type: 'classification', target: 'kind', classes: ['USA', 'Europe'], input: 'trunk', loss },
  };
  const reading = planText(specText({ tasks, weights: {} }), table);
  assert.deepEqual(squiggles(reading), [['unknown-class', '"Eurpe"']]);
  assert.deepEqual(planText(fixed(reading), table).problems, []);
});

test('without a header nothing is said of columns; without a tree problems have pointers', () => {
  assert.deepEqual(planText(specText()).problems, []);
  assert.deepEqual(planText(specText()).plan.inputs.get('measures')?.shape, [3]);
});

test('a network that no machine could hold is told at its largest layer', () => {
  const huge = (units: number) =>
    planText(specText({ network: { trunk: { input: 'measures', layers: [{ type: 'dense', units }] } } }));
  assert.deepEqual(huge(1_000_000).problems, []);
  const [mistake, ...others] = squiggles(huge(1_000_000_000_000));
  assert.equal(mistake?.[0], 'too-large');
  assert.match(mistake[1], /^\{\s*"type": "dense",\s*"units": 1000000000000\s*\}$/);
  assert.deepEqual(others, []);
});

test('a block that reads itself is one mistake: its inputs are not also unused', () => {
  const reading = planText(specText({ network: { trunk: { input: 'trunk', layers: [{ type: 'dense', units: 2 }] } } }));
  assert.deepEqual(reading.problems.map(({ code }) => code), ['cycle']); // prettier-ignore
});
