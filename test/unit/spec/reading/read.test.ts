import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyEdits, readSpec } from '../../../../src/spec/index.ts';
import { assertBilingual } from '../../bilingual.ts';
import { golden, withLayer, withParts } from '../golden.ts';

const codes = (source: string) => readSpec(source).problems.map(({ code }) => code);

test('the smallest spec reads as it is meant', () => {
  const { spec, problems } = readSpec(golden('smallest'));
  assert.deepEqual(problems, []);
  assert.ok(spec);
  assert.deepEqual(spec.data.source, { train: ['penguins.csv'] });
  assert.deepEqual(spec.data.inputs.get('measures'), {
    type: 'number',
    from: ['beak_length_mm', 'beak_depth_mm', 'flipper_length_mm'],
    missing: { fill: 'mean', indicator: false },
    normalize: 'standard',
  });
  assert.deepEqual([...spec.weights], [['species', 0.6], ['mass', 0.4]]); // prettier-ignore
  assert.deepEqual(spec.data.split, { train: 0.7, validation: 0.15, test: 0.15, stratify: true, seed: 0 });
  assert.deepEqual(spec.network.get('trunk')?.input, ['measures']);
  assert.deepEqual(spec.strategy, { name: 'static', normalize: 'none', scale: 'paper', observe: [] });
  assert.equal(spec.training.epochs, 50);
});

test("the article's spec reads as it is meant", () => {
  const { spec, problems } = readSpec(golden('article'));
  assert.deepEqual(problems, []);
  assert.ok(spec);
  assert.equal(spec.name, '分类-回归-检测');
  const layers = spec.network.get('特征提取')?.layers ?? [];
  assert.deepEqual(layers.map(({ type }) => type), ['conv2d', 'flatten', 'dense']); // prettier-ignore
  assert.deepEqual(layers[0], {
    type: 'conv2d',
    filters: 10,
    kernelSize: [3, 3],
    strides: [1, 1],
    padding: 'valid',
    dilationRate: [1, 1],
    activation: 'relu',
    useBias: true,
    kernelInitializer: 'glorotUniform',
    biasInitializer: 'zeros',
  });
  assert.deepEqual(spec.tasks.get('检测')?.loss, { type: 'iou' });
  const types = [...spec.tasks.values()].map(({ type }) => type);
  assert.deepEqual(types, ['classification', 'regression', 'box']);
  assert.deepEqual(spec.data.split, { file: 'split.csv' });
  const { batchSize, epochs, seed } = spec.training;
  assert.deepEqual({ batchSize, epochs, seed }, { batchSize: 64, epochs: 100, seed: 42 });
  assert.deepEqual([...spec.weights.values()], [0.5, 0.3, 0.2]);
});

test('a whole experiment section is understood', () => {
  const { spec, problems } = readSpec(golden('experiment'));
  assert.deepEqual(problems, []);
  assert.equal(spec?.experiment?.factors.length, 4);
  assert.deepEqual(spec.experiment.measures.get('回归'), { metric: 'mae', margin: 0.1 });
});

test('names that look like numbers keep the order of the text', () => {
  const source = withParts({
    network: '"10": { "input": "x", "layers": [] }, "2": { "input": "10" }',
    tasks:
      '"7": { "type": "regression", "target": "y", "input": "2" }, "1": { "type": "regression", "target": "z", "input": "10" }',
    rest: '"weights": { "1": 3 }',
  });
  const { spec, problems } = readSpec(source);
  assert.deepEqual(problems, []);
  assert.deepEqual([...(spec?.network.keys() ?? [])], ['10', '2']);
  assert.deepEqual([...(spec?.tasks.keys() ?? [])], ['7', '1']);
  assert.deepEqual([...(spec?.weights ?? [])], [['1', 3], ['7', 1]]); // prettier-ignore
});

test('defaults follow the conventions', () => {
  const pytorch = readSpec(
    withParts({ rest: '"training": { "conventions": "pytorch", "optimizer": "adagrad" }' }),
  ).spec;
  const tf = readSpec(withParts({ rest: '"training": { "optimizer": "adagrad" }' })).spec;
  assert.deepEqual(pytorch?.training.optimizer, { name: 'adagrad', initialAccumulator: 0, epsilon: 1e-10 });
  assert.deepEqual(tf?.training.optimizer, { name: 'adagrad', initialAccumulator: 0.1, epsilon: 1e-7 });
  const dense = pytorch.network.get('trunk')?.layers[0];
  assert.ok(dense?.type === 'dense');
  assert.equal(dense.kernelInitializer, 'torchUniform');
});

test('shares that are not written take what is left', () => {
  const split = (written: string) =>
    readSpec(
      withParts({ data: `"source": "a", "inputs": { "x": { "type": "number", "from": "a" } }, "split": ${written}` }),
    );
  const only = split('{ "train": 0.8 }').spec?.data.split;
  assert.ok(only !== undefined && 'train' in only);
  assert.deepEqual([only.train, only.validation, only.test], [0.8, 0.1, 0.1]);
  const two = split('{ "train": 0.8, "validation": 0.2 }').spec?.data.split;
  assert.ok(two !== undefined && 'train' in two);
  assert.equal(two.test, 0);
  assert.deepEqual(split('{ "train": 0.8, "validation": 0.2, "test": 0.1 }').problems.map(({ code }) => code), ['split-shares']); // prettier-ignore
});

test('poisson forces unnormalized targets', () => {
  const poisson = (extra: string) =>
    withParts({ tasks: `"t": { "type": "regression", "target": "y", "input": "trunk", "loss": "poisson"${extra} }` });
  const task = readSpec(poisson('')).spec?.tasks.get('t');
  assert.ok(task?.type === 'regression');
  assert.equal(task.normalize, 'none');
  assert.deepEqual(codes(poisson(', "normalize": "standard"')), ['poisson-normalize']);
});

/** Text, the code of its one problem, what stands at its range, and whether a fix mends it or asks for a value. */
const article = golden('article');
const slip = (from: string, to: string) => {
  assert.ok(article.includes(from), from);
  return article.replace(from, () => to);
};
const mistakes: readonly (readonly [string, string, string, boolean | 'asks'])[] = [
  [slip('"tasks"', '"taskss"'), 'unknown-key', '"taskss"', true],
  [slip('"units": 50', '"unit": 50'), 'unknown-key', '"unit"', true],
  [slip('"dense"', '"dens"'), 'unknown-value', '"dens"', true],
  [slip('"adam"', '"adm"'), 'unknown-value', '"adm"', true],
  [slip('"mse"', '{ "type": "mea" }'), 'unknown-value', '"mea"', true],
  [slip('"mse"', '{ "type": "mse", "delta": 1 }'), 'ignored-key', '"delta"', true],
  [slip('"units": 50', '"units": 50, "filters": 3'), 'ignored-key', '"filters"', true],
  [slip('"units": 50', '"units": "50"'), 'wrong-type', '"50"', true],
  [slip('"units": 50', '"units": 0'), 'out-of-range', '0', true],
  [slip('"units": 50', '"units": 2.5'), 'out-of-range', '2.5', true],
  [slip('"units": 50', '"units": 1e999'), 'out-of-range', '1e999', false],
  [slip('"units": 50', '"units": null'), 'wrong-type', 'null', false],
  [slip('"units": 50,', ''), 'missing-key', '{ "type": "dense",  "activation": "relu" }', true],
  [
    slip('"relu" },\n      { "type": "flatten"', '"rely" },\n      { "type": "flatten"'),
    'unknown-value',
    '"rely"',
    true,
  ],
  [slip('"seed": 42', '"seed": 42, "seed": 43'), 'duplicate-key', '"seed"', true],
  [slip('"epochs": 100', '"epochs": 100, "steps": 7'), 'conflicting-keys', '"steps"', true],
  [slip('"分类": 0.5', '"分类": -0.5'), 'out-of-range', '-0.5', true],
  [slip('"split":', '"slpit":'), 'unknown-key', '"slpit"', true],
  [slip('"network": {', '"networks": {'), 'unknown-key', '"networks"', true],
  [slip('"source": "mnist_boxes.npz",', ''), 'missing-key', '"data"', 'asks'],
  [slip('"source": "mnist_boxes.npz"', '"source": "digits.parquet"'), 'not-available', '"digits.parquet"', false],
  [slip('"source": "mnist_boxes.npz"', '"source": []'), 'wrong-count', '[]', false],
  [slip('"classes": 10', '"classes": ["a", "b", "a"]'), 'duplicate-value', '"a"', true],
  [slip('"name": "分类-回归-检测"', '"name": "x", "version": 2'), 'wrong-type', '2', true],
  [slip('"name": "分类-回归-检测"', '"name": "x", "strategy": "pcgrab"'), 'unknown-value', '"pcgrab"', true],
  [
    slip('"name": "分类-回归-检测"', '"name": "x", "strategy": { "name": "uncertainty", "init": "a" }'),
    'wrong-type',
    '"a"',
    false,
  ],
  [slip('"loss": "mse"', '"loss": "mse", "metrics": ["mae", "mae"]'), 'duplicate-value', '["mae", "mae"]', true],
  [slip('"loss": "mse"', '"loss": "mse", "metrics": ["pinball"]'), 'metric-without-loss', '["pinball"]', false],
];

test('every mistake gives exactly one problem, where it is, and its fix mends it', () => {
  for (const [source, code, at, mends] of mistakes) {
    const { problems } = readSpec(source);
    const own = code === 'not-available' ? problems.filter((one) => one.code === code) : problems;
    assert.deepEqual(own.map((one) => one.code), [code], source); // prettier-ignore
    const [problem] = own;
    assert.ok(problem);
    if (code !== 'missing-key') assert.equal(source.slice(problem.range.start, problem.range.end), at);
    assert.equal(problem.severity, 'error');
    for (const said of [problem.message, ...problem.fixes.map(({ title }) => title)]) assertBilingual(said);
    assert.equal(problem.fixes.length > 0, mends !== false, `${code} ${at}`);
    for (const fix of mends === true ? problem.fixes.slice(0, 1) : []) {
      assert.deepEqual(readSpec(applyEdits(source, fix.edits)).problems, [], fix.title.en);
    }
  }
});

test('syntax errors are told in our words, once', () => {
  for (const source of [
    '',
    '   ',
    '{',
    '{"a"',
    '{"a":',
    '[1, 2',
    '{"a": 01}',
    '{"a": "b',
    '{"a" 1}',
    '{} {}',
    '/* x',
    '{"a": nul}',
    '{"a": 1 "b": 2}',
    '{"a": "\\x"}',
    '{,}',
  ]) {
    const { problems, spec } = readSpec(source);
    assert.equal(spec, undefined);
    assert.deepEqual(problems.map(({ code }) => code), ['syntax'], source); // prettier-ignore
    const [problem] = problems;
    assert.ok(problem !== undefined && problem.range.start <= source.length && problem.range.end <= source.length + 1);
    assertBilingual(problem.message);
  }
});

test('a slip is read as meant, so that the rest of the spec still counts', () => {
  const { spec } = readSpec(slip('"tasks"', '"taskss"'));
  assert.equal(spec?.tasks.size, 3);
});

test('what is not a spec at all is a problem', () => {
  for (const source of ['[]', '1', '"x"', 'null', '{}', '{"data": 1, "network": 1, "tasks": 1}']) {
    const { spec, problems } = readSpec(source);
    assert.equal(spec, undefined);
    assert.ok(problems.length > 0);
  }
});

test('a byte order mark, comments, trailing commas and any line end are fine', () => {
  const plain = readSpec(article).spec;
  assert.deepEqual(readSpec(`\uFEFF${article}`).spec, plain);
  // Elsewhere it is a letter of a text, or a mistake.
  const within = readSpec(article.replaceAll('特征提取', '特征\uFEFF提取')).spec;
  assert.ok(within?.network.has('特征\uFEFF提取'));
  assert.equal(readSpec(article.replace('"epochs": 100,', '"epochs":\uFEFF100,')).spec, undefined);
  assert.deepEqual(readSpec(article.replaceAll('\n', '\r\n')).spec, plain);
  assert.deepEqual(
    readSpec(`// one\n${article.replace('"epochs": 100,', '/* two */ "epochs": 100, // three\n')}`).spec,
    plain,
  );
});

test('depth and size are limited', () => {
  assert.deepEqual(codes('['.repeat(100_000)), ['too-deep']);
  assert.deepEqual(codes(`"${'x'.repeat(5 * 1024 * 1024)}"`), ['too-large']);
});

test('names are data', () => {
  const named = (name: string) => withParts({ network: `${JSON.stringify(name)}: { "input": "x" }` });
  for (const name of [
    '分类',
    'a b',
    '10',
    'hasOwnProperty',
    'toString',
    'valueOf',
    '`x`',
    '%%{init}%%',
    '$$',
    '"',
    '😀',
    '<b>',
    'task',
    'a/b~c',
  ]) {
    assert.deepEqual(codes(named(name)), [], name);
  }
  for (const name of [
    '',
    ' a',
    'a ',
    '__proto__',
    'constructor',
    'prototype',
    'a\nb',
    'a\u0007',
    'a\u202eb',
    '\u2067a',
    'task:x',
    'e\u0301',
    'x'.repeat(101),
    '\ud800',
  ]) {
    assert.deepEqual(codes(named(name)), ['bad-name'], JSON.stringify(name));
  }
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  assert.deepEqual(codes('{ "__proto__": { "polluted": 1 } }').includes('unknown-key'), true);
});

test('each name is the name of a property only where the tables say so', () => {
  assert.deepEqual(codes(withLayer('{ "type": "constructor" }')), ['unknown-value']);
  assert.deepEqual(codes(withLayer('{ "type": "flatten", "hasOwnProperty": 1 }')), ['unknown-key']);
});

test('reading never throws: any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (source) => {
      const { problems } = readSpec(source);
      assert.ok(problems.length > 0);
    }),
  );
});

test('reading never throws: mutated specs', () => {
  const piece = fc.oneof(
    fc.constantFrom('{', '}', '[', ']', ',', ':', '"', 'null', '-1', '1e999', '"type"', '"layers"', '//', '/*'),
    fc.string({ maxLength: 6 }),
  );
  const position = fc.integer({ min: 0, max: article.length });
  fc.assert(
    fc.property(position, fc.integer({ min: 0, max: 30 }), piece, (at, cut, put) => {
      const source = article.slice(0, at) + put + article.slice(at + cut);
      for (const { range, pointer } of readSpec(source).problems) {
        assert.ok(range.start <= range.end && range.end <= source.length + 1);
        assert.ok(pointer === '' || pointer.startsWith('/'));
      }
    }),
    { numRuns: 400 },
  );
});

test('reading never throws: any JSON in any place', () => {
  const keys = [
    'data',
    'inputs',
    'source',
    'network',
    'tasks',
    'weights',
    'strategy',
    'training',
    'experiment',
    'split',
    'type',
    'layers',
    'loss',
  ];
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, 0, -1, 1.5, '', 'dense', 'mse', 'static'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys, '__proto__', '10'), tie('value'), { maxKeys: 4 }),
    ),
  })).value;
  const whole = fc.record(
    { data: json, network: json, tasks: json, weights: json, strategy: json, training: json, experiment: json },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(whole, (value) => void readSpec(JSON.stringify(value))),
    { numRuns: 400 },
  );
});

test('files for each split stand for the split', () => {
  const files =
    '"source": { "train": "a.csv", "validation": ["b.csv"], "test": "c.csv" }, "inputs": { "x": { "type": "number", "from": "a" } }';
  const { spec, problems } = readSpec(withParts({ data: files }));
  assert.deepEqual(problems, []);
  assert.deepEqual(spec?.data.source, { train: ['a.csv'], validation: ['b.csv'], test: ['c.csv'] });
  assert.deepEqual(codes(withParts({ data: `${files}, "split": { "train": 0.8 }` })), ['ignored-key']);
});

test('a layer without its type is one mistake, also where its keys are names of types', () => {
  const codesOf = (layer: string) => codes(withLayer(layer));
  assert.deepEqual(codesOf('{"units": 8, "activation": "relu"}'), ['missing-key']);
  assert.deepEqual(codesOf('{"filters": 8, "kernelSize": 3, "activation": "relu"}'), ['missing-key']);
  assert.deepEqual(codesOf('{"tpye": "dense", "units": 8, "activation": "relu"}'), ['unknown-key']);
  assert.deepEqual(codesOf('{"typex": "conv2d", "filters": 8, "kernelSize": 3, "activation": "relu"}'), [
    'unknown-key',
  ]);
});

test('no more classes than a confusion matrix can hold', () => {
  const text = golden('article').replace('"classes": 10', '"classes": 1000000000000');
  assert.deepEqual(codes(text), ['out-of-range']);
});
