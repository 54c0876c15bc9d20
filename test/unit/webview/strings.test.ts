// Every word and sentence of the pages, in both languages.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EngineRecord } from '../../../src/runs/events.ts';
import { stringsFor as diagramStrings } from '../../../webview/diagram/strings.ts';
import { stringsFor as experimentStrings } from '../../../webview/experiment/language.ts';
import { engineChip, engineText } from '../../../webview/losses/engine.ts';
import { averages, stringsFor as lossStrings } from '../../../webview/losses/strings.ts';

type Say = (...parts: readonly unknown[]) => string;
const isSay = (value: unknown): value is Say => typeof value === 'function';

/** Every text of a table by its path; what is made of parts is made of parts that are known again. */
function textsOf(table: object, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(table) as [string, unknown][]) {
    if (typeof value === 'object' && value !== null)
      for (const [key, text] of textsOf(value, `${path}${name}.`)) found.set(key, text);
    else found.set(`${path}${name}`, isSay(value) ? value('⟨0⟩', '⟨1⟩', '⟨2⟩', '⟨3⟩') : String(value));
  }
  return found;
}
/** How many parts each sentence is made of, by the language's own declaration. */
function partsOf(table: object): Map<string, number> {
  return new Map(
    Object.entries(table).flatMap(([name, value]: [string, unknown]) => (isSay(value) ? [[name, value.length]] : [])),
  );
}

/** Made of their parts alone, and the name of the language. */
const wordless = new Set([
  'preparing',
  'language',
  'separator',
  'comma',
  'space',
  'axis',
  'point',
  'sentences.ofArm',
  'sentences.ofTask',
]);

for (const [page, stringsFor] of [
  ['diagram', diagramStrings],
  ['losses', lossStrings],
  ['experiment', experimentStrings],
] as const) {
  describe(page, () => {
    const [en, zh] = [stringsFor('en'), stringsFor('zh-cn')];

    test('both languages say the same things, and nothing is empty', () => {
      const [english, chinese] = [textsOf(en), textsOf(zh)];
      assert.deepEqual([...chinese.keys()].sort(), [...english.keys()].sort());
      for (const [key, text] of english) {
        const other = chinese.get(key) ?? '';
        assert.doesNotMatch(`${text}${other}`, /undefined/, key);
        if (wordless.has(key)) continue;
        assert.match(text, /[A-Za-z]/, key);
        assert.doesNotMatch(text, /[\u4e00-\u9fff]/u, key);
        assert.match(other, /[\u4e00-\u9fff]/u, key);
      }
    });

    test('every part of a sentence stands in it, once', () => {
      const english = partsOf(en);
      assert.deepEqual(partsOf(zh), english);
      for (const [locale, table] of [
        ['en', en],
        ['zh-cn', zh],
      ] as const) {
        // prettier-ignore
        const texts = textsOf(table);
        for (const [name, count] of english) {
          for (let part = 0; part < count; part++)
            assert.equal(texts.get(name)?.split(`⟨${String(part)}⟩`).length, 2, `${locale} ${name} ${String(part)}`);
        }
      }
    });
  });
}

test('the language is that of the page', () => {
  assert.deepEqual([lossStrings('en').heading, lossStrings('zh-cn').heading], ['Losses', '损失']);
  assert.deepEqual(
    [diagramStrings('en').heading, diagramStrings('zh-cn').heading],
    ['Task mapping diagram', '任务映射图'],
  );
});

test('tabs and averages stand in their order, each with its word', () => {
  assert.deepEqual(averages, ['1', '10', '100', 'all']);
  for (const locale of ['en', 'zh-cn'] as const) {
    const strings = lossStrings(locale);
    assert.deepEqual(Object.keys(strings.tabs), ['losses', 'weights', 'conflict', 'norms', 'affinity']);
    assert.deepEqual(Object.keys(strings.averages).sort(), [...averages].sort());
    for (const average of ['1', '10', '100'] as const) {
      if (average !== '1') assert.ok(strings.averages[average].includes(average));
    }
    const { states } = strings;
    assert.equal(new Set(Object.values(states)).size, 9);
  }
});

test('the place of a record: its step, epoch and number of all', () => {
  assert.equal(lossStrings('en').stepText(7, '0.5', 3, 9), 'Step 7 · epoch 0.5 · record 3 of 9');
  assert.equal(lossStrings('zh-cn').stepText(7, '0.5', 3, 9), '第 7 步 · 第 0.5 轮 · 第 3 / 9 条记录');
  assert.equal(lossStrings('zh-cn').progress(2, 5), '第 2 / 5 轮');
});

test('the engine in one line: what is not known is left out', () => {
  const strings = lossStrings('en');
  const engine: EngineRecord = { name: 'native', device: 'gpu', detail: 'why', graph: true, threads: 1, deterministic: true }; // prettier-ignore
  assert.equal(engineText(strings, engine), 'Engine: native · gpu · captured graph · why');
  assert.equal(engineText(strings, { ...engine, graph: false, detail: '' }), 'Engine: native · gpu · eager');
});

test('what the engine says of itself is in the language of the page; a run of an earlier version has English alone', () => {
  const [en, zh] = [lossStrings('en'), lossStrings('zh-cn')];
  const engine: EngineRecord = { name: 'wasm', device: 'cpu', detail: 'why', zh: '原因', graph: false, threads: 1, deterministic: true }; // prettier-ignore
  assert.match(engineText(en, engine), / · why$/);
  assert.match(engineText(zh, engine), / · 原因$/);
  assert.equal(engineChip(engine), 'wasm · cpu');
  const { zh: _, ...earlier } = engine;
  assert.match(engineText(zh, earlier), / · why$/);
});
