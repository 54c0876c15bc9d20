/** What may be written at a place: labels, what they insert, what they replace, and which come first. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completionsAt, parseTree, readSpec } from '../../../../src/spec/index.ts';
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
  assert.equal(dense['units'], '"units": ${1:32}');
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
  // In quotes, too, as long as no colon follows; behind one there is a member already.
  assert.equal(inserts('{ "training": { "|" "seed": 1 } }')['epochs'], '"epochs": ${1:50},');
  assert.equal(inserts('{ "training": { "|" } }')['epochs'], '"epochs": ${1:50}');
  assert.equal(inserts('{ "training": { "|": 1, "seed": 1 } }')['epochs'], '"epochs"');
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
  assert.equal(layers['dense'], '{ "type": "dense", "units": ${1:32} }');
  assert.equal(layers['conv2d'], '{ "type": "conv2d", "filters": ${1:32}, "kernelSize": ${2:3} }');
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
      // No task reads itself, and no list the same thing twice.
      { ...(input.includes('trunk') ? {} : { trunk: '"trunk"' }), x$1: '"x\\$1"', 'task:t}': '"task:t\\}"' },
      input,
    );
  assert.deepEqual(
    at(spec('|')).map(({ kind }) => kind),
    ['name', 'name', 'name'],
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
  assert.deepEqual(labels('{ "network": { "|": {} } }'), []);
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
    '{ } |',
    '{ // remark|\n }',
    '{ /* | */ }',
    '{ "training": { "epochs"| } }',
    '{ "training": { "epochs" | } }',

    '{ "nothing": { | } }',
    '{ "nothing": "|" }',
    '{ "training": [ | ] }',
    '{ "data": { "source": "a.csv" }| }',
  ])
    assert.ok(labels(marked).length === 0 || marked.endsWith('| }'), `${marked}: ${labels(marked).join()}`);
  const offered = labels(block('"layers": [|]'));
  for (const later of ['lstm', 'gru', 'residual']) assert.ok(!offered.includes(later), later);
  assert.ok(labels('{ | }').includes('experiment'));
});

test('an empty text is offered a whole spec, whose names are typed once', () => {
  for (const marked of ['|', '// remark\n|', '\n|\n', '{|', 'sp|']) {
    if (marked === '{|') continue;
    const [whole, ...rest] = at(marked, ['a', 'b,c']);
    assert.deepEqual([whole?.kind, whole?.label, whole?.preferred, rest.length], ['snippet', '{ … }', true, 0], marked);
    // What is left of the places when nothing is typed into them is a spec.
    const typed = (whole?.insert ?? '')
      .replace(
        /\$\{(\d+):([^}]*)\}|\$\{(\d+)\|("a"),[^}]*\}/g,
        (_, n: string, held: string, _m, first: string | undefined) => (first === undefined ? `${held}<${n}>` : first),
      )
      .replace(/\$1\b/, 'a.csv');
    const held = new Map([...typed.matchAll(/([a-z0-9]+)<(\d+)>/g)].map(([, name = '', n = '']) => [n, name]));
    const text = typed.replace(/<\d+>/g, '').replace(/\$(\d+)/g, (_, n: string) => held.get(n) ?? assert.fail(n));
    const { spec, problems } = readSpec(text);
    assert.deepEqual(problems, [], text);
    assert.deepEqual([...(spec?.tasks.keys() ?? [])], ['task1', 'task2']);
    assert.deepEqual([...(spec?.weights.keys() ?? [])], ['task1', 'task2']);
  }
  assert.match(at('|', ['a', 'b,c'])[0]?.insert ?? '', /\$\{\d+\|"a","b\\,c"\|\}/);
});

test('tasks, blocks and inputs to give a name, with the names and columns that they may read', () => {
  const spec = (network: string, tasks: string): string =>
    `{ "data": { "inputs": { "x": {} } }, "network": { ${network} }, "tasks": { ${tasks} } }`;
  const tasks = inserts(spec('"trunk": {}', '|'), ['a', 'b']);
  assert.equal(
    tasks['classification'],
    '"${1:name}": { "type": "classification", "target": ${2|"a","b"|}, "input": ${3|"trunk","x"|} }',
  );
  assert.ok(tasks['regression'] !== undefined && tasks['box'] !== undefined && !('translation' in tasks));
  // What has been typed is the name.
  const [typed] = at(spec('', '"spe|"'));
  assert.match(typed?.insert ?? '', /^"\$\{1:spe\}": \{ "type"/);
  assert.equal(typed?.filter, 'spe');
  assert.deepEqual(at(spec('|', '')).map(({ kind, insert }) => [kind, insert]), [
    ['snippet', '"${1:name}": { "input": ${2:"x"}, "layers": [{ "type": "dense", "units": ${3:32} }] }'],
  ]); // prettier-ignore
  const inputs = inserts('{ "data": { "inputs": { | } } }', ['a', 'b']);
  assert.equal(inputs['number'], '"${1:name}": { "type": "number", "from": ${2|"a","b"|} }');
});

test('strategies to observe, what may be monitored, and files', () => {
  const spec = (rest: string): string =>
    `{ "tasks": { "a/b": { "type": "regression" }, "c": { "type": "classification", "metrics": ["rocAuc"] } }, ${rest} }`;
  const observed = labels(spec('"strategy": { "name": "static", "observe": ["|"] }'));
  assert.ok(observed.includes('pcgrad') && !observed.includes('famo') && !observed.includes('moco'), observed.join());
  assert.deepEqual(
    labels(spec('"strategy": { "name": "static", "observe": ["pcgrad", "|"] }')).includes('pcgrad'),
    false,
  );
  const monitors = labels(spec('"training": { "earlyStopping": { "monitor": "|" } }'));
  assert.deepEqual(monitors.slice(0, 3), ['validation/skill', 'validation/total', 'validation/a~1b/loss']);
  assert.deepEqual(monitors.slice(-2), ['validation/c/loss', 'validation/c/rocAuc']);
  assert.deepEqual(labels(spec('"training": { "schedule": { "name": "plateau", "monitor": | } }')), monitors);
  const source = '{ "data": { "source": "|" } }';
  const files = { files: ['a.csv', 'more/b.npz'] };
  const found = completionsAt(source.replace('|', ''), parseTree(source.replace('|', '')).tree, 23, files);
  assert.deepEqual(found.map(({ kind, insert }) => [kind, insert]), [['file', '"a.csv"'], ['file', '"more/b.npz"']]); // prettier-ignore
});

test('a text that does not parse is completed all the same, with the comma that was forgotten', () => {
  // An open quote, an open brace, a word without quotes, a missing value.
  for (const marked of [
    '{ "training": { "conventions": "t|',
    '{ "training": { "conventions": t| } }',
    '{ "training": { "conventions": "|, "seed": 1 } }',
    '{ "training": { "seed": , "conventions": |',
  ]) {
    assert.deepEqual(labels(marked), ['tf', 'pytorch'], marked);
  }
  const [open] = at('{ "training": { "conventions": "t|, "seed": 1 } }');
  assert.deepEqual(open?.range, { start: 31, end: 33 });
  const [word] = at('{ "training": { epo| } }').filter(({ label }) => label === 'epochs');
  assert.deepEqual([word?.range, word?.insert], [{ start: 16, end: 19 }, '"epochs": ${1:50}']);
  const [key] = at('{ "training": { "seed": 1 | "steps": 2 } }').filter(({ label }) => label === 'batchSize');
  assert.deepEqual([key?.before, key?.insert], [{ start: 25, end: 25, text: ',' }, '"batchSize": ${1:32},']);
  const [item] = at('{ "tasks": { "t": { "type": "box", "target": ["a" "|"] } } }', ['a', 'b']);
  assert.deepEqual([item?.before, item?.label], [{ start: 49, end: 49, text: ',' }, 'b']);
  // Far behind a mistake, and in a spec that is not one.
  assert.ok(labels('{ "data": nonsense, "network": [,], "tasks": { "t": { "type": "|').includes('regression'));
  assert.deepEqual(
    labels('{ "data": { "source": "x.csv" }, "tasks": { "t": { "type": "regression", "target": "|"} }\n}'),
    [],
  );
  assert.deepEqual(
    at('{ "tasks": { "t": { "type": "regression", "target": "|"} }\n}', ['y']).map(({ label }) => label),
    ['y'],
  );
});
