/** What values are called and what schemas ask for, in words; texts of values and trees. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { descriptionOf, fallbackWords, hoverText } from '../../../../src/spec/telling/describe.ts';
import {
  boolean,
  byKey,
  choice,
  either,
  integer,
  list,
  map,
  number,
  object,
  onlyWhere,
  optional,
  pair,
  string,
  tagged,
  typeEntry,
} from '../../../../src/spec/schema/build.ts';
import { nodeOf, orderedText } from '../../../../src/spec/reading/values.ts';
import { inRange, isRequired, kindWords, rangeWords, valueWords } from '../../../../src/spec/telling/words.ts';

const flat = typeEntry('flat', {}, { title: { en: 'Flat', zh: '平' }, text: { en: 'Flat.', zh: '平。' } });

test('what a schema asks for', () => {
  for (const [schema, en, zh] of [
    [integer('x', '中'), 'a whole number', '整数'],
    [integer('x', '中', { minimum: 1 }), 'a whole number at least 1', '不小于 1 的整数'],
    [
      number('x', '中', { exclusiveMinimum: 0, maximum: 2 }),
      'a number above 0 and at most 2',
      '大于 0 且不大于 2 的数',
    ],
    [
      number('x', '中', { minimum: 0, exclusiveMaximum: 1 }),
      'a number at least 0 and below 1',
      '不小于 0 且小于 1 的数',
    ],
    [boolean('x', '中'), 'true or false', 'true 或 false'],
    [string('x', '中'), 'a text', '文本'],
    [choice(['a', 'b'], 'x', '中'), 'one of `a` `b`', '`a` `b` 之一'],
    [pair('x', '中'), 'a number or a list of two numbers', '一个数或两个数的列表'],
    [list(string('x', '中'), 'x', '中'), 'a list', '列表'],
    [list(string('x', '中'), 'x', '中', { single: true }), 'a text or a list', '文本或列表'],
    [map(string('x', '中'), 'x', '中'), 'an object', '对象'],
    [object({}, 'x', '中'), 'an object', '对象'],
    [either([string('x', '中'), number('x', '中'), string('x', '中')], 'x', '中'), 'a text or a number', '文本或数'],
    [tagged('type', { flat }, 'x', '中'), 'a name or an object', '名称或对象'],
    [tagged('type', { flat }, 'x', '中', { short: '' }), 'an object', '对象'],
    [byKey({ '': object({}, 'x', '中') }, 'x', '中'), 'an object', '对象'],
    [{}, 'a value', '值'],
  ] as const)
    assert.deepEqual(kindWords(schema), { en, zh });
  assert.deepEqual(kindWords(flat.properties.type), { en: '`flat`', zh: '`flat`' });
  assert.equal(rangeWords({}), undefined);
});

test('a range holds its bounds or not, as they are written', () => {
  const held = (limits: Parameters<typeof number>[2]): readonly boolean[] =>
    [0.9, 1, 1.5, 2, 2.1].map((value) => inRange(number('x', '中', limits), value));
  assert.deepEqual(held({}), [true, true, true, true, true]);
  assert.deepEqual(held({ minimum: 1, maximum: 2 }), [false, true, true, true, false]);
  assert.deepEqual(held({ exclusiveMinimum: 1, exclusiveMaximum: 2 }), [false, false, true, false, false]);
});

test('what a value is called', () => {
  for (const [value, en, zh] of [
    [{}, 'an object', '一个对象'],
    [[1], 'a list', '一个列表'],
    [null, 'null', 'null'],
    [1.5, '1.5', '1.5'],
    [false, 'false', 'false'],
    ['a"b', 'the text "a\\"b"', '文本 "a\\"b"'],
  ] as const)
    assert.deepEqual(valueWords(nodeOf(value)), { en, zh });
  assert.deepEqual(valueWords({ kind: 'nothing', start: 0, end: 0 }), { en: 'nothing', zh: '空' });
});

test('a key must be there where it has no default and is not optional', () => {
  const owner = object(
    {
      a: number('x', '中'),
      b: number('x', '中', { fallback: 1 }),
      c: optional(number('x', '中')),
      d: number('x', '中', { byConventions: { tf: 1, pytorch: 2 } }),
    },
    'x',
    '中',
  );
  assert.deepEqual(
    ['a', 'b', 'c', 'd', 'e'].map((key) => isRequired(owner, key)),
    [true, false, false, false, false],
  );
});

test('a hover has the title, the text, what it takes, the default, the source and the facts, in this order', () => {
  const entry = typeEntry(
    'e',
    {},
    {
      title: { en: 'Entry', zh: '条目' },
      text: { en: 'An entry.', zh: '一个条目。' },
      formula: 'a = b',
      source: 'Someone 1999',
      feature: 'layer/lstm',
      facts: [
        { label: { en: 'Costs', zh: '开销' }, text: { en: 'much', zh: '多' } },
        { label: { en: 'Needs', zh: '需要' }, text: { en: 'all', zh: '全部' } },
      ],
    },
  );
  const key = onlyWhere(number('A key.', '一个键。', { minimum: 0, fallback: 3 }), 'mode', ['x', 2]);
  assert.equal(
    hoverText([descriptionOf(entry), descriptionOf(key)], 'en'),
    '**Entry**\n\nAn entry.\n\n*Not executed by this version yet.*\n\n```text\na = b\n```\n\nSource: Someone 1999\n\n- Costs: much\n- Needs: all\n\n---\n\nA key. Only with `mode: "x"` / `mode: 2`.\n\nValues: a number at least 0\n\nDefault: `3`',
  );
  assert.equal(
    hoverText([descriptionOf(entry), descriptionOf(key)], 'zh'),
    '**条目**\n\n一个条目。\n\n*当前版本尚不能执行。*\n\n```text\na = b\n```\n\n来源：Someone 1999\n\n- 开销：多\n- 需要：全部\n\n---\n\n一个键。仅用于 `mode: "x"` / `mode: 2`。\n\n取值：不小于 0 的数\n\n默认：`3`',
  );
  assert.deepEqual([descriptionOf(entry).available, descriptionOf(key).available], [false, true]);
});

test('a default in words: a value, one of each convention, or how it is found', () => {
  assert.deepEqual(fallbackWords(number('x', '中', { fallback: 0 })), { en: '0', zh: '0' });
  assert.deepEqual(fallbackWords(number('x', '中', { byConventions: { tf: 1, pytorch: 'a' } })), {
    en: 'tf 1 · pytorch "a"',
    zh: 'tf 1 · pytorch "a"',
  });
  assert.deepEqual(fallbackWords(number('x', '中', { found: { en: 'by looking', zh: '检测' } })), {
    en: 'by looking',
    zh: '检测',
  });
  assert.equal(fallbackWords(number('x', '中')), undefined);
});

test('values as text: the order of the names, short things on one line from the second level on', () => {
  const value = new Map<string, unknown>([
    ['10', { a: 1, b: [1, 2] }],
    ['2', { c: { d: [true, null, 'x'] }, e: {} }],
    ['list', []],
    ['none', undefined],
  ]);
  assert.equal(
    orderedText(value),
    '{\n  "10": {\n    "a": 1,\n    "b": [1, 2]\n  },\n  "2": {\n    "c": { "d": [true, null, "x"] },\n    "e": {}\n  },\n  "list": []\n}',
  );
  assert.equal(orderedText('x'), '"x"');
  assert.equal(orderedText([]), '[]');
  assert.equal(orderedText({ a: 1 }, { indent: '\t' }), '{\n\t"a": 1\n}');
  // A hundred characters fit, with what stands before them.
  const nested = (length: number): string => orderedText({ a: { b: ['x'.repeat(length)] } });
  assert.ok(nested(100 - 4 - 4).includes(`"b": ["${'x'.repeat(92)}"]`));
  assert.ok(nested(100 - 4 - 4 + 1).includes(`"b": [\n      "${'x'.repeat(93)}"\n    ]`));
});

test('a remark stands behind its line, and what holds one is not put on one line', () => {
  const text = orderedText(
    { a: { b: { c: [1, 2], d: 3 }, e: { f: 4 } } },
    { comment: (tokens) => (tokens.join('/') === 'a/b/d' ? 'here' : undefined) },
  );
  assert.equal(
    text,
    '{\n  "a": {\n    "b": {\n      "c": [1, 2],\n      "d": 3 // here\n    },\n    "e": { "f": 4 }\n  }\n}',
  );
  const item = orderedText(
    { a: { b: [1, { c: 2 }] } },
    { comment: (tokens) => (tokens.join('/') === 'a/b/0' ? 'first' : undefined) },
  );
  assert.equal(item, '{\n  "a": {\n    "b": [\n      1, // first\n      { "c": 2 }\n    ]\n  }\n}');
});
