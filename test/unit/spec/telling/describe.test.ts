/** What a place of a spec means: the key first, then the entry of a table that its value chooses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe, parseTree } from '../../../../src/spec/index.ts';
import type { Token } from '../../../../src/spec/editing/pointer.ts';
import { choice, number, object } from '../../../../src/spec/schema/build.ts';
import { descriptionOf, hoverText } from '../../../../src/spec/telling/describe.ts';

const { tree } = parseTree(`{
  "network": { "trunk": { "layers": [{ "type": "dense", "units": 8 }, "flatten", { "type": "nothing" }, {}] } },
  "training": { "optimizer": "adam" },
  "strategy": { "name": "gradnorm" },
  "tasks": { "t": { "type": "box" } }
}`);
/** Titles of entries, and the texts of keys. */
const shown = (...path: readonly Token[]): readonly string[] =>
  describe(tree, path).map(({ title, text }) => title?.en ?? text.en);

test('a value that chooses an entry is told by its key and by the entry, a plain value by its key', () => {
  const layer = 'One layer: `type` and the arguments of tf.layers.';
  const layers = ['network', 'trunk', 'layers'];
  assert.deepEqual(shown(...layers, 0), [layer, 'Fully connected layer']);
  assert.deepEqual(shown(...layers, 1), [layer, 'Flatten']);
  for (const index of [2, 3]) assert.deepEqual(shown(...layers, index), [layer]);
  assert.deepEqual(shown('training', 'optimizer'), ['How gradients become steps: a name or `{name, …}`.', 'Adam']);
  assert.deepEqual(shown('tasks', 't'), ['One task.', 'One box']);
  assert.deepEqual(shown('training', 'batchSize'), ['Rows in a batch.']);
});

test('the key that tells an entry from others is told by the entry alone', () => {
  assert.deepEqual(shown('network', 'trunk', 'layers', 0, 'type'), ['Fully connected layer']);
  assert.deepEqual(shown('training', 'optimizer', 'name'), ['Adam']);
  assert.deepEqual(shown('strategy', 'name'), ['GradNorm']);
  assert.deepEqual(shown('tasks', 't', 'type'), ['One box']);
  for (const index of [2, 3]) assert.deepEqual(shown('network', 'trunk', 'layers', index, 'type'), [], String(index));
});

test('the whole spec and places that the language does not have are told by nothing', () => {
  assert.deepEqual(shown(), []);
  for (const path of [['nothing'], ['training', 'nothing'], ['training', 'optimizer', 'nothing', 0]])
    assert.deepEqual(shown(...path), [], path.join('/'));
  assert.deepEqual(
    describe(undefined, ['training', 'batchSize']).map(({ text }) => text.en),
    ['Rows in a batch.'],
  );
});

test('a key that has an effect only beside others says so, in both languages', () => {
  const [layer] = describe(tree, ['strategy', 'layer']);
  assert.equal(layer?.text.en, 'Block whose last layer gives the norms. Only with `measured: "layer"`.');
  assert.equal(layer.text.zh, '取其末层梯度范数的模块。仅用于 `measured: "layer"`。');
  const several = number('Rate.', '率。', { onlyWhen: { key: 'kind', is: ['a', 2, true] } });
  assert.equal(descriptionOf(several).text.en, 'Rate. Only with `kind: "a"` / `kind: 2` / `kind: true`.');
  assert.equal(descriptionOf(several).text.zh, '率。仅用于 `kind: "a"` / `kind: 2` / `kind: true`。');
});

test('without a Chinese text the English one stands, a description without text has none', () => {
  assert.deepEqual(descriptionOf(number('Rate.', '')).text, { en: 'Rate.', zh: 'Rate.' });
  assert.deepEqual(descriptionOf({}).text, { en: '', zh: '' });
  const bare = descriptionOf(object({}, 'x', '中'));
  for (const key of ['title', 'fallback', 'formula', 'source']) assert.ok(!(key in bare), key);
  assert.deepEqual([bare.facts, bare.available], [[], true]);
});

test('several descriptions are parted by a line, their parts by an empty one', () => {
  const words = choice(['a', 'b'], 'Kind.', '种类。', { fallback: 'a' });
  const rate = number('Rate.', '率。');
  const [one, two] = [descriptionOf(words), descriptionOf(rate)];
  assert.equal(
    hoverText([one, two], 'en'),
    `Kind.\n\nValues: ${one.values.en}\n\nDefault: \`"a"\`\n\n---\n\nRate.\n\nValues: ${two.values.en}`,
  );
  assert.equal(hoverText([one], 'zh'), `种类。\n\n取值：${one.values.zh}\n\n默认：\`"a"\``);
  assert.equal(hoverText([], 'en'), '');
});
