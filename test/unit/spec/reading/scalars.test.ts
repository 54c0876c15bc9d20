/** What is said of words, numbers and texts that are not what they should be. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits, readSpec } from '../../../../src/spec/index.ts';
import { keyWords } from '../../../../src/spec/reading/scalars.ts';
import { assertBilingual } from '../../bilingual.ts';
import { withLayer, withParts } from '../golden.ts';

/** The one problem of a spec: code, pointer, both sentences, and its fixes. */
function only(source: string): { code: string; pointer: string; en: string; zh: string; fixes: readonly string[] } {
  const { problems } = readSpec(source);
  assert.equal(problems.length, 1, JSON.stringify(problems));
  const [problem] = problems;
  assert.ok(problem);
  const { code, pointer, message, fixes } = problem;
  assertBilingual(message);
  for (const fix of fixes) {
    assertBilingual(fix.title);
    assert.deepEqual(readSpec(applyEdits(source, fix.edits)).problems, []);
  }
  return { code, pointer, ...message, fixes: fixes.map(({ title }) => title.en) };
}
const dense = (units: string, more = ''): string => withLayer(`{ "type": "dense", "units": ${units}${more} }`);
const training = (members: string): string => withParts({ rest: `"training": { ${members} }` });
const units = '/network/trunk/layers/0/units';

test('a value of another kind is named beside what is wanted', () => {
  for (const [written, en, zh] of [
    ['true', 'true', 'true'],
    ['null', 'null', 'null'],
    ['{}', 'an object', '一个对象'],
    ['[1]', 'a list', '一个列表'],
    ['"many"', 'the text "many"', '文本 "many"'],
    ['""', 'the text ""', '文本 ""'],
    ['" "', 'the text " "', '文本 " "'],
    [`"${'x'.repeat(38)}"`, `the text "${'x'.repeat(38)}"`, `文本 "${'x'.repeat(38)}"`],
    [`"${'x'.repeat(39)}"`, `the text "${'x'.repeat(38)}…`, `文本 "${'x'.repeat(38)}…`],
  ] as const)
    assert.deepEqual(
      only(dense(written)),
      {
        code: 'wrong-type',
        pointer: units,
        en: `\`units\` must be a whole number at least 1; here stands ${en}.`,
        zh: `\`units\` 应为不小于 1 的整数；此处是${zh}。`,
        fixes: [],
      },
      written,
    );
});

test('a number in quotes is mended where it is one that fits', () => {
  assert.deepEqual(only(dense('"50"')).fixes, ['Change to 50']);
  assert.deepEqual(only(dense('" 1e2 "')).fixes, ['Change to 100']);
  for (const written of ['"0"', '"2.5"', '"1e999"', '"-3"', '"50 units"', '" "'])
    assert.deepEqual(only(dense(written)).fixes, [], written);
  assert.deepEqual(only(training('"learningRate": "2.5"')).fixes, ['Change to 2.5']);
  assert.deepEqual(only(training('"learningRate": "0"')).fixes, []);
});

test('a number out of its range says the range and itself', () => {
  for (const [written, en, zh] of [
    ['0', '0', '0'],
    ['2.5', '2.5', '2.5'],
    ['-7', '-7', '-7'],
    ['1e999', 'too large', '过大的数'],
    ['9007199254740993', '9007199254740992', '9007199254740992'],
  ] as const)
    assert.deepEqual(only(dense(written)), {
      code: 'out-of-range',
      pointer: units,
      en: `\`units\` must be a whole number at least 1; it is ${en}.`,
      zh: `\`units\` 应为不小于 1 的整数；现为 ${zh}。`,
      // The nearest number that may stand there, where there is one.
      fixes: written === '2.5' ? ['Change to 3'] : Number(written) < 1 ? ['Change to 1'] : [],
    });
  const rate = only(withLayer('{ "type": "dropout", "rate": 1 }'));
  assert.deepEqual([rate.code, rate.en], ['out-of-range', '`rate` must be a number at least 0 and below 1; it is 1.']);
  assert.deepEqual(only(training('"learningRate": 0')).en, '`learningRate` must be a number above 0; it is 0.');
  assert.deepEqual(readSpec(dense('1')).problems, []);
  assert.deepEqual(readSpec(training('"learningRate": 1e-300')).problems, []);
});

test('a word that there is not says which there are, or which is meant', () => {
  const source = dense('2', ', "activation": "rely"');
  assert.deepEqual(only(source), {
    code: 'unknown-value',
    pointer: '/network/trunk/layers/0/activation',
    en: '"rely" means nothing for `activation`; did you mean `relu`?',
    zh: '`activation` 没有取值 "rely"；是否指 `relu`？',
    fixes: ['Change to "relu"'],
  });
  const far = only(withLayer('{ "type": "maxPooling2d", "poolSize": 2, "padding": "zzzzzz" }'));
  assert.deepEqual(
    [far.en, far.zh, far.fixes],
    [
      '"zzzzzz" means nothing for `padding`; it may be `valid` `same`.',
      '`padding` 没有取值 "zzzzzz"；可取 `valid` `same`。',
      [],
    ],
  );
  for (const [length, shown] of [
    [60, 'z'.repeat(60)],
    [61, `${'z'.repeat(59)}…`],
  ] as const)
    assert.ok(only(dense('2', `, "activation": "${'z'.repeat(length)}"`)).en.startsWith(`"${shown}" means nothing`));
  assert.deepEqual(only(dense('2', ', "activation": 7')).code, 'wrong-type');
  assert.match(
    only(dense('2', ', "useBias": "yes"')).en,
    /^`useBias` must be true or false; here stands the text "yes"\.$/,
  );
});

test('a number that must be exactly one is mended', () => {
  const { code, en, fixes } = only(withParts({ rest: '"version": 2' }));
  assert.deepEqual([code, en, fixes], ['wrong-type', '`version` must be `1`; here stands 2.', ['Change to 1']]);
});

test('lists say how many entries they need, and how many there are', () => {
  const conv = (kernel: string): string => withLayer(`{ "type": "conv2d", "filters": 1, "kernelSize": ${kernel} }`);
  const { code, pointer, en, zh } = only(conv('[1, 2, 3]'));
  assert.deepEqual(
    [code, pointer, en, zh],
    [
      'wrong-count',
      '/network/trunk/layers/0/kernelSize',
      '`kernelSize` needs exactly 2 entries; here are 3.',
      '`kernelSize` 需要恰好 2 项；此处有 3 项。',
    ],
  );
  const least = only(withParts({ data: '"source": [], "inputs": { "x": { "type": "number", "from": "a" } }' }));
  assert.deepEqual(
    [least.en, least.zh],
    ['`source` needs at least 1 entry; here are 0.', '`source` 需要至少 1 项；此处有 0 项。'],
  );
  const classes = only(
    withParts({ tasks: '"t": { "type": "classification", "target": "y", "input": "trunk", "classes": ["a"] }' }),
  );
  assert.equal(classes.en, '`classes` needs at least 2 entries; here are 1.');
  const layers = Array.from({ length: 1001 }, () => '"flatten"').join(', ');
  assert.deepEqual(
    [only(withLayer(layers)).en, only(withLayer(layers)).zh],
    ['`layers` needs at most 1000 entries; here are 1001.', '`layers` 需要至多 1000 项；此处有 1001 项。'],
  );
  const blocks = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`b${index}`, { input: 'x' }]));
  const many = only(
    withParts({
      network: JSON.stringify(blocks).slice(1, -1),
      tasks: '"t": { "type": "regression", "target": "y", "input": "b0" }',
    }),
  );
  assert.deepEqual(
    [many.code, many.en, many.zh],
    ['wrong-count', '`network` takes at most 1000 entries; here are 1001.', '`network` 至多 1000 项；此处有 1001 项。'],
  );
});

test('one number stands for both of a pair, one value for a list of one', () => {
  const conv = readSpec(
    withLayer('{ "type": "conv2d", "filters": 1, "kernelSize": 3, "strides": [2, 1] }'),
  ).spec?.network.get('trunk')?.layers[0];
  assert.deepEqual(conv?.type === 'conv2d' ? [conv.kernelSize, conv.strides] : undefined, [
    [3, 3],
    [2, 1],
  ]);
  const bad = only(withLayer('{ "type": "conv2d", "filters": 1, "kernelSize": 0 }'));
  assert.deepEqual([bad.code, bad.pointer], ['out-of-range', '/network/trunk/layers/0/kernelSize']);
  const pair = only(withLayer('{ "type": "conv2d", "filters": 1, "kernelSize": [3, 0] }'));
  assert.deepEqual([pair.code, pair.pointer], ['out-of-range', '/network/trunk/layers/0/kernelSize/1']);
  const files = (source: string): string =>
    withParts({ data: `"source": ${source}, "inputs": { "x": { "type": "number", "from": "a" } }` });
  assert.deepEqual(readSpec(files('"a.csv"')).spec?.data.source?.train, ['a.csv']);
  assert.deepEqual(
    [only(files('""')).code, only(files('""')).pointer, only(files('""')).en],
    ['empty', '/data/source', '`source` may not be empty.'],
  );
  assert.deepEqual([only(files('["a.csv", ""]')).pointer], ['/data/source/1']);
});

test('a value twice in a list is told where it stands the second time', () => {
  const source = withParts({
    tasks: '"t": { "type": "classification", "target": "y", "input": "trunk", "classes": ["a", "b", "c", "b"] }',
  });
  assert.deepEqual(only(source), {
    code: 'duplicate-value',
    pointer: '/tasks/t/classes/3',
    en: '"b" stands in this list twice.',
    zh: '"b" 在此列表中重复出现。',
    fixes: ['Remove "b"'],
  });
  assert.equal(readSpec(source).problems[0]?.range.start, source.lastIndexOf('"b"'));
});

test('a size and a quotation mark say what they are like', () => {
  const data = (members: string): string =>
    withParts({ data: `"source": "a.csv", "inputs": { "x": { "type": "number", "from": "a" } }, ${members}` });
  assert.deepEqual(
    [only(data('"memory": "much"')).en, only(data('"memory": "much"')).zh],
    ['`memory` must be a size such as `512 MB` or `2 GB`.', '`memory` 应为大小，例如 `512 MB` 或 `2 GB`。'],
  );
  assert.deepEqual(
    [only(data('"csv": { "quote": "ab" }')).en, only(data('"csv": { "quote": "ab" }')).zh],
    ['`quote` must be one character.', '`quote` 须为单个字符。'],
  );
  assert.equal(only(data('"csv": { "quote": "" }')).en, '`quote` may not be empty.');
});

test('a map that needs entries says so', () => {
  const { code, pointer, en, zh } = only(
    withParts({
      data: '"source": "a.csv", "inputs": {}',
      network: '"trunk": { "layers": [] }',
      tasks: '"t": { "type": "regression", "target": "y", "input": "trunk" }',
    }).replace('"trunk": { "layers": [] }', '"trunk": { "input": "x" }'),
  );
  assert.deepEqual(
    [code, pointer, en, zh],
    ['empty', '/data/inputs', '`inputs` needs at least one entry.', '`inputs` 至少需要一项。'],
  );
});

test('a message is about the last name of its path', () => {
  assert.equal(keyWords([]), '`*.mtl.json`');
  assert.equal(keyWords([0]), '`*.mtl.json`');
  assert.equal(keyWords(['a', 'b', 'c']), '`c`');
  assert.equal(keyWords(['a', 'b', 0, 1]), '`b`');
});
