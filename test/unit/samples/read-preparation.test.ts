/** A preparation from a stranger: every value of it is looked at, and what is wrong is said with its place. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { DataError } from '../../../src/data/error.ts';
import { readPreparation } from '../../../src/samples/read-preparation.ts';
import { refusal } from './helpers.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const scaling = { method: 'standard', shift: -1.5, divisor: 2 };
const whole = {
  version: 1,
  missingTokens: ['', 'NA'],
  decimal: ',',
  inputs: [
    {
      type: 'number',
      name: 'n',
      indicator: true,
      features: [
        { column: 'a', index: 0, bounds: { low: -1, high: 2.5, action: 'clip' }, fill: 3, scaling },
        { column: 'a', index: 1, bounds: null, fill: null, scaling: { ...scaling, method: 'log' } },
      ],
    },
    {
      type: 'category',
      name: 'c',
      encoding: 'index',
      missing: 'fill',
      indicator: false,
      columns: [
        { column: 'k', values: ['x', 'y'], fill: 'x' },
        { column: 'l', values: ['x'], fill: null },
      ],
    },
    {
      type: 'image',
      name: 'i',
      column: 'p',
      source: [28, 28],
      shape: [14, 1000000, 3],
      resize: 'crop',
      fill: 0,
      scalings: [scaling],
    },
    {
      type: 'image',
      name: 'j',
      column: 'p',
      source: [1, 1],
      shape: [1, 1, 1],
      resize: 'fit',
      fill: null,
      scalings: [],
    },
  ],
  tasks: [
    {
      target: { type: 'classification', name: 't', column: 'k', classes: ['a'], given: false },
      sampleWeight: 'w',
      when: { column: 'k', values: ['1'] },
    },
    {
      target: { type: 'regression', name: 'r', columns: ['a', 'b'], scalings: [scaling] },
      demands: [{ domain: 'non-negative', by: 'loss "poisson"' }],
    },
    { target: { type: 'box', name: 'b', columns: ['a'], format: 'xywh', unit: [0.5, 1] } },
  ],
} satisfies Json;

const damaged = (what: string): Readonly<Record<string, unknown>> => ({
  code: 'not-fitted',
  message: `preprocessing.json of this model is damaged (${what}). Train the model again, or copy its folder again.`,
  file: 'preprocessing.json',
});

/** Every place of the value: how it is written in a message, and a copy with another value there. */
function* places(
  value: Json,
  at: readonly (string | number)[] = [],
): Generator<{ path: readonly (string | number)[]; value: Json }> {
  yield { path: at, value };
  if (Array.isArray(value)) for (const [index, entry] of value.entries()) yield* places(entry, [...at, index]);
  else if (typeof value === 'object' && value !== null)
    for (const [key, entry] of Object.entries(value)) yield* places(entry, [...at, key]);
}

function changed(
  path: readonly (string | number)[],
  change: (parent: Record<string, Json>, key: string) => void,
): Json {
  const copy = JSON.parse(JSON.stringify(whole)) as Json;
  let parent = copy as Record<string, Json>;
  for (const key of path.slice(0, -1)) parent = parent[key] as Record<string, Json>;
  change(parent, String(path.at(-1)));
  return copy;
}

const set =
  (value: Json) =>
  (parent: Record<string, Json>, key: string): void => {
    parent[key] = value;
  };

test('a whole one is read as it is, with every kind of input and target', () => {
  assert.equal(readPreparation(whole), whole);
  const byColumn = { ...whole, missingTokens: [['a', ['1', '2']] as const, ['b', []] as const] };
  assert.equal(readPreparation(byColumn), byColumn);
  assert.ok(readPreparation({ ...whole, missingTokens: [], inputs: [], tasks: [] }));
});

test('a value of another kind is refused wherever it stands', () => {
  const optional = /^(decimal|tasks,\d,(sampleWeight|when|demands))$/;
  const nullable = /,(bounds|fill)$/;
  let tried = 0;
  for (const { path, value } of places(whole)) {
    if (path.length === 0) continue;
    const place = path.join();
    const wrong: Json[] = [{ strange: 1 }, true, 1.25, 'strange', []];
    const same = (other: Json): boolean => {
      if (Array.isArray(value) || Array.isArray(other)) return Array.isArray(value) && Array.isArray(other);
      if (typeof value !== typeof other && !(nullable.test(place) && value === null)) return false;
      // Free texts, truths and numbers may be any of their kind; the others are words, sizes or whole numbers.
      if (value === null)
        return typeof other === (place.endsWith('bounds') ? 'none' : place.includes('inputs,1') ? 'string' : 'number');
      if (typeof value === 'string')
        return !/(type|decimal|encoding|missing|action|method|resize|format|domain)$/.test(place);
      if (typeof value === 'number') return /(low|high|fill|shift|divisor|unit,\d)$/.test(place);
      return typeof value === 'boolean';
    };
    for (const other of wrong) {
      if (same(other)) continue;
      tried++;
      assert.throws(() => readPreparation(changed(path, set(other))), /damaged/, `${place} ${JSON.stringify(other)}`);
    }
    if (!nullable.test(place))
      assert.throws(() => readPreparation(changed(path, set(null))), /damaged/, `${place} null`);
    if (typeof path.at(-1) !== 'string') continue;
    const without = changed(path, (parent, key) => Reflect.deleteProperty(parent, key));
    if (optional.test(place)) assert.ok(readPreparation(without));
    else assert.throws(() => readPreparation(without), /damaged/, `${place} absent`);
  }
  assert.ok(tried > 200, String(tried));
});

test('every word that this version writes is read, and no other', () => {
  const words: readonly (readonly [path: readonly (string | number)[], words: readonly string[]])[] = [
    [
      ['inputs', 0, 'features', 0, 'bounds', 'action'],
      ['clip', 'drop', 'missing'],
    ],
    [
      ['inputs', 0, 'features', 0, 'scaling', 'method'],
      ['standard', 'minmax', 'robust', 'log', 'scale', 'none'],
    ],
    [
      ['inputs', 1, 'encoding'],
      ['one-hot', 'index'],
    ],
    [
      ['inputs', 1, 'missing'],
      ['class', 'drop', 'fill'],
    ],
    [
      ['inputs', 2, 'resize'],
      ['stretch', 'fit', 'crop'],
    ],
    [
      ['tasks', 2, 'target', 'format'],
      ['xyxy', 'cxcywh', 'xywh'],
    ],
  ];
  for (const [path, known] of words) {
    for (const word of known) assert.ok(readPreparation(changed(path, set(word))), `${path.join('.')} ${word}`);
    for (const word of ['', 'other'])
      assert.throws(() => readPreparation(changed(path, set(word))), /one of/, `${path.join('.')} ${word}`);
  }
});

test('what is wrong is said with the way to it', () => {
  const says = (path: readonly (string | number)[], value: Json, what: string): void =>
    assert.deepEqual(
      refusal(() => readPreparation(changed(path, set(value)))),
      damaged(what),
      what,
    );
  says(['version'], 2, 'version 2 instead of 1');
  says(['version'], 'x'.repeat(50), `version ${'x'.repeat(20)} instead of 1`);
  says(['extra'], 1, 'extra: unknown key');
  says(['y'.repeat(50)], 1, `${'y'.repeat(40)}: unknown key`);
  says(['decimal'], '.', 'decimal: one of , is expected');
  says(['inputs'], {}, 'inputs: a list is expected');
  says(['inputs', 1], 5, 'inputs: 1: type: unknown');
  says(['inputs', 1, 'type'], 'text', 'inputs: 1: type: unknown');
  says(['inputs', 0, 'name'], 5, 'inputs: 0: name: text is expected');
  says(['inputs', 0, 'indicator'], 0, 'inputs: 0: indicator: true or false is expected');
  says(['inputs', 0, 'features', 1, 'index'], -1, 'inputs: 0: features: 1: index: a whole number is expected');
  says(['inputs', 0, 'features', 1, 'fill'], 'x', 'inputs: 0: features: 1: fill: a number is expected');
  says(['inputs', 0, 'features', 0, 'bounds'], 1, 'inputs: 0: features: 0: bounds: an object is expected');
  says(['inputs', 2, 'shape'], [1, 1], 'inputs: 2: shape: a list is expected');
  says(['inputs', 2, 'source', 0], 0, 'inputs: 2: source: 0: a size is expected');
  says(['inputs', 2, 'source', 1], 1_000_001, 'inputs: 2: source: 1: a size is expected');
  says(['inputs', 2, 'resize'], 'zoom', 'inputs: 2: resize: one of stretch, fit, crop is expected');
  const divisor = ['inputs', 2, 'scalings', 0, 'divisor'];
  says(divisor, 0, 'inputs: 2: scalings: 0: divisor: a divisor is zero');
  says(divisor, null, 'inputs: 2: scalings: 0: divisor: a number is expected');
  says(['tasks', 2, 'target', 'unit', 1], 0, 'tasks: 2: target: unit: 1: a divisor is zero');
  says(['tasks', 0, 'when'], 'x', 'tasks: 0: when: an object is expected');
  says(['missingTokens'], ['a', 1], 'missingTokens: 0: a pair is expected');
  says(['missingTokens'], [['a', ['b'], 'c']], 'missingTokens: 0: a pair is expected');
  says(['missingTokens'], [[1, ['b']]], 'missingTokens: 0: 0: text is expected');
  says(['missingTokens'], [['a', ['b', 2]]], 'missingTokens: 0: 1: 1: text is expected');
});

test('numbers must be finite, and keys the object’s own', () => {
  for (const value of [NaN, Infinity])
    assert.throws(
      () => readPreparation(changed(['inputs', 0, 'features', 0, 'fill'], set(value))),
      /fill: a number is expected/,
    );
  const inherited = Object.create({ ...whole }) as object;
  assert.throws(() => readPreparation(Object.assign(inherited, { version: 1 })), /missingTokens: a list is expected/);
  for (const value of [null, [], [1], 'x', 5, undefined])
    assert.throws(() => readPreparation(value), /version undefined instead of 1/);
});

test('in Chinese it is said in Chinese where it is damaged', () => {
  const told = (value: Json): string => {
    try {
      readPreparation(value);
    } catch (error) {
      if (error instanceof DataError) return error.text.zh;
    }
    return assert.fail('it was read');
  };
  const around = (what: string): string =>
    `此模型的 preprocessing.json 已损坏（${what}）。请重新训练模型，或重新复制其文件夹。`;
  assert.equal(told({ ...whole, version: 2 }), around('版本为 2，应为 1'));
  assert.equal(told({ ...whole, inputs: 1 }), around('inputs：应为列表'));
  assert.equal(told({ ...whole, extra: 1 }), around('extra：未知的键'));
  assert.equal(told({ ...whole, decimal: ';' }), around('decimal：应为下列之一：,'));
});
