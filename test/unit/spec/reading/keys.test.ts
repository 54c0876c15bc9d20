/** What is said of keys, where, and how it can be mended; each sentence is written down as people read it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits, readSpec } from '../../../../src/spec/index.ts';
import type { Problem } from '../../../../src/spec/index.ts';
import { checkGroups } from '../../../../src/spec/reading/keys.ts';
import { Reader } from '../../../../src/spec/reading/reader.ts';
import type { Member, ObjectNode } from '../../../../src/spec/reading/tree.ts';
import { assertBilingual } from '../../bilingual.ts';
import { withLayer, withParts } from '../golden.ts';

/** Each is said in both languages, its fixes too. */
function problems(source: string): readonly Problem[] {
  const found = readSpec(source).problems.filter(({ code }) => code !== 'not-available');
  for (const { message, fixes } of found)
    for (const said of [message, ...fixes.map(({ title }) => title)]) assertBilingual(said);
  return found;
}
/** Code, pointer, the marked text and the English sentence. */
const told = (source: string): readonly (readonly string[])[] =>
  problems(source).map(({ code, pointer, range, message }) => [
    code,
    pointer,
    source.slice(range.start, range.end),
    message.en,
  ]);
const titles = (source: string): readonly (readonly string[])[] =>
  problems(source).map(({ fixes }) => fixes.map(({ title }) => title.en));
const layer = '/network/trunk/layers/0';

test('a key that stands there twice', () => {
  const source = withParts({ rest: '"training": { "seed": 1, "epochs": 3, "seed": 2, "epochs": 4 }' });
  assert.deepEqual(told(source), [
    ['duplicate-key', '/training/seed', '"seed"', '"seed" stands here a second time; the first one counts.'],
    ['duplicate-key', '/training/epochs', '"epochs"', '"epochs" stands here a second time; the first one counts.'],
  ]);
  const [first] = problems(source);
  assert.equal(first?.range.start, source.lastIndexOf('"seed"'));
  assert.equal(first.message.zh, '"seed" 重复出现；以第一个为准。');
  assert.deepEqual(
    first.fixes.map(({ title, edits }) => [title.en, applyEdits(source, edits)]),
    [['Remove "seed"', source.replace('"seed": 2, ', '')]],
  );
  const { spec } = readSpec(source);
  assert.deepEqual([spec?.training.seed, spec?.training.epochs], [1, 3]);
  // Also among names, and in an object of a table.
  assert.deepEqual(
    told(withParts({ rest: '"weights": { "t": 1, "t": 2 }' })).map(([code, pointer]) => [code, pointer]),
    [['duplicate-key', '/weights/t']],
  );
  assert.deepEqual(
    told(withLayer('{ "type": "dense", "units": 2, "units": 3 }')).map(([code, pointer]) => [code, pointer]),
    [['duplicate-key', `${layer}/units`]],
  );
});

test('a key that there is not, with what was probably meant', () => {
  const source = withLayer('{ "type": "dense", "unitz": 3, "zzz": 1, "yyy": 2, "activatoin": "relu" }');
  assert.deepEqual(told(source), [
    ['unknown-key', `${layer}/unitz`, '"unitz"', 'There is no key "unitz" here; did you mean "units"?'],
    ['unknown-key', `${layer}/zzz`, '"zzz"', 'There is no key "zzz" here.'],
    ['unknown-key', `${layer}/yyy`, '"yyy"', 'There is no key "yyy" here.'],
    [
      'unknown-key',
      `${layer}/activatoin`,
      '"activatoin"',
      'There is no key "activatoin" here; did you mean "activation"?',
    ],
  ]);
  assert.deepEqual(titles(source), [
    ['Change to "units"', 'Remove "unitz"'],
    ['Remove "zzz"'],
    ['Remove "yyy"'],
    ['Change to "activation"', 'Remove "activatoin"'],
  ]);
  assert.deepEqual(
    problems(source)
      .slice(0, 2)
      .map(({ message }) => message.zh),
    ['此处没有键 "unitz"；是否指“units”？', '此处没有键 "zzz"。'],
  );
  // Read as meant.
  const dense = readSpec(source).spec?.network.get('trunk')?.layers[0];
  assert.deepEqual(dense?.type === 'dense' ? [dense.units, dense.activation] : undefined, [3, 'relu']);
  const [fix] = problems(source)[0]?.fixes ?? [];
  assert.ok(fix);
  assert.deepEqual(
    told(applyEdits(source, fix.edits)).map(([, , at]) => at),
    ['"zzz"', '"yyy"', '"activatoin"'],
  );
});

test('two slips are not read as one key, nor a slip of one that is there', () => {
  const both = told(withLayer('{ "type": "dense", "unitz": 3, "unitss": 4 }'));
  assert.deepEqual(
    both.map(([, , at, en]) => [at, en]),
    [
      ['"unitz"', 'There is no key "unitz" here; did you mean "units"?'],
      ['"unitss"', 'There is no key "unitss" here.'],
    ],
  );
  assert.deepEqual(
    told(withLayer('{ "type": "dense", "units": 3, "unitz": 4 }')).map(([, , , en]) => en),
    ['There is no key "unitz" here.'],
  );
  // A value that cannot stand under the key meant: one mistake, and no usable spec without it.
  const useless = withLayer('{ "type": "dense", "unitz": "many" }');
  assert.deepEqual(
    told(useless).map(([code]) => code),
    ['unknown-key'],
  );
  assert.equal(readSpec(useless).spec, undefined);
  const harmless = withLayer('{ "type": "dense", "units": 2, "activatoin": 7 }');
  assert.deepEqual(
    told(harmless).map(([code]) => code),
    ['unknown-key'],
  );
  assert.deepEqual(readSpec(harmless).spec?.network.get('trunk')?.layers.length, 1);
});

test('a key of other entries does nothing here, and says to which it belongs', () => {
  const source = withLayer('{ "type": "flatten", "units": 3, "filters": 4, "zzz": 1 }');
  assert.deepEqual(told(source), [
    [
      'ignored-key',
      `${layer}/units`,
      '"units"',
      '"units" does nothing with `flatten`. It belongs to `dense` `lstm` `gru` `simpleRNN`.',
    ],
    [
      'ignored-key',
      `${layer}/filters`,
      '"filters"',
      '"filters" does nothing with `flatten`. It belongs to `conv1d` `conv2d` `separableConv2d` `conv2dTranspose`.',
    ],
    ['unknown-key', `${layer}/zzz`, '"zzz"', 'There is no key "zzz" here.'],
  ]);
  assert.deepEqual(titles(source), [['Remove "units"'], ['Remove "filters"'], ['Remove "zzz"']]);
  const zh = problems(source)[0]?.message.zh;
  assert.equal(zh, '"units" 对 `flatten` 不起作用。它属于 `dense` `lstm` `gru` `simpleRNN`。');
});

test('forms that are told apart by keys have no name of their own', () => {
  const split = (written: string): string =>
    withParts({ data: `"source": "a.csv", "inputs": { "x": { "type": "number", "from": "a" } }, "split": ${written}` });
  assert.deepEqual(told(split('{ "file": "s.csv", "train": 0.5 }')), [
    ['ignored-key', '/data/split/train', '"train"', '"train" does nothing with `file`.'],
  ]);
  const beside = told(split('{ "column": "part", "seed": 1 }'));
  assert.deepEqual(
    beside.map(([code, , at]) => [code, at]),
    [['ignored-key', '"seed"']],
  );
});

test('a key that has an effect only beside certain values of another', () => {
  const source = withParts({
    rest: '"strategy": { "name": "mgda", "epsilon": 0.01, "maxIterations": 9, "apply": "raw" }',
  });
  assert.deepEqual(told(source), [
    [
      'ignored-key',
      '/strategy/epsilon',
      '"epsilon"',
      '"epsilon" does something only where `solver` is `"frank-wolfe"`.',
    ],
    [
      'ignored-key',
      '/strategy/maxIterations',
      '"maxIterations"',
      '"maxIterations" does something only where `solver` is `"frank-wolfe"`.',
    ],
    [
      'ignored-key',
      '/strategy/apply',
      '"apply"',
      '"apply" does something only where `gradientNormalization` is `"l2"` / `"loss"` / `"loss+"`.',
    ],
  ]);
  assert.equal(problems(source)[0]?.message.zh, '仅当 `solver` 为 `"frank-wolfe"` 时 "epsilon" 才起作用。');
  assert.deepEqual(titles(source), [['Remove "epsilon"'], ['Remove "maxIterations"'], ['Remove "apply"']]);
});

test('keys that exclude each other: each but the first of the table is told, at its own place', () => {
  const source = withParts({ rest: '"training": { "steps": 7, "epochs": 3 }' });
  assert.deepEqual(told(source), [
    ['conflicting-keys', '/training/steps', '"steps"', '"steps" cannot stand beside "epochs".'],
  ]);
  assert.deepEqual(titles(source), [['Remove "steps"']]);
  assert.equal(problems(source)[0]?.message.zh, '"steps" 不能与 "epochs" 同时使用。');
  assert.equal(readSpec(source).spec, undefined);
});

test('a key that must be there is named with what it takes', () => {
  const source = withLayer('{ "type": "dense" }');
  assert.deepEqual(
    told(source).map(([code, pointer, , en]) => [code, pointer, en]),
    [['missing-key', layer, '`units` is missing: a whole number at least 1.']],
  );
  const empty = told('{ }');
  assert.deepEqual(
    empty.map(([code, pointer, at, en]) => [code, pointer, at, en]),
    [
      ['missing-key', '', '{', '`data` is missing: an object.'],
      ['missing-key', '', '{', '`network` is missing: an object.'],
      ['missing-key', '', '{', '`tasks` is missing: an object.'],
    ],
  );
});

test('each group of keys is looked at by itself', () => {
  const reader = new Reader('', 'tf');
  const at = { start: 1, end: 2 };
  const member = (key: string): [string, Member] => [
    key,
    { key, keyRange: at, value: { kind: 'scalar', start: 3, end: 4, value: 1 } },
  ];
  const place = { tokens: ['x'], label: at };
  const node = (members: ObjectNode['members']): ObjectNode => ({
    kind: 'object',
    start: 0,
    end: 1,
    members,
    duplicates: [],
  });
  const extra = {
    zh: '',
    oneOf: [
      ['a', 'b'],
      ['c', 'd'],
    ],
    atMostOneOf: [['e', 'f', 'g']],
  };
  checkGroups(reader, extra, node(new Map(['a', 'e', 'g', 'f'].map(member))), {}, place);
  assert.deepEqual(
    reader.problems.map(({ code, pointer, message }) => [code, pointer, message.en]),
    [
      ['missing-key', '/x', 'One of `c`, `d` is needed.'],
      ['conflicting-keys', '/x/f', '"f" cannot stand beside "e".'],
      ['conflicting-keys', '/x/g', '"g" cannot stand beside "e".'],
    ],
  );
  assert.equal(reader.usable, false);
  const content = new Reader('', 'tf');
  checkGroups(content, extra, node(new Map(['b', 'd'].map(member))), {}, place);
  checkGroups(content, { zh: '' }, node(new Map()), {}, place);
  assert.deepEqual([content.problems, content.usable], [[], true]);
});

test('a tag that is left out is the key that says it: the entry is read as if it stood there', () => {
  const layers = (text: string): unknown => {
    const { problems, spec } = readSpec(withLayer(text));
    assert.deepEqual(problems, []);
    return spec?.network.get('trunk');
  };
  const short = layers('"flatten", { "activation": "relu" }');
  assert.ok(short);
  assert.deepEqual(short, layers('"flatten", { "type": "activation", "activation": "relu" }'));
});
