// What does not fit together: where it is told, in which words, and what each fix makes of it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fixed, header, planText, specText, squiggles, type Reading } from '../helpers.ts';

const facts = header(['kind', 'mass', 'n'], { images: [8, 8], signal: [8], boxes: [4], masks: [8, 8] });
const image = { type: 'image', from: 'images' };
const inputs = { image, n: { type: 'number', from: 'n' } };
const conv = { type: 'conv2d', filters: 4, kernelSize: 3 };
const dense = { type: 'dense', units: 5 };
const flatten = { type: 'flatten' };
const kind = (input: unknown, more: object = {}): object => ({
  ...{ type: 'classification', target: 'kind', classes: 3, input },
  ...more,
});
const mass = (input: unknown, more: object = {}): object => ({ type: 'regression', target: 'mass', input, ...more });

const read = (network: object, tasks: object, data: object = { image }): Reading =>
  planText(specText({ data: { source: 't.npz', inputs: data }, network, tasks, weights: {} }), facts, true);
const told = ({ problems }: Reading): string[] => problems.map(({ code, pointer }) => `${code} ${pointer}`);
const texts = ({ problems }: Reading): readonly [string, string] => [
  problems[0]?.message.en ?? '',
  problems[0]?.message.zh ?? '',
];
const trunkOf = (text: string): unknown =>
  (JSON.parse(text) as { network: { trunk: { layers: unknown } } }).network.trunk.layers;

describe('heads', () => {
  test('that want a vector get one where the block ends, or before its first dense layer on a map', () => {
    const reading = read({ trunk: { input: 'image', layers: [conv] } }, { kind: kind('trunk') });
    assert.deepEqual(told(reading), ['head-shape /tasks/kind/input']);
    assert.deepEqual(squiggles(reading), [['head-shape', '"trunk"']]);
    assert.equal(
      texts(reading)[0],
      'The head of "kind" takes a vector, but gets the map [6, 6, 4] from "trunk". Insert a flatten or a globalAveragePooling2d layer in "trunk".',
    );
    assert.match(
      texts(reading)[1],
      /“kind” 的任务头需要向量，但从 “trunk” 得到特征图 \[6, 6, 4\]。请在 “trunk” 中插入 flatten 或 globalAveragePooling2d/,
    );
    assert.deepEqual(trunkOf(fixed(reading)), [conv, flatten]);
    assert.deepEqual(trunkOf(fixed(reading, 1)), [conv, { type: 'globalAveragePooling2d' }]);
    const before = read({ trunk: { input: 'image', layers: [conv, dense, dense] } }, { kind: kind('trunk') });
    assert.deepEqual(trunkOf(fixed(before)), [conv, flatten, dense, dense]);
    const flat = read({ trunk: { input: 'image', layers: [conv, flatten, dense] } }, { kind: kind('trunk') });
    assert.deepEqual(told(flat), []);
  });

  test('on a sequence are offered pooling along it', () => {
    const layers = [{ type: 'reshape', targetShape: [8, 8] }];
    const reading = read({ trunk: { input: 'image', layers } }, { kind: kind('trunk') });
    assert.match(texts(reading)[0], /gets the sequence \[8, 8\] from "trunk".*flatten or a globalAveragePooling1d/);
    assert.match(texts(reading)[1], /得到序列 \[8, 8\]/);
    assert.deepEqual(trunkOf(fixed(reading, 1)), [...layers, { type: 'globalAveragePooling1d' }]);
    const four = read({ trunk: { input: 'image', layers: [{ type: 'reshape', targetShape: [2, 2, 4, 4] }] } }, { kind: kind('trunk') }); // prettier-ignore
    assert.deepEqual(four.problems[0]?.fixes.map(({ title }) => title.en), ['Insert flatten']); // prettier-ignore
  });

  test('of several tasks on one block are one problem, mended in the block', () => {
    const network = { trunk: { input: 'image', layers: [conv] } };
    const reading = read(network, { kind: kind('trunk'), mass: mass('trunk') });
    assert.deepEqual(told(reading), ['head-shape /tasks/kind/input']);
    assert.match(texts(reading)[0], /^The head of "kind", "mass" takes a vector/);
    assert.deepEqual(told(planText(fixed(reading), facts)), []);
  });

  test('of a block that serves a map, too, are mended in their tasks', () => {
    const network = { trunk: { input: 'image', layers: [conv] }, other: { input: 'trunk', layers: [conv, flatten] } };
    const reading = read(network, { kind: kind('trunk'), mass: mass('other') });
    assert.deepEqual(told(reading), ['head-shape /tasks/kind/input']);
    const mended = fixed(reading);
    assert.deepEqual((JSON.parse(mended) as { tasks: { kind: { layers: unknown } } }).tasks.kind.layers, [flatten]);
    assert.deepEqual(told(planText(mended, facts)), []);
  });

  test('of tasks with layers of their own, or several sources, are told one by one and mended there', () => {
    const network = { trunk: { input: 'image', layers: [conv] } };
    const own = { layers: [conv, dense] };
    const reading = read(network, { kind: kind('trunk', own), mass: mass(['trunk', 'trunk'], { layers: [conv] }) });
    assert.deepEqual(told(reading), ['head-shape /tasks/kind/input', 'head-shape /tasks/mass/input']);
    assert.match(texts(reading)[0], /^The head of "kind" takes a vector, .* layer in "kind"\.$/);
    const alone = read(network, { kind: kind('trunk', own) });
    const tasks = (text: string): unknown => (JSON.parse(text) as { tasks: { kind: { layers: unknown } } }).tasks.kind.layers; // prettier-ignore
    assert.deepEqual(tasks(fixed(alone)), [conv, flatten, dense]);
    assert.deepEqual(told(planText(fixed(alone), facts)), []);
  });

  test('that want a map say so, without a fix', () => {
    const segmentation = { type: 'segmentation', target: 'masks', classes: 3, input: 'trunk' };
    const reading = planText(
      specText({
        ...{ data: { source: 't.npz', inputs: { image } }, weights: {} },
        network: { trunk: { input: 'image', layers: [flatten] } },
        tasks: { where: segmentation },
      }),
      facts,
      true,
    );
    assert.ok(told(reading).includes('head-shape /tasks/where/input'));
    const problem = reading.problems.find(({ code }) => code === 'head-shape');
    assert.match(problem?.message.en ?? '', /^The head of "where" \(segmentation\) takes a map \[height, width, channels\], but gets \[64\] from "trunk"/); // prettier-ignore
    assert.match(
      problem?.message.zh ?? '',
      /“where”（segmentation）的任务头需要特征图 \[高，宽，通道\]，但从 “trunk” 得到 \[64\]/,
    );
    assert.deepEqual(problem?.fixes, []);
  });
});

describe('layers', () => {
  test('say what comes before them: a layer by number and type, or the sources', () => {
    const first = read({ trunk: { input: 'n', layers: [conv, flatten] } }, { kind: kind('trunk') }, inputs);
    const [problem] = first.problems.filter(({ code }) => code === 'shape-mismatch');
    assert.equal(problem?.pointer, '/network/trunk/layers/0/type');
    assert.match(problem.message.en, /It reads "n"\.$/);
    assert.match(problem.message.zh, /它读取 “n”。$/);
    const second = read({ trunk: { input: 'image', layers: [dense, flatten, conv] } }, { kind: kind('trunk') });
    assert.match(texts(second)[0], /That is what layer 2 \(flatten\) of "trunk" gives\.$/);
    assert.match(texts(second)[1], /这是 “trunk” 第 2 层（flatten）的输出。$/);
    const own = read({ trunk: { input: 'image', layers: [flatten, dense] } }, { kind: kind('trunk'), mass: mass(['trunk', 'task:kind'], { layers: [conv] }) }); // prettier-ignore
    assert.equal(own.problems[0]?.pointer, '/tasks/mass/layers/0/type');
    assert.match(texts(own)[0], /It reads "trunk", "task:kind"\.$/);
  });

  test('are mended where that is easy: padding, strides, one flatten less', () => {
    const layersAfter = (...layers: object[]): unknown =>
      trunkOf(fixed(read({ trunk: { input: 'image', layers } }, { kind: kind('trunk') })));
    const large = { ...conv, kernelSize: 9 };
    assert.deepEqual(layersAfter(large, flatten), [{ ...large, padding: 'same' }, flatten]);
    const both = { ...conv, strides: 2, dilationRate: 2 };
    assert.deepEqual(layersAfter(both, flatten), [{ ...both, strides: 1 }, flatten]);
    assert.deepEqual(layersAfter(flatten, flatten, dense), [flatten, dense]);
    assert.deepEqual(layersAfter(conv, flatten, conv, flatten), [conv, conv, flatten]);
    const stranded = read({ trunk: { input: 'image', layers: [flatten, dense, conv] } }, { kind: kind('trunk') });
    assert.deepEqual(stranded.problems.map(({ fixes }) => fixes.length), [0]); // prettier-ignore
    // A reshape that does not fit, right after a flatten, would not fit without it either.
    const map = read({ trunk: { input: 'image', layers: [{ type: 'lstm', units: 3 }] } }, { kind: kind('trunk') });
    assert.deepEqual(map.problems[0]?.fixes, []);
  });
});

describe('sources side by side', () => {
  test('of different axes or sizes are told at the second, with both shapes', () => {
    const axes = read({ trunk: { input: ['image', 'n'], layers: [flatten] } }, { kind: kind('trunk') }, inputs);
    assert.deepEqual(squiggles(axes), [['shape-mismatch', '"n"']]);
    assert.match(texts(axes)[0], /^"image" \[8, 8, 1\] and "n" \[1\] cannot be joined in the input of "trunk": they have a different number of axes\./); // prettier-ignore
    assert.match(texts(axes)[1], /“image” \[8, 8, 1\] 与 “n” \[1\] 无法在 “trunk” 的输入中拼接：两者维数不同。/);
    const sizes = read({ small: { input: 'image', layers: [conv] }, trunk: { input: ['small', 'small', 'image'], layers: [flatten] } }, { kind: kind('trunk') }); // prettier-ignore
    assert.deepEqual(told(sizes), ['shape-mismatch /network/trunk/input/2']);
    assert.match(
      texts(sizes)[0],
      /^"small" \[6, 6, 4\] and "image" \[8, 8, 1\] .*: all axes but the last must be equal\./,
    );
    assert.match(texts(sizes)[1], /除最后一轴外各轴必须相等/);
    const task = read({ trunk: { input: 'image', layers: [conv] } }, { kind: kind(['trunk', 'n'], { layers: [flatten] }) }, inputs); // prettier-ignore
    assert.deepEqual(told(task), ['shape-mismatch /tasks/kind/input/1']);
  });
});

test('indices taken for quantities are told at the source that gives them', () => {
  const code = { type: 'category', from: 'kind', encoding: 'index' };
  const of = (network: object, tasks: object): Reading => read(network, tasks, { n: { type: 'number', from: 'n' }, code }); // prettier-ignore
  const network = { trunk: { input: ['n', 'code'], layers: [dense] } };
  const reading = of(network, { mass: mass('trunk') });
  assert.deepEqual(told(reading), ['index-as-number /network/trunk/input/1']);
  assert.equal(reading.problems[0]?.severity, 'warning');
  assert.match(texts(reading)[0], /^"code" gives index numbers, and "trunk" calculates with them/);
  assert.match(texts(reading)[1], /^“code” 给出的是索引编号，而 “trunk” 把它们当作数量/);
  const direct = { mass: mass('t'), other: mass('code', { target: 'kind' }) };
  const plain = of({ t: { input: 'n', layers: [dense] } }, direct).problems.filter(
    ({ code }) => code === 'index-as-number',
  );
  assert.deepEqual(plain.map(({ pointer }) => pointer), ['/tasks/other/input']); // prettier-ignore
});
