/** What may be written at a place: labels, what they insert, what they replace, and which come first. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completionsAt, parseTree } from '../../../../src/spec/index.ts';
import type { Completion } from '../../../../src/spec/telling/complete.ts';

/** At `|` of a text. */
function at(marked: string, columns?: readonly string[]): readonly Completion[] {
  const offset = marked.indexOf('|');
  const source = marked.replace('|', '');
  return completionsAt(source, parseTree(source).tree, offset, columns === undefined ? undefined : { columns });
}
const inserts = (marked: string, columns?: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(at(marked, columns).map(({ label, insert }) => [label, insert]));
const preferred = (marked: string): readonly string[] =>
  at(marked)
    .filter((one) => one.preferred)
    .map(({ label }) => label);
const labels = (marked: string): readonly string[] => at(marked).map(({ label }) => label);

const block = (members: string): string => `{ "network": { "a": { ${members} } } }`;
const layer = (members: string): string => block(`"layers": [{ ${members} }]`);
const task = (members: string): string => `{ "tasks": { "t": { ${members} } } }`;

test('a key comes with a value to type over', () => {
  const training = inserts('{ "training": { | } }');
  assert.equal(training['epochs'], '"epochs": ${1:50}');
  assert.equal(training['learningRate'], '"learningRate": ${1:0.001}');
  assert.equal(training['optimizer'], '"optimizer": ${1:"adam"}');
  assert.equal(training['conventions'], '"conventions": ${1:"tf"}');
  assert.equal(training['earlyStopping'], '"earlyStopping": { $1 }');
  assert.equal(training['clipNorm'], '"clipNorm": $1');
  const dense = inserts(layer('"type": "dense", |'));
  assert.equal(dense['units'], '"units": $1');
  assert.equal(dense['useBias'], '"useBias": ${1:true}');
  assert.equal(dense['kernelInitializer'], '"kernelInitializer": ${1:"glorotUniform"}');
  assert.equal(dense['name'], '"name": "$1"');
  assert.equal(dense['regularization'], '"regularization": { $1 }');
  const first = inserts('{ | }');
  assert.equal(first['data'], '"data": { $1 }');
  assert.equal(first['tasks'], '"tasks": { $1 }');
  assert.equal(first['name'], '"name": "$1"');
  assert.equal(first['strategy'], '"strategy": ${1:"static"}');
  assert.equal(inserts(block('|'))['input'], '"input": "$1"');
  assert.equal(inserts(block('|'))['layers'], '"layers": [$1]');
  assert.equal(inserts(block('|'))['sharing'], '"sharing": ${1:"hard"}');
});

test('keys that must be there come first', () => {
  assert.deepEqual(preferred('{ | }'), ['data', 'network', 'tasks']);
  assert.deepEqual(preferred(layer('"type": "conv2d", |')), ['filters', 'kernelSize']);
  assert.deepEqual(preferred(layer('"type": "conv2d", "filters": 3, |')), ['kernelSize']);
  assert.deepEqual(preferred('{ "training": { | } }'), []);
});

test('a comma is put where another member follows, and nowhere else', () => {
  const comma = (marked: string): boolean => /,$/.test(inserts(marked)['epochs'] ?? assert.fail(marked));
  assert.equal(comma('{ "training": { | "seed": 1 } }'), true);
  assert.equal(comma('{ "training": { |\n // remark\n "seed": 1 } }'), true);
  assert.equal(comma('{ "training": { "seed": 1, | } }'), false);
  assert.equal(comma('{ "training": { |, "seed": 1 } }'), false);
  // In quotes there is a member already.
  assert.equal(inserts('{ "training": { "|" "seed": 1 } }')['epochs'], '"epochs"');
});

test('a key that is typed is replaced, quotes and all, and may be written again', () => {
  const source = '{ "training": { "seed": 1, "epo|": 3 } }';
  const [epochs] = at(source).filter(({ label }) => label === 'epochs');
  assert.deepEqual(epochs?.range, { start: 27, end: 32 });
  assert.deepEqual([epochs.kind, epochs.insert], ['key', '"epochs"']);
  const typed = labels('{ "training": { "seed": 1, "epochs|": 3 } }');
  assert.ok(typed.includes('epochs') && !typed.includes('seed') && typed.includes('steps'));
  // At any depth the keys of the object that it stands in.
  assert.ok(labels('{ "trai|": 1 }').includes('training'));
  assert.ok(labels(layer('"type": "dense", "un|": 3')).includes('units'));
  const [gap] = at('{ "training": { | } }');
  assert.deepEqual(gap?.range, { start: 16, end: 16 });
  assert.notEqual(gap.description?.text.en ?? '', '');
});

test('an object whose form is open is offered what tells it apart', () => {
  assert.deepEqual(inserts(task('|')), { type: '"type": "$1"' });
  const [type] = at(task('|'));
  assert.deepEqual([type?.preferred, type?.kind, type?.description?.text.en], [true, 'key', '`type`']);
  assert.match(type?.description?.text.zh ?? '', /\p{Script=Han}/u);
  assert.ok(at(task('|'))[0]?.description?.values.en.startsWith('one of `classification` `'));
  const split = labels('{ "data": { "split": { | } } }');
  for (const key of ['train', 'validation', 'test', 'file', 'column']) assert.ok(split.includes(key), key);
  assert.equal(new Set(split).size, split.length);
  const file = labels('{ "data": { "split": { "file": "s.csv", | } } }');
  assert.ok(!file.includes('train') && !file.includes('file'));
});

test('entries of a table: a word alone, or an object where it needs keys', () => {
  const layers = inserts(block('"layers": [|]'));
  assert.equal(layers['flatten'], '"flatten"');
  assert.equal(layers['dense'], '{ "type": "dense", "units": $1 }');
  assert.equal(layers['conv2d'], '{ "type": "conv2d", "filters": $1, "kernelSize": [$2] }');
  assert.equal(inserts(layer('"type": "|"'))['conv2d'], '"conv2d"');
  assert.equal(inserts(layer('"type": |'))['conv2d'], '"conv2d"');
  const strategies = inserts('{ "strategy": | }');
  assert.equal(strategies['pcgrad'], '"pcgrad"');
  assert.equal(strategies['cr-mogm'], '{ "name": "cr-mogm", "of": { $1 } }');
  assert.ok(!('module' in strategies));
  assert.deepEqual(preferred('{ "strategy": | }'), ['static']);
  assert.deepEqual(preferred('{ "training": { "optimizer": | } }'), ['adam']);
  assert.deepEqual(preferred(task('"type": "regression", "loss": |')), ['mse']);
});

test('words, truth values, fixed values and usual numbers; the default first', () => {
  assert.deepEqual(labels(layer('"type": "dense", "activation": |')).slice(0, 3), ['linear', 'relu', 'relu6']);
  assert.deepEqual(preferred(layer('"type": "dense", "activation": |')), ['linear']);
  assert.deepEqual(inserts(layer('"type": "dense", "useBias": |')), { true: 'true', false: 'false' });
  assert.deepEqual(preferred(layer('"type": "dense", "useBias": |')), ['true']);
  assert.deepEqual(inserts('{ "version": | }'), { 1: '1' });
  assert.deepEqual(inserts('{ "training": { "batchSize": | } }'), { 32: '32' });
  assert.deepEqual(preferred('{ "training": { "batchSize": | } }'), ['32']);
  assert.deepEqual(inserts(layer('"type": "batchNormalization", "momentum": |')), { 0.99: '0.99' });
  assert.deepEqual(labels('{ "name": | }'), []);
  assert.deepEqual(labels(layer('"type": "dense", "units": |')), []);
  // A value that is there is replaced.
  const [word] = at('{ "training": { "conventions": "t|f" } }');
  assert.deepEqual([word?.range.start, word?.range.end, word?.kind], [31, 35, 'value']);
});

test('names and columns, with what a snippet would take for its own escaped', () => {
  const spec = (input: string): string =>
    `{ "data": { "inputs": { "x$1": {} } }, "network": { "trunk": {} }, "tasks": { "t}": {}, "u": { "type": "box", "input": ${input} } } }`;
  for (const input of ['|', '"|"', '[|]', '["trunk", |]', '["|"]'])
    assert.deepEqual(
      inserts(spec(input)),
      { trunk: '"trunk"', x$1: '"x\\$1"', 'task:t}': '"task:t\\}"', 'task:u': '"task:u"' },
      input,
    );
  assert.deepEqual(
    at(spec('|')).map(({ kind }) => kind),
    ['name', 'name', 'name', 'name'],
  );
  const from = '{ "data": { "inputs": { "x": { "type": "number", "from": | } } } }';
  assert.deepEqual(
    at(from, ['a', 'b\\']).map(({ kind, insert }) => [kind, insert]),
    [
      ['column', '"a"'],
      ['column', '"b\\\\\\\\"'],
    ],
  );
  assert.deepEqual(labels(from), []);
});

test('weights are completed by the tasks that have none', () => {
  const spec = (weights: string): string => `{ "tasks": { "a": {}, "b$": {}, "c": {} }, "weights": { ${weights} } }`;
  assert.deepEqual(inserts(spec('"a": 1, |')), { b$: '"b\\$": ${1:1}', c: '"c": ${1:1}' });
  assert.deepEqual(inserts(spec('| "a": 1')), { b$: '"b\\$": ${1:1},', c: '"c": ${1:1},' });
  assert.deepEqual(inserts(spec('"a": 1, "|": 2')), { b$: '"b\\$"', c: '"c"' });
  assert.deepEqual(
    at(spec('|')).map(({ kind, preferred: first }) => [kind, first]),
    [
      ['name', true],
      ['name', true],
      ['name', true],
    ],
  );
  // Names that the spec itself defines are nobody's to complete.
  assert.deepEqual(labels('{ "tasks": { "|": {} } }'), []);
  assert.deepEqual(labels('{ "network": { | } }'), []);
});

test('right behind a colon stands a value, elsewhere in an object a key', () => {
  assert.deepEqual(labels('{ "training": { "conventions":| } }'), ['tf', 'pytorch']);
  assert.deepEqual(labels('{ "training": { "conventions" : \n | } }'), ['tf', 'pytorch']);
  assert.deepEqual(labels('{ "training": { "conventions": |, "seed": 1 } }'), ['tf', 'pytorch']);
  assert.ok(labels('{ "training": { "conventions": "tf", | } }').includes('seed'));
  assert.ok(labels('{ "training": { |"conventions": "tf" } }').length > 0);
});

test('nothing is offered where nothing may be written', () => {
  for (const marked of [
    '|{ }',
    '{ }|',
    '{ "nothing": { | } }',
    '{ "nothing": "|" }',
    '{ "training": [ | ] }',
    '{ "data": { "source": "a.csv" }| }',
  ])
    assert.ok(labels(marked).length === 0 || marked.endsWith('| }'), `${marked}: ${labels(marked).join()}`);
  assert.deepEqual(completionsAt('', undefined, 0), []);
  const offered = labels(block('"layers": [|]'));
  for (const later of ['lstm', 'gru', 'residual']) assert.ok(!offered.includes(later), later);
  assert.ok(labels('{ | }').includes('experiment'));
});
