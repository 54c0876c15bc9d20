// The network as a graph: cycles by their path, and what nothing reads by the end of its chain.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { planText, specText, squiggles, type Reading } from '../helpers.ts';

const task = (input: unknown, target = 'mass'): object => ({ type: 'regression', target, input });
const block = (input: unknown): object => ({ input, layers: [{ type: 'dense', units: 4 }] });
const inputs = (...names: string[]): object => ({
  source: 'table.csv',
  inputs: Object.fromEntries(names.map((name) => [name, { type: 'number', from: [`column of ${name}`] }])),
});
const read = (network: object, tasks: object, data: object = inputs('x')): Reading =>
  planText(specText({ network, tasks, data, weights: {} }));
const told = ({ problems }: Reading): string[] => problems.map(({ code, pointer }) => `${code} ${pointer}`);
const texts = ({ problems }: Reading): readonly [string, string] => [
  problems[0]?.message.en ?? '',
  problems[0]?.message.zh ?? '',
];

describe('a cycle', () => {
  test('of blocks is told at the input that closes it, by its path', () => {
    const reading = read({ a: block(['x', 'c']), b: block('a'), c: block(['x', 'b']) }, { t: task('c') });
    assert.deepEqual(told(reading), ['cycle /network/b/input']);
    for (const text of texts(reading)) assert.match(text, /[:：] ?a → c → b → a[ （]/);
    const list = read({ a: block(['x', 'b']), b: block(['x', 'a']) }, { t: task('b') });
    assert.deepEqual(told(list), ['cycle /network/b/input/1']);
    assert.deepEqual(squiggles(list), [['cycle', '"a"']]);
  });

  test('of tasks is told at theirs', () => {
    const tasks = { s: task(['x', 'task:t'], 'kind'), t: task(['x', 'task:s']) };
    const reading = read({ a: block('x') }, { ...tasks, u: task('a', 'id') });
    assert.deepEqual(told(reading), ['cycle /tasks/t/input/1']);
    for (const text of texts(reading)) assert.match(text, /task:s → task:t → task:s/);
  });

  test('hides what may only look unused', () => {
    assert.deepEqual(told(read({ a: block('a'), idle: block('x') }, { t: task('a') })), ['cycle /network/a/input']);
    const slip = read({ a: block('x'), idle: block('x') }, { t: task('zzzzzz') });
    assert.deepEqual(told(slip), ['unknown-name /tasks/t/input']);
    const prediction = read({ a: block(['x', 'task:t']), idle: block('x') }, { t: task('a') });
    assert.deepEqual(told(prediction), ['task-in-block /network/a/input/1']);
  });
});

describe('what nothing reads', () => {
  test('a block, with the blocks and inputs that only it reads', () => {
    const network = { a: block('x'), one: block(['a', 'y']), two: block('one'), end: block(['two', 'z', 'x']) };
    const reading = read(network, { t: task('a') }, inputs('x', 'y', 'z'));
    assert.deepEqual(told(reading), ['unused-block /network/end']);
    assert.equal(reading.problems[0]?.severity, 'warning');
    assert.deepEqual(squiggles(reading), [['unused-block', '"end"']]);
    const [en, zh] = texts(reading);
    const [, fed = ''] =
      /^No task reads block "end", nor what only it reads \((.*)\): it is not trained/.exec(en) ?? [];
    assert.deepEqual(fed.split(', ').sort(), ['"one"', '"two"', '"y"', '"z"']);
    assert.match(zh, /没有任务读取模块 “end”，以及仅被它读取的 /);
    // What two of them read is named once, and what stands beside it as well.
    const shared = { a: block('x'), one: block(['y', 'v']), two: block(['y', 'z']), end: block(['one', 'two', 'w']) };
    const [words] = texts(read(shared, { t: task('a') }, inputs('x', 'y', 'v', 'z', 'w')));
    const [, named = ''] = /what only it reads \((.*)\):/.exec(words) ?? [];
    assert.deepEqual(named.split(', ').sort(), ['"one"', '"two"', '"v"', '"w"', '"y"', '"z"']);
  });

  test('a block alone says nothing of others; two ends are two', () => {
    const reading = read({ a: block('x'), end: block('a'), other: block('x') }, { t: task('a') });
    assert.deepEqual(told(reading), ['unused-block /network/end', 'unused-block /network/other']);
    assert.match(texts(reading)[0], /^No task reads block "end": it is not trained/);
    assert.match(texts(reading)[1], /^没有任务读取模块 “end”：它不会被训练/);
  });

  test('an input that no block and no task reads; one that an idle block reads is told with that block', () => {
    const reading = read({ a: block('x') }, { t: task('a') }, inputs('x', 'y'));
    assert.deepEqual(told(reading), ['unused-input /data/inputs/y']);
    assert.deepEqual(squiggles(reading), [['unused-input', '"y"']]);
    for (const text of texts(reading)) assert.match(text, /["“]y["”]/);
    assert.equal(reading.problems[0]?.severity, 'warning');
    const fed = read({ a: block('x'), end: block('y') }, { t: task('a') }, inputs('x', 'y'));
    assert.deepEqual(told(fed), ['unused-block /network/end']);
    assert.deepEqual(told(read({ a: block('x') }, { t: task(['a', 'y']) }, inputs('x', 'y'))), []);
    const two = read({ a: block('x'), end: block('y') }, { t: task('a') }, inputs('x', 'y', 'z'));
    assert.deepEqual(told(two), ['unused-input /data/inputs/z', 'unused-block /network/end']);
  });
});
