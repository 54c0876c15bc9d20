// Chinese as it is printed: full-width punctuation in every text for people, and one word for one thing.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { corrected, fullWidth } from '../../scripts/lib/chinese.ts';
import { root } from '../../scripts/lib/process.mjs';
import { projectFiles } from './project-files.ts';

const files = projectFiles();
const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');

/** Lines of a page outside code, cell by cell; a table's bars inside code are no borders. */
function cellsOf(page: string): string[] {
  const outside = page.replace(/^```[\s\S]*?^```/gm, '');
  return outside.split('\n').flatMap((line) => line.split(/\s*(?<!\\)\|\s*(?=(?:[^`]*`[^`]*`)*[^`]*$)/));
}

describe('Chinese punctuation', () => {
  test('is full-width in sentences, half-width in code, formulas and between Latin words', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['数值不变,形状改变.', '数值不变，形状改变.'],
      ['预测正确的比例(准确率)。', '预测正确的比例（准确率）。'],
      ['损失 L(0) 为第一步的损失', '损失 L(0) 为第一步的损失'],
      ['`balanced`(n / (K · n_c);没有的类别报错)', '`balanced`（n / (K · n_c)；没有的类别报错）'],
      ['窗口大小 `[高, 宽]`,或一个数', '窗口大小 `[高, 宽]`，或一个数'],
      ['“,”按小数点读取', '“,”按小数点读取'],
      ['重新加载（“modprobe -r a; modprobe a”）', '重新加载（“modprobe -r a; modprobe a”）'],
      ['拼接 g([u; f(x)]) 之后,相加', '拼接 g([u; f(x)]) 之后，相加'],
      ['"{0}"已就绪:TensorFlow {0},{1}', '"{0}"已就绪：TensorFlow {0}，{1}'],
      ['在哪些数据上评估 {0}?', '在哪些数据上评估 {0}？'],
      ['文章的 CNN,34 万参数', '文章的 CNN，34 万参数'],
      ['未使用 GPU:{0}。', '未使用 GPU：{0}。'],
      ['Only English, (nothing else): fine; yes?', 'Only English, (nothing else): fine; yes?'],
    ];
    for (const [written, printed] of cases) {
      assert.equal(fullWidth(written), printed);
      assert.equal(fullWidth(printed), printed, 'twice is once');
    }
  });

  test('in the code', () => {
    const wrong = files
      .filter((file) => /^(src|webview)\/.*\.ts$/.test(file))
      .filter((file) => corrected(file, read(file)) !== read(file));
    assert.deepEqual(wrong, []);
  });

  test('in the texts of the editor', () => {
    for (const file of ['l10n/bundle.l10n.zh-cn.json', 'package.nls.zh-cn.json']) {
      for (const text of Object.values(JSON.parse(read(file)) as Record<string, string>))
        assert.equal(fullWidth(text), text);
    }
  });

  for (const page of files.filter((file) => file.endsWith('.zh-CN.md'))) {
    test(`in ${page}`, () => {
      for (const cell of cellsOf(read(page))) assert.equal(fullWidth(cell), cell);
    });
  }

  test('a spec is 实验描述文件 everywhere', () => {
    const named = files.filter((file) => /^(src|webview|l10n|docs|examples)\/|^(README|package\.nls)/.test(file));
    assert.deepEqual(
      named.filter((file) => /\.(ts|md|json)$/.test(file) && read(file).includes('规格')),
      [],
    );
  });
});
