// Names that mean nothing or two things: told once, with every place, the nearest name and what there is.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hintFor } from '../../../../src/plan/problems/names.ts';
import { fixed, planText, specText, squiggles, type Reading } from '../helpers.ts';

const task = (input: unknown, target = 'mass'): object => ({ type: 'regression', target, input });
const trunk = { input: 'measures', layers: [{ type: 'dense', units: 4 }] };
const read = (network: object, tasks: object): Reading => planText(specText({ network, tasks, weights: {} }));
const texts = ({ problems }: Reading): readonly [string, string] => [
  problems[0]?.message.en ?? '',
  problems[0]?.message.zh ?? '',
];

describe('the hint', () => {
  test('asks for the nearest, else lists up to eight, cut at sixty characters', () => {
    assert.equal(hintFor('trunk', ['a']).en, 'Did you mean "trunk"?');
    assert.equal(hintFor('trunk', ['a']).zh, '是否想写 “trunk”？');
    assert.equal(hintFor(undefined, []).en, 'There is none yet.');
    assert.equal(hintFor(undefined, []).zh, '目前还没有可用的名称。');
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
    assert.equal(hintFor(undefined, names.slice(0, 8)).en, 'There are: a, b, c, d, e, f, g, h.');
    assert.equal(hintFor(undefined, names.slice(0, 8)).zh, '可用的有：a、b、c、d、e、f、g、h。');
    assert.equal(hintFor(undefined, names).en, 'There are: a, b, c, d, e, f, g, h, ….');
    assert.equal(hintFor(undefined, names).zh, '可用的有：a、b、c、d、e、f、g、h……。');
    const long = 'x'.repeat(60);
    assert.equal(hintFor(undefined, [long]).en, `There are: ${long}.`);
    assert.equal(hintFor(undefined, [`${long}y`]).en, `There are: ${long}….`);
  });
});

test('an unknown name is one problem at its first place; the fix mends all places', () => {
  const reading = read({ trunk }, { a: task('trunkk'), b: task(['trunkk', 'measures']), c: task('trunkk') });
  assert.deepEqual(squiggles(reading), [['unknown-name', '"trunkk"']]);
  assert.equal(reading.problems[0]?.pointer, '/tasks/a/input');
  const [en, zh] = texts(reading);
  assert.equal(en, 'There is no input or block "trunkk". Did you mean "trunk"? It is also read by "b", "c".');
  assert.match(zh, /没有名为 “trunkk” 的输入或模块。是否想写 “trunk”？此外 “b”、“c” 也读取了它。/);
  const mended = fixed(reading);
  assert.doesNotMatch(mended, /trunkk/);
  assert.deepEqual(planText(mended).problems, []);
  assert.equal(texts(read({ trunk }, { a: task('trunkk') }))[0], 'There is no input or block "trunkk". Did you mean "trunk"?'); // prettier-ignore
});

test('two unknown names are two problems; of one that is like nothing there is a list and no fix', () => {
  const reading = read({ trunk }, { a: task('trunkk'), b: task('measurez') });
  assert.deepEqual(squiggles(reading), [['unknown-name', '"trunkk"'], ['unknown-name', '"measurez"']]); // prettier-ignore
  const strange = read({ trunk }, { a: task('qqqqqqqq') });
  assert.equal(texts(strange)[0], 'There is no input or block "qqqqqqqq". There are: measures, trunk.');
  assert.deepEqual(strange.problems[0]?.fixes, []);
});

test('of an unknown prediction there are predictions alone', () => {
  const reading = read({ trunk }, { a: task('trunk'), b: task(['trunk', 'task:qqqqqqqq'], 'kind') });
  assert.deepEqual(squiggles(reading), [['unknown-task', '"task:qqqqqqqq"']]);
  const [en, zh] = texts(reading);
  assert.equal(en, 'There is no task for "task:qqqqqqqq". There are: task:a, task:b.');
  assert.match(zh, /没有名为 “task:qqqqqqqq” 的任务预测/);
});

test('a block reads no prediction, and shares its name with no input', () => {
  const reading = read({ trunk: { ...trunk, input: ['measures', 'task:a'] } }, { a: task('trunk') });
  assert.deepEqual(squiggles(reading), [['task-in-block', '"task:a"']]);
  for (const text of texts(reading)) assert.match(text, /["“]trunk["”].*["“]task:a["”]/);
  const clash = read({ trunk, measures: { input: 'trunk', layers: [] } }, { a: task('trunk') });
  const found = clash.problems.find(({ code }) => code === 'name-clash');
  assert.equal(found?.pointer, '/network/measures');
  assert.equal(clash.source.slice(found.range.start, found.range.end), '"measures"');
  for (const text of [found.message.en, found.message.zh]) assert.match(text, /["“]measures["”]/);
});
