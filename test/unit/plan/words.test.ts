import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grouped, words } from '../../../src/plan/words.ts';

test('thousands stand apart', () => {
  const numbers = [0, 12, 999, 1000, 270_450, 1_234_567, 1_000_000_000];
  assert.deepEqual(numbers.map(grouped), ['0', '12', '999', '1,000', '270,450', '1,234,567', '1,000,000,000']);
});

test('a picture without a name is called by what it is', () => {
  assert.deepEqual([words.en.title(''), words.en.title('x')], ['Task mapping', 'Task mapping of x']);
  assert.deepEqual([words['zh-cn'].title(''), words['zh-cn'].title('x')], ['任务映射', 'x 的任务映射']);
});

test('one is an input, two are inputs', () => {
  const { description } = words.en;
  assert.equal(description(1, 0, 1, ['a']), '1 input, 1 block of which 0 shared, 1 task (a)');
  assert.equal(description(2, 1, 3, ['a', 'b']), '2 inputs, 3 blocks of which 1 shared, 2 tasks (a, b)');
  assert.equal(description(0, 0, 0, []), '0 inputs, 0 blocks of which 0 shared, 0 tasks ()');
  const chinese = words['zh-cn'].description(2, 1, 3, ['a', 'b']);
  assert.equal(chinese, '2 个输入、3 个模块（其中 1 个共享）、2 个任务（a、b）');
});

test('every part of a mechanism has its own word in both languages, which names whose it is', () => {
  for (const locale of ['en', 'zh-cn'] as const) {
    const { expert, gate, column, stitch, branch, trunk, convolution, mask } = words[locale];
    const all = [expert, gate, column, stitch, branch, trunk, convolution, mask].map((say) => say('kind'));
    assert.equal(new Set(all).size, all.length);
    for (const each of all) assert.match(each, /kind/);
    assert.match(words[locale].among(7), /softmax.*7|7.*softmax/);
    assert.match(words[locale].more(7), /7/);
    assert.match(words[locale].parameters('1,000'), /^1,000 /);
  }
  assert.equal(words.en.selects(2, 7), 'selects 2 of 7 experts');
  assert.equal(words['zh-cn'].selects(2, 7), '从 7 个专家中选 2 个');
});
